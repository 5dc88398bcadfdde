/**
 * Transactions of one SQLite connection that reach the disk together.
 *
 * Each commit has to be flushed, and a flush takes longer than all the rest. So a transaction is a savepoint inside a
 * larger one, which is committed once everything that was ready had its turn; whoever waits for a commit, or has read
 * what is not on the disk yet, waits until it is there. Nobody ever sees a state that a crash could take back.
 *
 * @module
 */
import type Database from 'better-sqlite3';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteDialect,
} from 'kysely';
import { nextTurn } from '../net/turn.ts';
import { flushing, type Waiting } from './flushing.ts';

export interface GroupedDatabase {
  readonly inTransaction: boolean;
  /** The same object for the same text. */
  prepare(text: string): Database.Statement;
  exec(text: string): void;
  /** Flushes what was committed to the disk; absent where a commit does so itself. */
  sync?(): Promise<void>;
  close(): void;
}

/** More wait for one flush at most. */
const LARGEST_GROUP = 64;
/** Rounds of the event loop that a flush waits for more, at most. */
const MOST_TURNS = 16;
/** From so many on a round or two that bring nobody do not end the waiting: there is much to do. */
const BUSY = 6;
const MOST_EMPTY_TURNS = 3;

/** A transaction, for statements that are compiled already. */
export interface OpenTurn {
  /** At once. @throws what the database says */
  execute<R>(query: CompiledQuery<R>): QueryResult<R>;
  /** The same transaction, for a query builder. */
  readonly connection: DatabaseConnection;
}

/** Ways into the same groups that leave the query builder out. */
export interface Turns {
  /** All of `work` is kept, or, when it throws, nothing. Resolves when it is on the disk. */
  transact<T>(work: (turn: OpenTurn) => Promise<T>): Promise<T>;
  /** One statement; what it gives is on the disk. */
  execute<R>(query: CompiledQuery<R>): Promise<QueryResult<R>>;
}

/** The SQLite dialect with commits in groups. */
export const groupedDialect = (database: GroupedDatabase): Dialect => grouped(database).dialect;

/** The same, with the way past the query builder. */
export function grouped(database: GroupedDatabase): { readonly dialect: Dialect; readonly turns: Turns } {
  const plain = new SqliteDialect({ database: { prepare: () => unused(), close: () => undefined } });
  const { driver, turns } = groupedDriver(database);
  return {
    turns,
    dialect: {
      createAdapter: () => new TakingTurns(),
      createQueryCompiler: () => plain.createQueryCompiler(),
      createIntrospector: (db) => plain.createIntrospector(db),
      createDriver: () => driver,
    },
  };
}

/** The turns are taken here, so that the next one can begin before the last one is on the disk. */
class TakingTurns extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

const unused = (): never => {
  throw new Error('statements are prepared by the driver');
};

/** A connection as one user of it has it, for one transaction or one statement. */
interface Turn extends DatabaseConnection {
  /** Inside a transaction alone. */
  execute<R>(query: CompiledQuery<R>): QueryResult<R>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  release(): void;
}

function groupedDriver(database: GroupedDatabase): { driver: Driver; turns: Turns } {
  const queue: (() => void)[] = [];
  let waiting: Waiting[] = [];
  let taken = false;
  let open = false;
  let due = false;
  let scheduled = false;
  let closed = false;

  /** Ready to be committed when the flush that is under way has ended: until then more may join. */
  let late = false;
  const disk = flushing(
    () => database.sync?.() ?? Promise.resolve(),
    () => {
      if (!late) return;
      late = false;
      if (taken) due = true;
      else flush();
    },
  );

  const release = (): Waiting[] => {
    const all = waiting;
    waiting = [];
    due = false;
    return all;
  };
  const fail = (error: unknown): void => {
    for (const one of release()) one.reject(error);
  };
  /** Only between two turns. */
  const flush = (): void => {
    if (!open) {
      for (const one of release()) disk.wait(one);
      return;
    }
    open = false;
    try {
      database.exec('commit');
    } catch (error) {
      if (database.inTransaction) database.exec('rollback');
      fail(error);
      return;
    }
    if (database.sync) disk.committed(release());
    else for (const one of release()) one.resolve();
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    void gather();
  };
  /** As long as turns bring somebody new, the next one may as well: a flush costs more than all that it flushes. */
  const gather = async (): Promise<void> => {
    let empty = 0;
    for (let turns = 0; turns < MOST_TURNS; turns++) {
      const before = waiting.length;
      await nextTurn();
      empty = waiting.length > before ? 0 : empty + 1;
      if (empty >= (waiting.length < BUSY ? 1 : MOST_EMPTY_TURNS)) break;
    }
    scheduled = false;
    if (disk.busy) late = true;
    else if (taken) due = true;
    else flush();
  };
  /** Resolves when all that was done so far is on the disk. */
  const onDisk = (): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      schedule();
    });
  const take = async (): Promise<void> => {
    if (closed) throw new Error('the store is closed');
    if (disk.failure) throw disk.failure;
    if (taken) await new Promise<void>((resolve) => queue.push(resolve));
    taken = true;
  };
  const pass = (): void => {
    if (due || waiting.length >= LARGEST_GROUP) flush();
    const next = queue.shift();
    if (next) next();
    else taken = false;
  };
  const ensureOpen = (): void => {
    if (open) return;
    // asks for the right to write at once: another process may have it
    database.exec('begin immediate');
    open = true;
  };

  function turn(): Turn {
    let mine = true;
    let inside = false;
    let broken: unknown;
    const done = (): void => {
      if (!mine) return;
      mine = false;
      pass();
    };
    /** SQLite takes everything back by itself when the disk is full or fails: what others did is gone as well. */
    const lost = (error: unknown): void => {
      if (!open || database.inTransaction) return;
      open = false;
      broken = error;
      fail(error);
    };
    const run = (text: string): void => {
      try {
        database.prepare(text).run();
      } catch (error) {
        lost(error);
        throw error;
      }
    };
    return {
      execute<R>({ sql, parameters }: CompiledQuery<R>): QueryResult<R> {
        if (broken !== undefined) throw broken;
        if (!inside) throw new Error('a statement of a transaction that is over');
        try {
          const statement = database.prepare(sql);
          if (!statement.readonly) ensureOpen();
          return resultOf<R>(statement, parameters);
        } catch (error) {
          lost(error);
          throw error;
        }
      },
      async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
        if (broken !== undefined) throw broken;
        if (!mine) {
          await take();
          mine = true;
        }
        const statement = database.prepare(sql);
        const writes = !statement.readonly;
        try {
          if (writes) ensureOpen();
          const result = resultOf<R>(statement, parameters);
          if (inside) return result;
          const wait = open || disk.pending ? onDisk() : undefined;
          done();
          await wait;
          return result;
        } catch (error) {
          lost(error);
          throw error;
        }
      },
      streamQuery: () => {
        throw new Error('rows are not streamed from this store');
      },
      async begin() {
        ensureOpen();
        run('savepoint turn');
        inside = true;
      },
      async commit() {
        if (broken !== undefined) throw broken;
        run('release turn');
        inside = false;
        const wait = onDisk();
        done();
        await wait;
      },
      async rollback() {
        // of one that was committed, and did not come to the disk, nothing is left to take back
        if (inside && broken === undefined) {
          run('rollback to turn');
          run('release turn');
          schedule();
        }
        inside = false;
        done();
      },
      release: done,
    };
  }
  const asTurn = (connection: DatabaseConnection): Turn => connection as Turn;
  const turns: Turns = {
    async transact(work) {
      await take();
      const mine = turn();
      try {
        await mine.begin();
        const result = await work({ execute: mine.execute, connection: mine });
        await mine.commit();
        return result;
      } catch (error) {
        await mine.rollback();
        throw error;
      } finally {
        mine.release();
      }
    },
    async execute(query) {
      await take();
      const mine = turn();
      try {
        return await mine.executeQuery(query);
      } finally {
        mine.release();
      }
    },
  };
  const driver: Driver = {
    init: async () => undefined,
    async acquireConnection() {
      await take();
      return turn();
    },
    beginTransaction: (connection) => asTurn(connection).begin(),
    commitTransaction: (connection) => asTurn(connection).commit(),
    rollbackTransaction: (connection) => asTurn(connection).rollback(),
    releaseConnection: async (connection) => asTurn(connection).release(),
    async destroy() {
      closed = true;
      flush();
      await disk.idle();
      database.close();
    },
  };
  return { driver, turns };
}

function resultOf<R>(statement: Database.Statement, parameters: readonly unknown[]): QueryResult<R> {
  if (statement.reader) return { rows: statement.all(parameters) as R[] };
  const { changes, lastInsertRowid } = statement.run(parameters);
  return { insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes), rows: [] };
}
