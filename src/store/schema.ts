/**
 * The tables. Every row has its tenant. Times are whole milliseconds since 1970 UTC of `host.now()`, never the
 * database's clock. Flags are 0 or 1. Addresses that are compared are lower-case.
 *
 * @module
 */
import type { Generated, Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { CalendarSchema } from './calendar-schema.ts';
import type { DirectorySchema } from './directory-schema.ts';
import type { EnrollmentSchema } from './enrollment-schema.ts';
import type { HostingSchema } from './hosting-schema.ts';
import type { CustodySchema } from './key-use.ts';
import type { FolderTable, MailboxItemTable, MailboxTable } from './mailbox-schema.ts';
import type { ForwardTable, UnmatchedTable } from './notification-schema.ts';
import type { PublicationSchema } from './publication.ts';
import type { TenancySchema } from './tenancy-schema.ts';
import type { WatchSchema } from './watch-schema.ts';

/** Octets that rows refer to by their SHA-256, kept once: ciphertext, messages, notices. */
export interface BlobTable {
  tenant: string;
  sha256: string;
  /** Of a large one the first octets (see `blobs.ts`); the parts follow. */
  bytes: Uint8Array;
}

export interface BlobPartTable {
  tenant: string;
  sha256: string;
  /** From 1 on, in order. */
  n: number;
  bytes: Uint8Array;
}

/** A message that we answer for: one that came by SMTP (`in`), or that an edge or we ourselves submitted (`out`). */
export interface MessageTable {
  tenant: string;
  /** Ours, unique; the Message-ID of a client may come twice. */
  id: string;
  direction: 'in' | 'out';
  /** `out`: notices of our own are not tracked and never reported. `in`: known once it was opened. */
  kind: 'message' | 'mdn' | 'dsn' | 'unknown';
  /** `in`: as it came, ciphertext. `out`: as it was submitted. */
  bytes_sha256: string;
  envelope_from: string;
  received_at: number;
  /** Message-ID that notices name. */
  internet_id: string | null;
  /** The sender wants to know of the final delivery. */
  delivery_requested: number;
  /** The message of ours that must have left before this one. */
  follows: string | null;
}

/**
 * Where a recipient is in the queue: to be opened, to be prepared (found, trusted, encrypted), to be sent, to be handed
 * to an edge system, done.
 */
export type Stage = 'open' | 'prepare' | 'transmit' | 'forward' | 'ended';

/** What became of a recipient. The first row is the sender's view (hisp-behaviour §5), the second the receiver's. */
export type RecipientState =
  | 'open'
  | 'processed'
  | 'dispatched'
  | 'failed'
  | 'timed-out'
  | 'untracked'
  | 'received'
  | 'delivered'
  | 'duplicate'
  | 'quarantined';

export interface RecipientTable {
  tenant: string;
  message_id: string;
  /** Lower case; with `message_id` the key. */
  address: string;
  /** As the envelope had it. */
  written: string;
  domain: string;
  stage: Stage;
  state: RecipientState;
  /** Goes up with each change of `state`; a change names the version that it saw. */
  version: number;
  attempts: number;
  /** When the queue works on it next; null when ended. */
  next_at: number | null;
  /** When trying ends. */
  deadline: number;
  /** When an outcome is missed: T1 or T2. */
  timer_at: number | null;
  lease_owner: string | null;
  lease_until: number | null;
  envelope_id: string | null;
  /** JSON list of causes, first cause first: of the outcome, or of the last attempt. */
  causes: string | null;
}

/** Bytes ready for the wire, encrypted, for some of the recipients of a message. */
export interface EnvelopeTable {
  tenant: string;
  id: string;
  message_id: string;
  mail_from: string;
  bytes_sha256: string;
  internet_id: string;
}

/** What we told whom. The id follows from what is told, so that it cannot be told twice. */
export interface NoticeTable {
  tenant: string;
  id: string;
  message_id: string;
  recipient: string;
  kind: 'processed' | 'dispatched' | 'failed';
  sent_at: number;
}

/** Content that was accepted for a recipient: known again when it comes again. */
export interface AcceptedTable {
  tenant: string;
  digest: string;
  message_id: string;
  address: string;
  at: number;
}

/** What was refused: ciphertext and reason, never clear text. */
export interface QuarantineTable {
  tenant: string;
  message_id: string;
  address: string;
  bytes_sha256: string;
  causes: string;
  at: number;
}

export interface CertificateTable {
  tenant: string;
  sha256: string;
  /** Address or domain, lower case. */
  owner: string;
  purpose: 'sign' | 'encrypt' | 'dual';
  state: 'active' | 'decrypt-only' | 'revoked';
  der: Uint8Array;
}

export interface KeyTable {
  tenant: string;
  /** SHA-256 of the certificate that the key is for. */
  certificate_sha256: string;
  /** PKCS #8, sealed (see `seal.ts`). */
  sealed: Uint8Array;
}

export interface AnchorTable {
  tenant: string;
  domain: string;
  sha256: string;
  der: Uint8Array;
  incoming: number;
  outgoing: number;
  /** `manual` or the id of a bundle. */
  source: string;
}

/** What happened, by ids and addresses only. */
export interface JournalTable {
  tenant: string;
  n: Generated<number>;
  at: number;
  event: string;
  message_id: string | null;
  address: string | null;
  /** JSON. */
  detail: string | null;
}

export interface Schema
  extends TenancySchema,
    CalendarSchema,
    CustodySchema,
    DirectorySchema,
    HostingSchema,
    EnrollmentSchema,
    PublicationSchema,
    WatchSchema {
  blob: BlobTable;
  blob_part: BlobPartTable;
  message: MessageTable;
  recipient: RecipientTable;
  envelope: EnvelopeTable;
  notice: NoticeTable;
  accepted: AcceptedTable;
  mailbox: MailboxTable;
  folder: FolderTable;
  mailbox_item: MailboxItemTable;
  quarantine: QuarantineTable;
  certificate: CertificateTable;
  key: KeyTable;
  anchor: AnchorTable;
  journal: JournalTable;
  unmatched: UnmatchedTable;
  forward: ForwardTable;
}

/** The store, or one transaction of it. Inside a transaction nothing but the transaction is asked. */
export type Db = Kysely<Schema> | Transaction<Schema>;

export type MessageRow = Selectable<MessageTable>;
export type RecipientRow = Selectable<RecipientTable>;
export type EnvelopeRow = Selectable<EnvelopeTable>;
export type NewRecipient = Insertable<RecipientTable>;
