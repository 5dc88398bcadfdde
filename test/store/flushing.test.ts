import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupedDialect } from '../../src/store/group-commit.ts';

interface Tables {
  item: { id: number };
}

let database: Database.Database;
let db: Kysely<Tables>;
/** Flushes that were begun and have not ended. */
let flushes: { end(): void; fail(error: Error): void }[];
let commits: number;

beforeEach(async () => {
  database = new Database(':memory:');
  flushes = [];
  commits = 0;
  let made = false;
  db = new Kysely<Tables>({
    dialect: groupedDialect({
      get inTransaction() {
        return database.inTransaction;
      },
      prepare: (text) => database.prepare(text),
      exec(text) {
        if (text === 'commit') commits++;
        database.exec(text);
      },
      sync: () => (made ? new Promise((end, fail) => flushes.push({ end, fail })) : Promise.resolve()),
      close: () => database.close(),
    }),
  });
  await db.schema
    .createTable('item')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .execute();
  made = true;
  commits = 0;
});
afterEach(async () => {
  const closed = db.destroy();
  while (flushes.length > 0) flushes.shift()!.end();
  await closed;
});

/** What became of it so far. */
function watched<T>(work: Promise<T>): { readonly state: string; readonly work: Promise<T> } {
  const one = { state: 'waits', work };
  work.then(
    () => (one.state = 'done'),
    (error: unknown) => (one.state = String(error)),
  );
  return one;
}
const put = (id: number) => watched(db.insertInto('item').values({ id }).execute());
const count = () => watched(db.selectFrom('item').selectAll().execute());
const rounds = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => setImmediate(resolve));
};

describe('a commit that is flushed beside other work', () => {
  it('is told of when the flush has ended, and not before; who reads it waits as well', async () => {
    const first = put(1);
    await rounds();
    const reader = count();
    await rounds();
    expect([first.state, reader.state, flushes.length]).toEqual(['waits', 'waits', 1]);
    flushes.shift()!.end();
    await rounds();
    expect([first.state, reader.state, flushes.length]).toEqual(['done', 'done', 0]);
    const late = count();
    await rounds();
    expect(late.state).toBe('done');
  });

  it('what comes meanwhile is committed once, when the flush has ended', async () => {
    const first = put(1);
    await rounds();
    const more = [put(2), put(3)];
    await rounds();
    more.push(put(4));
    await rounds();
    expect([commits, flushes.length]).toEqual([1, 1]);
    flushes.shift()!.end();
    await rounds();
    expect([first.state, ...more.map(({ state }) => state)]).toEqual(['done', 'waits', 'waits', 'waits']);
    expect([commits, flushes.length]).toEqual([2, 1]);
    flushes.shift()!.end();
    await rounds();
    expect(more.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  });

  it('when the flush fails, nobody is told yes any more', async () => {
    const first = put(1);
    await rounds();
    const second = put(2);
    await rounds();
    flushes.shift()!.fail(new Error('EIO'));
    await rounds();
    const third = put(3);
    const reader = count();
    await rounds();
    for (const one of [first, second, third, reader]) {
      expect(one.state).toContain('could not be flushed to the disk: EIO');
    }
    expect(flushes).toEqual([]);
  });

  it('a close waits for the flush that is under way', async () => {
    const first = put(1);
    await rounds();
    const closed = watched(db.destroy());
    await rounds();
    expect(closed.state).toBe('waits');
    flushes.shift()!.end();
    await rounds();
    expect([first.state, closed.state]).toEqual(['done', 'done']);
  });
});
