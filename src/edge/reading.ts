/**
 * What the servers for reading mail (POP3, IMAP) are made of: the seams that a simulated HISP with habits lays its
 * behaviour over.
 *
 * @module
 */
import type { SecureServerOptions } from '../net/tls.ts';
import type { Accounts } from './accounts.ts';
import type { Mailboxes } from './mailboxes.ts';

/** How a command ends. POP3 knows `+OK` and `-ERR` only: `NO` and `BAD` are the latter. */
export interface EdgeReply {
  readonly status: 'OK' | 'NO' | 'BAD';
  readonly text: string;
}

export interface EdgeReplyContext {
  readonly protocol: 'pop3' | 'imap';
  /** Upper case; '' for what is no command. */
  readonly command: string;
  readonly loggedIn: boolean;
}

export interface ReadingParts {
  /** What a server says at the end of a command, given what it would say. */
  readonly reply: (proposed: EdgeReply, context: EdgeReplyContext) => EdgeReply;
  readonly accounts: (accounts: Accounts) => Accounts;
  readonly mailboxes: (mailboxes: Mailboxes) => Mailboxes;
  readonly tls: (tls: SecureServerOptions) => SecureServerOptions;
}

export const referenceReading: ReadingParts = {
  reply: (proposed) => proposed,
  accounts: (accounts) => accounts,
  mailboxes: (mailboxes) => mailboxes,
  tls: (tls) => tls,
};
