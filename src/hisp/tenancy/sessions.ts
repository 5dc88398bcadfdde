/**
 * Sessions of the pages: the browser has a random token, the store its digest.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Host } from '../../net/host.ts';
import {
  type Account,
  accountById,
  endSession,
  purgeSessions,
  putSession,
  sessionByDigest,
  touchSession,
} from '../../store/accounts.ts';
import type { Scope } from '../../store/scope.ts';
import { isOpen } from './accounts.ts';
import { readSettings } from './settings.ts';

export interface Sessions {
  /** A token of 256 random bits, in base64url. */
  start(account: Account): Promise<string>;
  /** Whose session it is; undefined when it has ended: by itself, or because the account may no longer come in. */
  find(token: string): Promise<Account | undefined>;
  end(token: string): Promise<void>;
}

const MINUTE = 60_000;
/** How exactly the last use is kept: not every page is a write. */
const TOUCH_MS = MINUTE;

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');

export function createSessions(host: Pick<Host, 'now'>, scope: Scope): Sessions {
  return {
    async start(account) {
      const token = randomBytes(32).toString('base64url');
      const now = host.now();
      const settings = await readSettings(scope);
      await purgeSessions(scope, {
        made: now - settings['session.hours'] * 60 * MINUTE,
        seen: now - settings['session.idle-minutes'] * MINUTE - TOUCH_MS,
      });
      await putSession(scope, {
        digest: digestOf(token),
        account: account.id,
        created_at: now,
        seen_at: now,
      });
      return token;
    },
    async find(token) {
      const digest = digestOf(token);
      const row = await sessionByDigest(scope, digest);
      if (!row) return undefined;
      const now = host.now();
      const settings = await readSettings(scope);
      const over =
        now - row.created_at >= settings['session.hours'] * 60 * MINUTE ||
        now - row.seen_at >= settings['session.idle-minutes'] * MINUTE;
      const account = over ? undefined : await accountById(scope, row.account);
      if (account?.status !== 'enabled' || !(await isOpen(scope, account))) {
        await endSession(scope, digest);
        return undefined;
      }
      if (now - row.seen_at >= TOUCH_MS) await touchSession(scope, digest, now);
      return account;
    },
    end: (token) => endSession(scope, digestOf(token)),
  };
}
