/**
 * Who may use an edge: the seam between the edges, which speak protocols, and the HISP, which knows its users.
 *
 * @module
 */
import type { Addr } from '../net/host.ts';

/** The ways in. An application password may be for some of them only. */
export type EdgeKind = 'submission' | 'pop3' | 'imap' | 'rest' | 'web';

export interface LoginAttempt {
  /** What was typed: an address, or the name of an account. */
  readonly name: string;
  readonly password: string;
  readonly edge: EdgeKind;
  readonly peer: Addr;
}

export interface EdgeUser {
  readonly tenant: string;
  /** Id of the account, for the audit log. */
  readonly account: string;
  /** Lower case; the login may send from each, and reads the mailbox of each. The first one is meant where one is. */
  readonly addresses: readonly [string, ...string[]];
}

export type LoginAnswer =
  | { readonly ok: true; readonly user: EdgeUser }
  /** One reason for a wrong name and for a wrong password. `locked`: too many attempts, for `retryAfterMs`. */
  | { readonly ok: false; readonly reason: 'credentials' }
  | { readonly ok: false; readonly reason: 'locked'; readonly retryAfterMs: number }
  /** The accounts cannot be read now. */
  | { readonly ok: false; readonly reason: 'unavailable' };

export interface Accounts {
  /** Never throws. Takes the same time whether the name is known or not. */
  authenticate(attempt: LoginAttempt): Promise<LoginAnswer>;
}
