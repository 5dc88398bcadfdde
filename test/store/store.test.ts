import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyPool } from '../../src/pki/keys.ts';
import { freeBlob } from '../../src/store/blob-use.ts';
import { findBlob, getBlob, PART_OCTETS, putBlob } from '../../src/store/blobs.ts';
import { claim, nextDue, releaseLeases } from '../../src/store/claims.ts';
import { putAnchor, putIdentity, readAnchors, readIdentities } from '../../src/store/identities.ts';
import {
  listMailbox,
  putMailboxItem,
  readJournal,
  readMailboxItem,
  writeJournal,
} from '../../src/store/mailbox.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import {
  advance,
  enqueue,
  LARGE_OCTETS,
  type NewQueued,
  overdue,
  recipientsOf,
} from '../../src/store/queue.ts';
import { atomically, type Scope, scopeOf } from '../../src/store/scope.ts';
import { openPrivateKey, sealKey, sealPrivateKey } from '../../src/store/seal.ts';
import { acceptOnce, noteNotice, trackedBy } from '../../src/store/tracking.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

let held = 0;
const host = {
  hold<T>(work: Promise<T>): Promise<T> {
    held++;
    return work;
  },
};
let store: Store;
let scope: Scope;
beforeEach(async () => {
  store = await openStore(host, { file: ':memory:' });
  scope = scopeOf(store.db, 'a');
});
afterEach(() => store.close());

const message = (id: string, more = {}) => ({
  id,
  direction: 'out' as const,
  kind: 'message' as const,
  envelope_from: 'x@a.example',
  received_at: 1000,
  internet_id: `<${id}@a.example>`,
  delivery_requested: 0,
  follows: null,
  bytes: Buffer.from(`message ${id}`),
  ...more,
});
const recipient = (address: string, more: Partial<NewQueued> = {}): NewQueued => ({
  address,
  written: address,
  domain: address.split('@')[1]!,
  stage: 'prepare',
  state: 'open',
  next_at: 1000,
  deadline: 9000,
  timer_at: 9000,
  ...more,
});
const lease = async (stage: 'open' | 'prepare' | 'transmit', now: number) =>
  (await claim(scope, { stage, now, owner: 'node/me', leaseMs: 100, most: 1 }))[0];
const names = (work: Awaited<ReturnType<typeof lease>>) =>
  work && [work.message.id, ...work.recipients.map((row) => row.address).sort()];

const nothing = { open: null, transmit: null, prepare: null, forward: null, lease: null, timer: null };

describe('queue', () => {
  it('keeps a message with all its recipients, or nothing', async () => {
    await enqueue(scope, message('1'), [recipient('y@b.example'), recipient('z@b.example')]);
    expect(await recipientsOf(scope, '1')).toHaveLength(2);
    await expect(enqueue(scope, message('1'), [recipient('v@b.example')])).rejects.toThrow(/UNIQUE/);
    expect(await recipientsOf(scope, '1')).toHaveLength(2);
  });

  it('gives each work to one, in the order in which it is due, and again when the lease ran out', async () => {
    await enqueue(scope, message('1'), [
      recipient('y@b.example', { next_at: 1500 }),
      recipient('z@b.example', { next_at: 3000 }),
    ]);
    await enqueue(scope, message('2'), [recipient('y@b.example', { next_at: 1200 })]);
    expect(names(await lease('prepare', 1100))).toBeUndefined();
    expect(names(await lease('open', 2000))).toBeUndefined();
    expect(names(await lease('prepare', 2000))).toEqual(['2', 'y@b.example']);
    expect(names(await lease('prepare', 2000))).toEqual(['1', 'y@b.example']);
    expect(names(await lease('prepare', 2000))).toBeUndefined();
    expect(names(await lease('prepare', 2100))).toEqual(['2', 'y@b.example']);
    await releaseLeases(scope, 'nod');
    expect(names(await lease('prepare', 2099))).toBeUndefined();
    await releaseLeases(scope, 'node');
    expect(names(await lease('prepare', 2099))).toEqual(['2', 'y@b.example']);
  });

  it('sends by envelope and domain', async () => {
    const sent = { stage: 'transmit' as const };
    await enqueue(scope, message('1'), [
      recipient('y@b.example', sent),
      recipient('z@b.example', sent),
      recipient('y@c.example', sent),
    ]);
    for (const row of await recipientsOf(scope, '1')) await advance(scope, row, { envelope_id: 'e1' });
    const spared = { stage: 'transmit' as const, now: 2000, owner: 'me', leaseMs: 1, most: 9 };
    expect(await claim(scope, { ...spared, notDomains: ['b.example', 'c.example'] })).toEqual([]);
    expect(names(await lease('transmit', 2000))).toEqual(['1', 'y@b.example', 'z@b.example']);
    expect(names(await lease('transmit', 2000))).toEqual(['1', 'y@c.example']);
  });

  it('gives as much at once as is wanted, and for each domain as there is room', async () => {
    const sent = { stage: 'transmit' as const };
    for (const id of ['1', '2', '3', '4']) {
      const domain = id === '3' ? 'c.example' : 'b.example';
      await enqueue(scope, message(id), [
        recipient(`y@${domain}`, { ...sent, next_at: 1000 + Number(id) }),
        recipient(`z@${domain}`, { ...sent, next_at: 1000 + Number(id) }),
      ]);
      for (const row of await recipientsOf(scope, id)) await advance(scope, row, { envelope_id: `e${id}` });
    }
    const wanted = { stage: 'transmit' as const, now: 2000, owner: 'me', leaseMs: 100 };
    const roomFor = (domain: string) => (domain === 'b.example' ? 1 : 5);
    expect((await claim(scope, { ...wanted, most: 9, roomFor })).map(names)).toEqual([
      ['1', 'y@b.example', 'z@b.example'],
      ['3', 'y@c.example', 'z@c.example'],
    ]);
    expect((await claim(scope, { ...wanted, most: 1 })).map(names)).toEqual([
      ['2', 'y@b.example', 'z@b.example'],
    ]);
    expect((await claim(scope, { ...wanted, most: 9 })).map(names)).toEqual([
      ['4', 'y@b.example', 'z@b.example'],
    ]);
    expect(await claim(scope, { ...wanted, most: 9 })).toEqual([]);
  });

  it('gives few large messages at once, and the small ones behind them', async () => {
    const large = Buffer.alloc(LARGE_OCTETS, 'x');
    for (const id of ['1', '2', '3', '4']) {
      const bytes = Number(id) < 4 ? { bytes: large } : {};
      await enqueue(scope, message(id, bytes), [recipient('y@b.example', { next_at: 1000 + Number(id) })]);
    }
    const wanted = { stage: 'prepare' as const, now: 2000, owner: 'me', leaseMs: 100, most: 9 };
    const some = await claim(scope, { ...wanted, roomForLarge: 1 });
    expect(some.map(({ message: { id }, isLarge }) => [id, isLarge])).toEqual([
      ['1', true],
      ['4', false],
    ]);
    expect(await claim(scope, { ...wanted, roomForLarge: 0 })).toEqual([]);
    expect((await claim(scope, wanted)).map(({ message: { id } }) => id)).toEqual(['2', '3']);
  });

  it('lets a message wait for the one that it follows', async () => {
    await enqueue(scope, message('2', { follows: '1' }), [recipient('y@b.example', { next_at: 500 })]);
    await enqueue(scope, message('1'), [recipient('y@b.example')]);
    expect(names(await lease('prepare', 2000))).toEqual(['1', 'y@b.example']);
    expect(names(await lease('prepare', 2000))).toBeUndefined();
    expect((await nextDue(scope)).prepare).toBeNull();
    const [row] = await recipientsOf(scope, '1');
    await advance(scope, row!, { stage: 'ended', next_at: null });
    expect((await nextDue(scope)).prepare).toBe(500);
    expect(names(await lease('prepare', 2000))).toEqual(['2', 'y@b.example']);
  });

  it('lets one of two who saw the same change it', async () => {
    await enqueue(scope, message('1'), [recipient('y@b.example')]);
    const [row] = await recipientsOf(scope, '1');
    expect(await advance(scope, row!, { state: 'processed' })).toBe(true);
    expect(await advance(scope, row!, { state: 'failed' })).toBe(false);
    expect(await recipientsOf(scope, '1')).toMatchObject([{ state: 'processed', version: 1 }]);
  });

  it('knows when there is something to do next', async () => {
    expect(await nextDue(scope)).toEqual(nothing);
    await enqueue(scope, message('1'), [recipient('y@b.example', { next_at: 1500, timer_at: 8000 })]);
    expect(await nextDue(scope)).toEqual({ ...nothing, prepare: 1500, timer: 8000 });
    await lease('prepare', 1500);
    expect(await nextDue(scope)).toEqual({ ...nothing, lease: 1600, timer: 8000 });
    const [row] = await recipientsOf(scope, '1');
    await advance(scope, row!, { stage: 'ended', next_at: null });
    expect(await nextDue(scope)).toEqual({ ...nothing, timer: 8000 });
    expect(await overdue(scope, 7999)).toEqual([]);
    expect(await overdue(scope, 8000)).toMatchObject([{ address: 'y@b.example' }]);
  });
});

describe('tenants', () => {
  it('see nothing of each other', async () => {
    const other = scopeOf(store.db, 'b');
    await enqueue(scope, message('1'), [recipient('y@b.example')]);
    await putMailboxItem(scope, {
      address: 'x@a.example',
      kind: 'message',
      message_id: '1',
      internet_id: null,
      sender: '',
      subject: '',
      received_at: 1,
      bytes: Buffer.from('hello'),
    });
    const [item] = await listMailbox(scope, 'x@a.example');
    expect(Buffer.from((await readMailboxItem(scope, item!.id))!.bytes).toString()).toBe('hello');
    expect(await listMailbox(other, 'x@a.example')).toEqual([]);
    expect(await readMailboxItem(other, item!.id)).toBeUndefined();
    expect(await recipientsOf(other, '1')).toEqual([]);
    expect(await nextDue(other)).toEqual(nothing);
    expect(await claim(other, { stage: 'prepare', now: 5000, owner: 'me', leaseMs: 1, most: 9 })).toEqual([]);
    await enqueue(other, message('1'), [recipient('y@b.example')]);
    await expect(getBlob(other, await putBlob(scope, Buffer.from('secret')))).rejects.toThrow(/lacks/);
  });
});

describe('tracking', () => {
  it('finds messages by id and recipient, newest first', async () => {
    await enqueue(scope, message('1', { internet_id: '<i@a>' }), [recipient('y@b.example')]);
    await enqueue(scope, message('2', { internet_id: '<i@a>', received_at: 2000 }), [
      recipient('y@b.example'),
    ]);
    await enqueue(scope, message('3', { internet_id: '<i@a>', kind: 'mdn' }), [recipient('y@b.example')]);
    const found = await trackedBy(scope, '<i@a>', ['y@b.example', 'nobody@b.example']);
    expect(found.map(({ message: { id } }) => id)).toEqual(['2', '1']);
    expect(await trackedBy(scope, '<I@a>', ['y@b.example'])).toEqual([]);
  });

  it('tells once, accepts once', async () => {
    const notice = {
      id: 'n',
      message_id: '1',
      recipient: 'y@b.example',
      kind: 'failed' as const,
      sent_at: 1,
    };
    expect([await noteNotice(scope, notice), await noteNotice(scope, notice)]).toEqual([true, false]);
    const content = { digest: 'd', message_id: '1', address: 'y@b.example', at: 1 };
    expect(await acceptOnce(scope, content)).toBeUndefined();
    expect(await acceptOnce(scope, { ...content, message_id: '2' })).toBe('1');
  });

  it('keeps a journal', async () => {
    await writeJournal(scope, { at: 1, event: 'message.received', messageId: '1', detail: { n: 1 } });
    await writeJournal(scope, { at: 2, event: 'other' });
    expect(await readJournal(scope, '1')).toMatchObject([{ event: 'message.received', detail: '{"n":1}' }]);
    expect(await readJournal(scope)).toHaveLength(2);
  });
});

describe('blobs', () => {
  const parts = async (): Promise<number[]> =>
    (await store.db.selectFrom('blob_part').select('n').orderBy('n').execute()).map(({ n }) => n);

  it.each([0, 1, PART_OCTETS - 1, PART_OCTETS, PART_OCTETS + 1, 3 * PART_OCTETS, 3 * PART_OCTETS + 5])(
    'of %i octets come back as they were, once, and go altogether',
    async (length) => {
      const bytes = Buffer.alloc(length, 'a large message, or a small one');
      const sha256 = await putBlob(scope, bytes);
      expect(await putBlob(scope, bytes)).toBe(sha256);
      expect(Buffer.compare(await getBlob(scope, sha256), bytes)).toBe(0);
      expect((await parts()).length).toBe(Math.max(0, Math.ceil(length / PART_OCTETS) - 1));
      await freeBlob(scope, sha256);
      expect(await parts()).toEqual([]);
      expect(await findBlob(scope, sha256)).toBeUndefined();
    },
  );

  it('that lack a part are damage, and not a shorter message', async () => {
    const sha256 = await putBlob(scope, Buffer.alloc(3 * PART_OCTETS));
    await store.db.deleteFrom('blob_part').where('n', '=', 1).execute();
    await expect(getBlob(scope, sha256)).rejects.toThrow(/lacks/);
  });

  it('are kept whole or not at all', async () => {
    const failing = atomically(scope, async (inside) => {
      await putBlob(inside, Buffer.alloc(3 * PART_OCTETS));
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await parts()).toEqual([]);
  });
});

describe('transactions', () => {
  it('keep all or nothing, one after the other', async () => {
    const failing = atomically(scope, async (inside) => {
      await putBlob(inside, Buffer.from('lost'));
      throw new Error('stop');
    });
    const keeping = atomically(scope, (inside) => putBlob(inside, Buffer.from('kept')));
    await expect(failing).rejects.toThrow('stop');
    await keeping;
    expect(await store.db.selectFrom('blob').select('bytes').execute()).toEqual([
      { bytes: Buffer.from('kept') },
    ]);
  });

  it('announce their waits to the host', async () => {
    held = 0;
    await putBlob(scope, Buffer.from('x'));
    expect(held).toBeGreaterThan(0);
  });
});

describe('a store on disk', () => {
  const file = join(folder, 'deep', 'store.db');
  it('is there when it is opened again, and flushes each commit', async () => {
    const first = await openStore(host, { file });
    await putBlob(scopeOf(first.db, 'a'), Buffer.from('stays'));
    await first.close();
    const second = await openStore(host, { file });
    expect(await second.db.selectFrom('blob').select('bytes').execute()).toEqual([
      { bytes: Buffer.from('stays') },
    ]);
    await second.close();
  });
  it('of another version is refused with what to do', async () => {
    const other = join(folder, 'other.db');
    const made = await openStore(host, { file: other });
    await sql`insert into kysely_migration (name, timestamp) values ('000-elsewhere', '2026-01-01')`.execute(
      made.db,
    );
    await made.close();
    await expect(openStore(host, { file: other })).rejects.toThrow(
      /other\.db was made by another version.*set its folder aside/,
    );
  });

  it('that is no store is refused', async () => {
    const other = join(folder, 'other');
    writeFileSync(other, 'this is not a database, and long enough to be seen as none');
    await expect(openStore(host, { file: other })).rejects.toThrow(/not a database/);
  });
});

describe('keys at rest', () => {
  it('come back under their name and key only, and lie nowhere in clear', async () => {
    const file = join(folder, 'seal.key');
    const key = sealKey(file);
    expect(sealKey(file)).toEqual(key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { privateKey } = keyPool.take('p256', 0);
    const der = Buffer.from('certificate');
    await putIdentity(scope, key, {
      owner: 'Dir.A.example',
      purpose: 'dual',
      state: 'active',
      der,
      privateKey,
    });
    await putIdentity(scope, key, { owner: 'dir.a.example', purpose: 'dual', state: 'decrypt-only', der });
    const [identity, ...more] = await readIdentities(scope, key);
    expect(more).toEqual([]);
    expect(identity).toMatchObject({ owner: 'dir.a.example', state: 'decrypt-only' });
    expect(identity!.privateKey!.equals(privateKey)).toBe(true);
    const clear = privateKey.export({ type: 'pkcs8', format: 'der' });
    const [row] = await store.db.selectFrom('key').selectAll().execute();
    expect(Buffer.from(row!.sealed).includes(clear.subarray(-20))).toBe(false);
    const sealed = sealPrivateKey(key, 'one', privateKey);
    expect(() => openPrivateKey(key, 'two', sealed)).toThrow();
    expect(() => openPrivateKey(Buffer.alloc(32), 'one', sealed)).toThrow();
    expect(openPrivateKey(key, 'one', sealed).equals(privateKey)).toBe(true);
  });

  it('anchors of a domain', async () => {
    const anchor = {
      domain: 'A.example',
      der: Buffer.from('ca'),
      incoming: 1,
      outgoing: 1,
      source: 'manual',
    };
    await putAnchor(scope, anchor);
    await putAnchor(scope, { ...anchor, outgoing: 0 });
    expect(await readAnchors(scope)).toMatchObject([{ domain: 'a.example', incoming: 1, outgoing: 0 }]);
  });
});
