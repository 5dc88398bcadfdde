import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupedDialect } from '../../src/store/group-commit.ts';

interface Tables {
  item: { id: number; text: string };
}

let database: Database.Database;
let db: Kysely<Tables>;
let commits = 0;
let failure: Error | undefined;

beforeEach(async () => {
  database = new Database(':memory:');
  commits = 0;
  failure = undefined;
  db = new Kysely<Tables>({
    dialect: groupedDialect({
      get inTransaction() {
        return database.inTransaction;
      },
      prepare: (text) => database.prepare(text),
      exec: (text) => {
        if (text === 'commit') {
          commits++;
          if (failure) throw failure;
        }
        database.exec(text);
      },
      close: () => database.close(),
    }),
  });
  await db.schema
    .createTable('item')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('text', 'text')
    .execute();
  commits = 0;
});
afterEach(() => db.destroy());

const put = (id: number, text = 'x') => db.insertInto('item').values({ id, text }).execute();
const ids = async () =>
  (await db.selectFrom('item').select('id').orderBy('id').execute()).map(({ id }) => id);
const both = (first: number, second: number) =>
  db.transaction().execute(async (inside) => {
    await inside.insertInto('item').values({ id: first, text: 'a' }).execute();
    await inside.insertInto('item').values({ id: second, text: 'b' }).execute();
  });

describe('transactions in groups', () => {
  it('of what is ready together, all reach the disk with one commit', async () => {
    await Promise.all([put(1), both(2, 3), put(4), both(5, 6), ids()]);
    expect(commits).toBe(1);
    expect(await ids()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('one that fails takes back its own work, and no other', async () => {
    const settled = await Promise.allSettled([put(1), both(2, 1), both(3, 4), put(3)]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(await ids()).toEqual([1, 3, 4]);
  });

  it('one is not seen by another before it ended', async () => {
    const seen: number[][] = [];
    await Promise.all([
      db.transaction().execute(async (inside) => {
        await inside.insertInto('item').values({ id: 1, text: 'a' }).execute();
        await Promise.resolve();
        await inside.insertInto('item').values({ id: 2, text: 'a' }).execute();
      }),
      ids().then((found) => seen.push(found)),
    ]);
    expect(seen).toEqual([[1, 2]]);
  });

  it('a commit that fails is told to all who wait for it, and nothing of theirs stays', async () => {
    failure = new Error('disk full');
    const settled = await Promise.allSettled([put(1), both(2, 3), ids()]);
    expect(settled.map((one) => one.status === 'rejected' && String(one.reason))).toEqual(
      Array.from({ length: 3 }, () => 'Error: disk full'),
    );
    failure = undefined;
    expect(await ids()).toEqual([]);
    await put(7);
    expect(await ids()).toEqual([7]);
  });

  it('a disk that is full in the middle is told to all, too', async () => {
    const { page_count: pages } = database.prepare('pragma page_count').get() as { page_count: number };
    database.pragma(`max_page_count = ${pages + 2}`);
    const settled = await Promise.allSettled([put(1), put(2, 'x'.repeat(100_000)), put(3)]);
    expect(settled.map(({ status }) => status)).toContain('rejected');
    const kept = settled.flatMap(({ status }, index) => (status === 'fulfilled' ? [index + 1] : []));
    expect(await ids()).toEqual(kept);
    database.pragma('max_page_count = 10000');
    await put(9);
    expect(await ids()).toEqual([...kept, 9]);
  });

  it('many in a row come in groups of bounded size', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, index) => put(index)));
    expect(commits).toBeGreaterThanOrEqual(3);
    expect(commits).toBeLessThanOrEqual(6);
    expect(await ids()).toHaveLength(200);
  });
});
