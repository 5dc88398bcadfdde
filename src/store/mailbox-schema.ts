/**
 * Tables of mailboxes: what an address has, its folders, and the messages in them.
 *
 * @module
 */
import type { Generated } from 'kysely';

/** One row an address that ever had mail. */
export interface MailboxTable {
  tenant: string;
  address: string;
  /** UIDVALIDITY of the next folder: never the same twice at one address (RFC 3501 §2.3.1.1). */
  next_validity: number;
  /** Octets of all messages in all folders. */
  octets: number;
}

export interface FolderTable {
  tenant: string;
  id: Generated<number>;
  address: string;
  /** `INBOX`, or names joined by `/`. */
  name: string;
  /** 0: the name is only subscribed to, or only a folder above others. */
  selectable: number;
  subscribed: number;
  uid_validity: number;
  uid_next: number;
  /** UIDs from here on were announced as recent to nobody yet. */
  recent_from: number;
  /** Goes up with every change of what is in the folder. */
  change: number;
  /** `change` at the last removal. */
  removed_at: number;
}

/** A message in a folder. A copy is a row of its own; the octets are there once. */
export interface MailboxItemTable {
  tenant: string;
  id: Generated<number>;
  address: string;
  kind: 'message' | 'mdn' | 'dsn';
  /** The message that it came from, or that it speaks of; '' for what a client put there. */
  message_id: string;
  internet_id: string | null;
  sender: string;
  subject: string;
  /** The internal date. */
  received_at: number;
  size: number;
  bytes_sha256: string;
  folder_id: number;
  uid: number;
  /** Flags and keywords with a blank between, each once. */
  flags: string;
  /** `change` of the folder when the flags were last set. */
  changed: number;
}
