/**
 * What POP3 and IMAP servers see of mailboxes: the seam between them and the store of the HISP.
 *
 * Messages are known by UID within a folder and never change, but for their flags. Names of folders are Unicode text
 * with `/` between levels; `INBOX` is always there.
 *
 * @module
 */
export const DELIMITER = '/';

/** A folder as it is listed. */
export interface FolderEntry {
  readonly name: string;
  /** False for a bare name above other folders. */
  readonly selectable: boolean;
  readonly subscribed: boolean;
}

export interface Folder {
  /** Stays the same when the folder is renamed. */
  readonly id: number;
  readonly name: string;
  readonly uidValidity: number;
  readonly uidNext: number;
  /** Goes up with every change of the contents. */
  readonly change: number;
  /** `change` at the last removal of a message. */
  readonly removedAt: number;
  /** UIDs from here on were announced as recent to nobody yet. */
  readonly recentFrom: number;
}

export interface MessageHead {
  readonly uid: number;
  /** System flags as `\Seen`, and keywords. */
  readonly flags: readonly string[];
  /** Octets. */
  readonly size: number;
  /** Milliseconds since 1970 UTC. */
  readonly internalDate: number;
  /** `change` of the folder when the flags were last set. */
  readonly changed: number;
}

/** What was copied or moved where. */
export interface Copied {
  readonly uidValidity: number;
  readonly pairs: readonly { readonly from: number; readonly to: number }[];
}

export type FolderAnswer = 'done' | 'none' | 'exists' | 'limit' | 'inbox';

/** A mailbox that is read. Every method may fail as the store does; whoever speaks a protocol says so in it. */
export interface Mailbox {
  folders(): Promise<readonly FolderEntry[]>;
  /** INBOX in any case. Undefined for no such folder, or one that is only a name. */
  folder(name: string): Promise<Folder | undefined>;
  /** The folder as it is now; undefined when it is gone. */
  again(folder: Folder): Promise<Folder | undefined>;
  create(name: string): Promise<FolderAnswer>;
  remove(name: string): Promise<FolderAnswer>;
  rename(from: string, to: string): Promise<FolderAnswer>;
  subscribe(name: string, on: boolean): Promise<FolderAnswer>;

  /** In the order of UIDs; with `since`, those that are new or were flagged after that `change`. */
  list(folder: Folder, since?: number): Promise<readonly MessageHead[]>;
  uids(folder: Folder): Promise<readonly number[]>;
  /** The message as it was stored; undefined when it is gone. */
  read(folder: Folder, uid: number): Promise<Uint8Array | undefined>;
  /** Takes the right to call messages recent: UIDs from the returned one on are. */
  takeRecent(folder: Folder): Promise<number>;

  flag(
    folder: Folder,
    uids: readonly number[],
    change: (flags: readonly string[]) => readonly string[],
  ): Promise<readonly MessageHead[]>;
  append(
    folder: Folder,
    message: { readonly bytes: Uint8Array; readonly flags: readonly string[]; readonly internalDate: number },
  ): Promise<{ readonly uid: number } | 'quota'>;
  copy(from: Folder, uids: readonly number[], to: Folder): Promise<Copied | 'quota'>;
  move(from: Folder, uids: readonly number[], to: Folder): Promise<Copied>;
  /** Removes those for which `may` holds; returns the UIDs that went. */
  expunge(
    folder: Folder,
    uids: readonly number[],
    may: (flags: readonly string[]) => boolean,
  ): Promise<readonly number[]>;

  /** Calls `hear` after each change within this process until the returned function is called. */
  watch(hear: () => void): () => void;
}

export interface Mailboxes {
  /** The mailbox of an address (lower case) of a user that has logged in. */
  of(address: string): Mailbox;
  /** The address whose mailbox the mail of this one lies in, when it is an alias. */
  behind?(address: string): string | undefined;
}
