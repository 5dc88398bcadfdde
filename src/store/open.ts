/**
 * Opens the store: SQLite in a file, or in memory for a simulation.
 *
 * @module
 */
import { closeSync, fsyncSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, sql } from 'kysely';
import type { Host } from '../net/host.ts';
import { type FlushedFile, flushedFile } from './flushed-file.ts';
import { type GroupedDatabase, grouped } from './group-commit.ts';
import { heldDialect } from './held-dialect.ts';
import { sqliteColumns } from './migrations/columns.ts';
import { migrate } from './migrations/index.ts';
import type { Schema } from './schema.ts';
import { openWay } from './way.ts';

export interface StoreOptions {
  /** Path, or `:memory:`. The folder is made when it is missing. */
  readonly file: string;
}

export interface Store {
  readonly db: Kysely<Schema>;
  close(): Promise<void>;
}

/**
 * Opens and migrates. A transaction that resolved is on the disk: the log of SQLite (WAL) is flushed after each group of
 * commits, and the folder's entry of a new file is flushed here.
 *
 * @throws {Error} what SQLite or the file system said; that another version made the store
 */
export async function openStore(host: Pick<Host, 'hold'>, { file }: StoreOptions): Promise<Store> {
  const inMemory = file === ':memory:';
  if (!inMemory) mkdirSync(dirname(resolve(file)), { recursive: true });
  const copied = inMemory ? image : undefined;
  const database = copied ? new Database(copied) : new Database(file);
  const hasLog = database.pragma('journal_mode = WAL', { simple: true }) === 'wal';
  // the log is flushed here, beside the work on the next commits, and nobody hears of a commit before
  database.pragma(`synchronous = ${hasLog ? 'NORMAL' : 'FULL'}`);
  database.pragma('foreign_keys = ON');
  database.pragma('busy_timeout = 5000');
  // KiB: the part of the indexes that is written to stays in memory; SQLite alone keeps 2,000
  database.pragma('cache_size = -16384');
  // pages of 4 KiB: what changes again before it is copied is copied once
  database.pragma('wal_autocheckpoint = 4000');
  // it stands beside the file itself, where `file` is a link
  const log = hasLog ? flushedFile(`${realpathSync(file)}-wal`) : undefined;
  const { dialect, turns } = grouped(keepingStatements(database, log));
  const db = new Kysely<Schema>({ dialect: heldDialect(host, dialect) });
  openWay(db, { turns, hold: (work) => host.hold(work), dialect, driver: dialect.createDriver() });
  try {
    // a builder that was never asked anything would close nothing
    if (copied) await sql`select 1`.execute(db);
    else await migrate(db, sqliteColumns);
    if (inMemory) image ??= database.serialize();
    else flushFolder(dirname(resolve(file)));
  } catch (error) {
    await db.destroy();
    throw told(error, file);
  }
  return { db, close: () => db.destroy() };
}

/**
 * An empty store with its tables, as the first one in memory was: a run of scenarios opens hundreds, and making the
 * tables takes longer than many a scenario.
 */
let image: Buffer | undefined;

/** A store whose steps are not ours is no damage: another version made it. */
function told(error: unknown, file: string): unknown {
  if (!(error instanceof Error && error.message.startsWith('corrupted migrations'))) return error;
  return new Error(
    `the store ${file} was made by another version of Anchorage, whose tables this one does not know. Start that version on it, or set its folder aside: a new one is made at the next start`,
    { cause: error },
  );
}

/** Prepares each text once: the queries of the queue are few, and preparing costs more than running them. */
function keepingStatements(database: Database.Database, log: FlushedFile | undefined): GroupedDatabase {
  const prepared = new Map<string, Database.Statement>();
  return {
    get inTransaction() {
      return database.inTransaction;
    },
    exec: (text) => void database.exec(text),
    ...(log && { sync: log.flush }),
    close() {
      log?.close();
      database.close();
    },
    prepare(text) {
      let statement = prepared.get(text);
      if (!statement) {
        if (prepared.size >= MAX_STATEMENTS) prepared.clear();
        statement = database.prepare(text);
        prepared.set(text, statement);
      }
      return statement;
    },
  };
}

const MAX_STATEMENTS = 500;

function flushFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
