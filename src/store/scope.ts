/**
 * The store as one tenant sees it: every query of `store/` takes it, and adds the tenant to every row and condition.
 *
 * @module
 */
import type { Kysely, Transaction } from 'kysely';
import type { MailboxSignal } from './mailbox-signal.ts';
import type { Db, Schema } from './schema.ts';
import { type Passage, passageOf } from './way.ts';

export interface Scope {
  readonly db: Db;
  readonly tenant: string;
  /** Who is told that a mailbox changed. */
  readonly signal?: MailboxSignal;
  /** The way past the query builder, where it is known already. */
  readonly passage?: Passage;
  /** Inside a transaction: who is told how it ended. */
  readonly after?: ((kept: boolean) => void)[];
}

export function scopeOf(db: Kysely<Schema>, tenant: string, signal?: MailboxSignal): Scope {
  const passage = passageOf(db);
  return { db, tenant, ...(signal ? { signal } : {}), ...(passage ? { passage } : {}) };
}

/** Runs `work` in one transaction: all of it is kept, or, when it throws, nothing. No waiting for others inside. */
export function atomically<T>(scope: Scope, work: (inside: Scope) => Promise<T>): Promise<T> {
  const passage = scope.passage ?? passageOf(scope.db);
  if (passage?.execute || scope.db.isTransaction) return work(scope);
  const after: ((kept: boolean) => void)[] = [];
  if (!passage) {
    return ending(
      scope.db.transaction().execute((db) => work({ ...scope, db, after })),
      after,
    );
  }
  const { way } = passage;
  const { tenant, signal } = scope;
  return way.hold(
    ending(
      way.turns.transact((turn) => {
        let builder: Transaction<Schema> | undefined;
        return work({
          tenant,
          ...(signal ? { signal } : {}),
          passage: { way, execute: turn.execute },
          after,
          // most transactions never need it
          get db() {
            builder ??= way.within(turn);
            return builder;
          },
        });
      }),
      after,
    ),
  );
}

/** Has `tell` called when the transaction of `inside` is on the disk (`true`), or was taken back. */
export const afterwards = (inside: Scope, tell: (kept: boolean) => void): void =>
  void inside.after?.push(tell);

async function ending<T>(work: Promise<T>, after: readonly ((kept: boolean) => void)[]): Promise<T> {
  let kept = false;
  try {
    const result = await work;
    kept = true;
    return result;
  } finally {
    for (const tell of after) tell(kept);
  }
}
