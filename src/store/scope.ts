/**
 * The store as one tenant sees it: every query of `store/` takes it, and adds the tenant to every row and condition.
 *
 * @module
 */
import type { Kysely } from 'kysely';
import type { MailboxSignal } from './mailbox-signal.ts';
import type { Db, Schema } from './schema.ts';

export interface Scope {
  readonly db: Db;
  readonly tenant: string;
  /** Who is told that a mailbox changed. */
  readonly signal?: MailboxSignal;
}

export const scopeOf = (db: Kysely<Schema>, tenant: string, signal?: MailboxSignal): Scope => ({
  db,
  tenant,
  ...(signal ? { signal } : {}),
});

/** Runs `work` in one transaction: all of it is kept, or, when it throws, nothing. No waiting for others inside. */
export function atomically<T>(scope: Scope, work: (inside: Scope) => Promise<T>): Promise<T> {
  if (scope.db.isTransaction) return work(scope);
  return scope.db.transaction().execute((db) => work({ ...scope, db }));
}
