/**
 * A second way into a store's file, for bulk work: prepared statements without a query builder, and transactions of a
 * caller's own size. The directory reads and writes millions of rows through it.
 *
 * Calls are synchronous. Whoever has much to do gives way between two batches.
 *
 * @module
 */
import Database from 'better-sqlite3';

export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = Readonly<Record<string, string | number | null>>;

/** The values of a row, in the order of its columns. */
export type SqlList = readonly SqlValue[];

export interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number; readonly id: number };
  get(...values: readonly SqlValue[]): SqlRow | undefined;
  all(...values: readonly SqlValue[]): SqlRow[];
  /** The same with each row as a list, in the order of its columns: less work where there are many. */
  lists(...values: readonly SqlValue[]): SqlList[];
  /** Rows one by one. No other statement of this handle may write meanwhile. */
  each(...values: readonly SqlValue[]): IterableIterator<SqlRow>;
}

export interface Handle {
  readonly file: string;
  /** Prepares each text once. @throws {Error} what SQLite said */
  prepare(text: string): Statement;
  exec(text: string): void;
  /** All of `work` is kept, or, when it throws, nothing. Takes the right to write at once. */
  atomically<T>(work: () => T): T;
  /** Moves what was written from the log into the file, so that the log stays small. */
  settle(): void;
  close(): void;
}

export interface HandleOptions {
  readonly readOnly?: boolean;
  /** Memory for pages, in MiB. Default 64. */
  readonly cacheMiB?: number;
}

/**
 * Opens a file that `openStore` has migrated. Commits survive the end of the process; a loss of power may take back
 * the last ones, whole, which is why work that goes on after a stop writes its checkpoint in the same transaction.
 *
 * @throws {Error} what SQLite or the file system said
 */
export function openHandle(file: string, { readOnly = false, cacheMiB = 64 }: HandleOptions = {}): Handle {
  const database = new Database(file, readOnly ? { readonly: true, fileMustExist: true } : {});
  database.pragma('busy_timeout = 10000');
  if (!readOnly) database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.pragma(`cache_size = -${cacheMiB * 1024}`);
  return handleOf(database, file);
}

/** A place for what does not fit into memory; it goes away with the handle. */
export function openScratch(): Handle {
  // the empty name: a temporary file of SQLite's own
  const database = new Database('');
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  database.pragma('cache_size = -32768');
  return handleOf(database, '');
}

function handleOf(database: Database.Database, file: string): Handle {
  const prepared = new Map<string, Statement>();
  return {
    file,
    prepare(text) {
      const known = prepared.get(text);
      if (known) return known;
      const statement = statementOf(database.prepare(text));
      if (prepared.size >= MAX_STATEMENTS) prepared.clear();
      prepared.set(text, statement);
      return statement;
    },
    exec: (text) => void database.exec(text),
    atomically: (work) => database.transaction(work).immediate(),
    settle: () => void database.pragma('wal_checkpoint(PASSIVE)'),
    close: () => void database.close(),
  };
}

const MAX_STATEMENTS = 200;

const statementOf = (statement: Database.Statement, raw?: Database.Statement): Statement => ({
  run(...values) {
    const { changes, lastInsertRowid } = statement.run(...values);
    return { changes, id: Number(lastInsertRowid) };
  },
  get: (...values) => statement.get(...values) as SqlRow | undefined,
  all: (...values) => statement.all(...values) as SqlRow[],
  lists(...values) {
    raw ??= statement.database.prepare(statement.source).raw(true);
    return raw.all(...values) as SqlList[];
  },
  each: (...values) => statement.iterate(...values) as IterableIterator<SqlRow>,
});
