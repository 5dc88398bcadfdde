/**
 * The way past the query builder: statements that are compiled already go straight to the database, in the same
 * transactions as all others.
 *
 * @module
 */
import {
  type CompiledQuery,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SingleConnectionProvider,
  Transaction,
} from 'kysely';
import type { OpenTurn, Turns } from './group-commit.ts';
import type { Db, Schema } from './schema.ts';

/** Of one store. A store without one is asked through the query builder alone. */
export interface Way {
  readonly db: Kysely<Schema>;
  readonly turns: Turns;
  /** Announces work to the host (see `Host.hold`). */
  readonly hold: <T>(work: Promise<T>) => Promise<T>;
  /** The builder of one open transaction. */
  readonly within: (turn: OpenTurn) => Transaction<Schema>;
  /** What was compiled for this store, by what made it. */
  readonly compiled: Map<unknown, CompiledQuery<unknown>>;
}

/** A way, and the transaction that is open on it, if one is. */
export interface Passage {
  readonly way: Way;
  readonly execute?: <R>(query: CompiledQuery<R>) => QueryResult<R>;
}

const passages = new WeakMap<Db, Passage>();

/** The way of a store, or of one of its transactions. */
export const passageOf = (db: Db): Passage | undefined => passages.get(db);

/** Opens the way past `db`, whose driver is the one that makes the turns. */
export function openWay(
  db: Kysely<Schema>,
  { turns, hold, dialect, driver }: Pick<Way, 'turns' | 'hold'> & { dialect: Dialect; driver: Driver },
): void {
  const way: Way = {
    db,
    turns,
    hold,
    compiled: new Map(),
    within(turn) {
      const executor = db.getExecutor().withConnectionProvider(new SingleConnectionProvider(turn.connection));
      const inside = new Transaction<Schema>({ config: { dialect }, driver, dialect, executor });
      passages.set(inside, { way, execute: turn.execute });
      return inside;
    },
  };
  passages.set(db, { way });
}
