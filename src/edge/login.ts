/**
 * A login at an edge where mail is read, and the mailbox that it opens.
 *
 * @module
 */
import { addressKey } from '../mail/address.ts';
import type { Addr } from '../net/host.ts';
import type { Accounts, EdgeKind, EdgeUser } from './accounts.ts';
import type { Mailbox, Mailboxes } from './mailboxes.ts';
import type { EdgeReply } from './reading.ts';

export interface Opened {
  readonly user: EdgeUser;
  /** Lower case. */
  readonly address: string;
  readonly mailbox: Mailbox;
}

/** The mailbox of a login: of the address that was typed, else of the first one; of an
 * alias that of the address that it stands for, if the user has that one too. Or the reply that refuses. */
export async function openMailbox(
  doors: { readonly accounts: Accounts; readonly mailboxes: Mailboxes },
  attempt: { readonly name: string; readonly password: string; readonly edge: EdgeKind; readonly peer: Addr },
): Promise<Opened | EdgeReply> {
  const answer = await doors.accounts.authenticate(attempt);
  if (answer.ok) {
    const { user } = answer;
    const typed = addressKey(attempt.name);
    const named = user.addresses.find((one) => one === typed) ?? user.addresses[0];
    const behind = doors.mailboxes.behind?.(named);
    // whoever may send as an alias does not for that read the mail of the other one
    const address = user.addresses.find((one) => one === behind) ?? named;
    return { user, address, mailbox: doors.mailboxes.of(address) };
  }
  switch (answer.reason) {
    case 'credentials':
      return { status: 'NO', text: '[AUTHENTICATIONFAILED] Wrong name or password' };
    case 'locked': {
      const seconds = Math.ceil(answer.retryAfterMs / 1000);
      return { status: 'NO', text: `[UNAVAILABLE] Too many attempts, try again in ${seconds} seconds` };
    }
    case 'unavailable':
      return { status: 'NO', text: '[UNAVAILABLE] Logins cannot be checked now, try again later' };
  }
}
