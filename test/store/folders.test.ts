import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLOB_USERS } from '../../src/store/blob-use.ts';
import {
  copyItems,
  itemsOf,
  moveItems,
  removeItems,
  setFlags,
  takeRecent,
} from '../../src/store/folder-items.ts';
import {
  createFolder,
  deleteFolder,
  folderOf,
  foldersOf,
  octetsOf,
  renameFolder,
} from '../../src/store/folders.ts';
import { listMailbox, putMailboxItem } from '../../src/store/mailbox.ts';
import { mailboxSignal } from '../../src/store/mailbox-signal.ts';
import { first } from '../../src/store/migrations/001-first.ts';
import { mailboxes } from '../../src/store/migrations/006-mailboxes.ts';
import { sqliteColumns } from '../../src/store/migrations/columns.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { type Scope, scopeOf } from '../../src/store/scope.ts';

const ADDRESS = 'x@a.example';
let store: Store;
let scope: Scope;
const signal = mailboxSignal();

beforeEach(async () => {
  store = await openStore({ hold: (work) => work }, { file: ':memory:' });
  scope = scopeOf(store.db, 'a', signal);
});
afterEach(() => store.close());

const put = (text: string, address = ADDRESS): Promise<void> =>
  putMailboxItem(scope, {
    address,
    kind: 'message',
    message_id: '1',
    internet_id: null,
    sender: '',
    subject: '',
    received_at: 1,
    bytes: Buffer.from(text),
  });
const blobs = async (): Promise<string[]> =>
  (await store.db.selectFrom('blob').select('bytes').execute()).map(({ bytes }) => String(bytes)).sort();
const folder = async (name = 'INBOX') => (await folderOf(scope, ADDRESS, name))!;
const shown = async (name = 'INBOX') =>
  (await itemsOf(scope, await folder(name))).map(({ uid, flags }) => `${uid} ${flags}`.trim());
const names = async () => (await foldersOf(scope, ADDRESS)).map(({ name }) => name);

describe('messages in folders', () => {
  it('get identifiers that only go up', async () => {
    await put('one');
    await put('two');
    expect(await removeItems(scope, await folder(), [2], () => true)).toEqual([2]);
    await put('three');
    expect(await shown()).toEqual(['1', '3']);
    expect(await folder()).toMatchObject({ uid_validity: 1, uid_next: 4 });
  });

  it('share octets, which are freed with the last of them', async () => {
    await put('same');
    await put('same');
    await put('other');
    expect(await octetsOf(scope, ADDRESS)).toBe(13);
    await removeItems(scope, await folder(), [1, 3], () => true);
    expect(await blobs()).toEqual(['same']);
    await createFolder(scope, ADDRESS, 'Archive');
    expect(await copyItems(scope, await folder(), [2, 9], await folder('Archive'))).toEqual([
      { from: 2, to: 1 },
    ]);
    await removeItems(scope, await folder(), [2], () => true);
    expect(await blobs()).toEqual(['same']);
    await deleteFolder(scope, ADDRESS, 'Archive');
    expect(await blobs()).toEqual([]);
    expect(await octetsOf(scope, ADDRESS)).toBe(0);
  });

  it('keep flags, and tell what changed since', async () => {
    await put('one');
    await put('two');
    const { change } = await folder();
    await setFlags(scope, await folder(), [1, 7], (flags) => [...flags, '\\Seen', '\\Seen']);
    expect(await shown()).toEqual(['1 \\Seen', '2']);
    expect((await itemsOf(scope, await folder(), change)).map(({ uid }) => uid)).toEqual([1]);
    const after = (await folder()).change;
    await setFlags(scope, await folder(), [1], (flags) => flags);
    expect((await folder()).change).toBe(after);
  });

  it('are moved', async () => {
    await put('one');
    await put('two');
    await createFolder(scope, ADDRESS, 'Old');
    expect(await moveItems(scope, await folder(), [1], await folder('Old'))).toEqual([{ from: 1, to: 1 }]);
    expect([await shown(), await shown('Old')]).toEqual([['2'], ['1']]);
    expect((await folder()).removed_at).toBe((await folder()).change);
    expect((await listMailbox(scope, ADDRESS)).map(({ uid }) => uid)).toEqual([2]);
  });

  it('are recent once', async () => {
    await put('one');
    expect(await takeRecent(scope, await folder())).toBe(1);
    expect(await takeRecent(scope, await folder())).toBe(2);
  });

  it('are announced within the process', async () => {
    let heard = 0;
    const stop = signal.watch(ADDRESS, () => heard++);
    await put('one');
    await put('one', 'y@a.example');
    expect(heard).toBe(1);
    stop();
    await put('two');
    expect(heard).toBe(1);
  });
});

describe('folders', () => {
  it('come with those above them, and go', async () => {
    expect(await createFolder(scope, ADDRESS, 'a/b')).toBe('done');
    expect(await createFolder(scope, ADDRESS, 'a/b')).toBe('exists');
    expect(await names()).toEqual(['INBOX', 'a', 'a/b']);
    expect(await deleteFolder(scope, ADDRESS, 'a')).toBe('done');
    expect(await folder('a')).toMatchObject({ selectable: 0 });
    expect(await deleteFolder(scope, ADDRESS, 'a')).toBe('none');
    expect(await deleteFolder(scope, ADDRESS, 'INBOX')).toBe('inbox');
    expect(await createFolder(scope, ADDRESS, 'a')).toBe('done');
  });

  it('never have the same validity twice', async () => {
    await createFolder(scope, ADDRESS, 'a');
    const before = (await folder('a')).uid_validity;
    await deleteFolder(scope, ADDRESS, 'a');
    await createFolder(scope, ADDRESS, 'a');
    expect((await folder('a')).uid_validity).toBeGreaterThan(before);
  });

  it('are renamed with those below them', async () => {
    await createFolder(scope, ADDRESS, 'a/b');
    expect(await renameFolder(scope, ADDRESS, 'a', 'c/d')).toBe('done');
    expect(await names()).toEqual(['INBOX', 'c', 'c/d', 'c/d/b']);
    expect(await renameFolder(scope, ADDRESS, 'c/d', 'c/d/e')).toBe('exists');
    expect(await renameFolder(scope, ADDRESS, 'x', 'y')).toBe('none');
  });

  it('take what is in INBOX when that is renamed', async () => {
    await put('one');
    await renameFolder(scope, ADDRESS, 'INBOX', 'Old');
    expect([await shown(), await shown('Old')]).toEqual([[], ['1']]);
  });
});

describe('the store', () => {
  it('frees octets only when every table with octets was asked', async () => {
    const tables = await sql<{ name: string }>`
      select m.name from sqlite_master m join pragma_table_info(m.name) c
      where m.type = 'table' and c.name = 'bytes_sha256'`.execute(store.db);
    expect(tables.rows.map(({ name }) => name).sort()).toEqual([...BLOB_USERS].sort());
  });

  it('finds mail of before in INBOX', async () => {
    const db = new Kysely<unknown>({
      dialect: new SqliteDialect({ database: new Database(':memory:') }),
    });
    await first(db, sqliteColumns);
    for (const [address, seen] of [
      ['x', 1],
      ['y', 0],
      ['x', 0],
    ] as const) {
      await sql`insert into mailbox_item (tenant, address, kind, message_id, sender, subject, received_at, size,
        bytes_sha256, seen) values ('a', ${address}, 'message', '1', '', '', 1, 5, 'h', ${seen})`.execute(db);
    }
    await mailboxes(db, sqliteColumns);
    const { rows } = await sql`select i.address, name, uid, flags, uid_next, octets from mailbox_item i
      join folder f on f.id = i.folder_id join mailbox m on m.address = i.address order by i.id`.execute(db);
    expect(rows).toEqual([
      { address: 'x', name: 'INBOX', uid: 1, flags: '\\Seen', uid_next: 3, octets: 10 },
      { address: 'y', name: 'INBOX', uid: 1, flags: '', uid_next: 2, octets: 5 },
      { address: 'x', name: 'INBOX', uid: 2, flags: '', uid_next: 3, octets: 10 },
    ]);
    await db.destroy();
  });
});
