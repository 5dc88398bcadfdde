import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startExpiryNotices } from '../../src/hisp/expiry-notices.ts';
import { displayMessage } from '../../src/mail/display.ts';
import type { Host } from '../../src/net/host.ts';
import { type SimNetwork, simNetwork } from '../../src/net/sim/network.ts';
import { toldNotices } from '../../src/store/calendar.ts';
import { listMailbox, readMailboxItem } from '../../src/store/mailbox.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { scopeOf } from '../../src/store/scope.ts';
import { type DatedThing, datedBundle } from '../../src/trust/expiry/thing.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 5);
const folder = mkdtempSync(join(tmpdir(), 'anchorage-expiry-'));
let network: SimNetwork;
let host: Host;
let store: Store;
let lines: string[];
let things: DatedThing[];

const thing = (title: string, days: number, domain = 'a.example'): DatedThing =>
  datedBundle(title, { validTo: START + days * DAY + 1 }, { holder: 'h', domain });
const open = async () => {
  store = await openStore(host, { file: join(folder, 'store.sqlite') });
};
const start = () =>
  startExpiryNotices(host, {
    things: () => things,
    scopeOf: (holder) => (holder === 'h' ? scopeOf(store.db, holder) : undefined),
    tell: (line) => lines.push(line),
    failed: (error) => lines.push(error.message),
  });
const sleep = (ms: number) => new Promise<void>((done) => host.timer(ms, done));

beforeEach(async () => {
  network = simNetwork({ seed: 1, epoch: START, sink: () => 0 });
  host = network.host('h', { addresses: ['10.0.0.1'] });
  lines = [];
  await network.run(open, { virtualMs: DAY, realMs: 5000 });
});
afterEach(async () => {
  await store.close();
  await network.close();
  rmSync(folder, { recursive: true });
});

it('tells at 90, 30, 14, 7 and 1 days, each once, though it is started again in between', async () => {
  things = [thing('The bundle', 91), { ...thing('Not ours', 1), holder: 'other' }];
  await network.run(
    async () => {
      for (const days of [2, 70, 25]) {
        const notices = start();
        await sleep(days * DAY);
        await notices.stop();
        await store.close();
        await open();
      }
    },
    { virtualMs: 200 * DAY, realMs: 20_000 },
  );
  expect(lines).toEqual([90, 30, 14, 7, 1].map((days) => expect.stringMatching(`ends in ${days} days? `)));
  const scope = scopeOf(store.db, 'h');
  expect((await toldNotices(scope, 9)).map(({ days }) => days)).toEqual([1, 7, 14, 30, 90]);
  const mail = await listMailbox(scope, 'postmaster@a.example');
  expect(mail).toHaveLength(5);
  const { bytes } = (await readMailboxItem(scope, mail[0]!.id))!;
  const { subject, text } = displayMessage(bytes);
  expect(subject).toBe('Trust bundle ends in 90 days (2026-04-06)');
  expect(text).toContain('What to do: Publish the bundle with a later date.');
});

it('gives a postmaster one message for all, and each of several domains its own', async () => {
  things = [thing('One', 20), thing('Two', 5), thing('Three', 5, 'b.example')];
  await network.run(
    async () => {
      const notices = start();
      await notices.round();
      await notices.round();
      await notices.stop();
    },
    { virtualMs: DAY, realMs: 5000 },
  );
  const scope = scopeOf(store.db, 'h');
  const [mail, ...more] = await listMailbox(scope, 'postmaster@a.example');
  expect([mail?.subject, more]).toEqual(['Trust bundle ends in 6 days (2026-01-10) (and 1 more)', []]);
  expect(await listMailbox(scope, 'postmaster@b.example')).toHaveLength(1);
});

it('tells nothing twice when the books cannot be written, and tries again', async () => {
  things = [thing('One', 20)];
  await network.run(
    async () => {
      await store.close();
      const notices = start();
      await notices.round();
      expect(lines).toHaveLength(1);
      await open();
      await notices.round();
      await notices.stop();
    },
    { virtualMs: DAY, realMs: 5000 },
  );
  expect(lines[1]).toContain('One ends in');
  expect(await listMailbox(scopeOf(store.db, 'h'), 'postmaster@a.example')).toHaveLength(1);
});
