import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFetcher } from '../../../src/http/fetch.ts';
import { type HttpReply, type HttpRequest, serveHttp } from '../../../src/http/server.ts';
import type { Host, Json, Socket } from '../../../src/net/host.ts';
import { type SimNetwork, simNetwork } from '../../../src/net/sim/network.ts';
import type { Certificate } from '../../../src/pki/certificate.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { bundlePem } from '../../../src/trust/bundle/build.ts';
import { BUNDLE_FETCH } from '../../../src/trust/bundle/consume-parts.ts';
import { type FileCalls, fileCalls } from '../../../src/trust/bundle/durable-file.ts';
import { folderShelf, memoryShelf, type Shelf } from '../../../src/trust/bundle/shelf.ts';
import type { BundleEvent } from '../../../src/trust/bundle/state.ts';
import { createSubscriber, type Subscriber } from '../../../src/trust/bundle/subscriber.ts';
import { type SubscriptionSpec, subscription } from '../../../src/trust/bundle/subscription.ts';
import {
  A,
  anchors,
  B,
  C,
  DAY,
  NOW,
  pems,
  pin,
  publisher,
  root,
  signed,
  stranger,
  unsigned,
} from './fixtures.ts';

const HOUR = 3_600_000;
const SERVER = '10.0.0.80';
const URL = `http://${SERVER}/community.p7b`;
const folder = mkdtempSync(join(tmpdir(), 'anchorage-shelf-'));
afterAll(() => rmSync(folder, { recursive: true }));

let network: SimNetwork;
let server: Host;
let client: Host;
let evidence: Json[];
beforeEach(() => {
  evidence = [];
  network = simNetwork({ seed: 1, epoch: NOW, sink: (_, { summary }) => evidence.push(summary) });
  server = network.host('server', { addresses: [SERVER] });
  client = network.host('client', { addresses: ['10.0.0.1'] });
});
afterEach(() => network.close());

const run = <T>(work: () => Promise<T>): Promise<T> =>
  network.run(work, { virtualMs: 60 * DAY, realMs: 20_000 });
const sleep = (ms: number): Promise<void> => new Promise((done) => void client.timer(ms, done));

interface Publishing {
  reply: (request: HttpRequest) => HttpReply;
  requests: HttpRequest[];
}
const ok = (body: Uint8Array | string, headers: Record<string, string> = {}): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'application/x-pkcs7-certificates', ...headers },
  body,
});
async function publishing(first: HttpReply): Promise<Publishing> {
  const publisher: Publishing = { reply: () => first, requests: [] };
  await serveHttp(server, {
    at: { host: SERVER, port: 80 },
    handle: (request) => {
      publisher.requests.push(request);
      return publisher.reply(request);
    },
  });
  return publisher;
}

const events: BundleEvent[] = [];
function consumer(spec: Partial<SubscriptionSpec> = {}, shelf: Shelf = memoryShelf()): Subscriber {
  events.length = 0;
  return createSubscriber(client, {
    subscriptions: [
      subscription({
        id: 'community',
        url: URL,
        unauthenticated: true,
        domains: [
          { domain: 'a.example', incoming: true, outgoing: true },
          { domain: 'B.example', incoming: true, outgoing: false },
        ],
        ...spec,
      }),
    ],
    fetcher: createFetcher(client, { ...BUNDLE_FETCH, allowPrivate: () => true }),
    shelf,
    tell: (event) => events.push(event),
  });
}
const trusted = (one: Subscriber, domain = 'a.example', direction: 'incoming' | 'outgoing' = 'incoming') =>
  one.anchors(domain, direction).map((anchor) => anchor.certificate?.sha256);
const of = (certificates: readonly Certificate[]): string[] =>
  certificates.map(({ sha256 }) => sha256).toSorted();
const kinds = (): string[] => events.map(({ kind }) => kind);
const failureOf = (one: Subscriber): string | undefined => one.state('community').failure?.code;

describe('a subscriber', () => {
  it('gives the anchors to its domains, by direction', () =>
    run(async () => {
      await publishing(ok(unsigned([A, B])));
      const one = consumer();
      expect(one.entries()).toEqual([]);
      await one.refresh('community');
      expect(trusted(one).toSorted()).toEqual(of([A, B]));
      expect(trusted(one, 'b.example', 'incoming')).toHaveLength(2);
      expect(trusted(one, 'b.example', 'outgoing')).toEqual([]);
      expect(trusted(one, 'c.example')).toEqual([]);
      expect(one.anchors('a.example', 'incoming')[0]!.source).toBe('community');
      expect(evidence).toContainEqual(expect.objectContaining({ op: 'bundle', kind: 'installed' }));
    }));

  it('measures time to trust and to distrust: within one interval', () =>
    run(async () => {
      const site = await publishing(ok(unsigned([A])));
      const one = consumer({ intervalMs: HOUR });
      one.start();
      await sleep(90 * 60_000);
      const publishedAt = client.now();
      site.reply = () => ok(unsigned([A, B, C]));
      await sleep(2 * HOUR);
      site.reply = () => ok(unsigned([A, B]));
      const removedAt = client.now();
      await sleep(2 * HOUR);
      await one.stop();
      const [, added, removed] = events.filter((event) => event.kind === 'installed');
      expect((added!.at - publishedAt) / 60_000).toBeCloseTo(30, 0);
      expect((removed!.at - removedAt) / 60_000).toBeCloseTo(30, 0);
      expect(removed).toMatchObject({ alarm: true });
      expect(trusted(one).toSorted()).toEqual(of([A, B]));
    }));

  it('asks whether anything changed, and takes a 304 for an answer', () =>
    run(async () => {
      const site = await publishing(ok(unsigned([A])));
      const date = 'Mon, 05 Jan 2026 10:00:00 GMT';
      site.reply = ({ headers }) =>
        headers['if-none-match'] === '"1"' && headers['if-modified-since'] === date
          ? { status: 304 }
          : ok(unsigned([A]), { etag: '"1"', 'last-modified': date });
      const one = consumer();
      await one.refresh('community');
      await one.refresh('community');
      expect(kinds()).toEqual(['installed', 'unchanged']);
      expect(site.requests[1]!.headers['if-none-match']).toBe('"1"');
    }));

  it('refreshes once when asked twice at the same time', () =>
    run(async () => {
      const site = await publishing(ok(unsigned([A])));
      const one = consumer();
      await Promise.all([one.refresh('community'), one.refresh('community')]);
      expect(site.requests).toHaveLength(1);
    }));

  it('holds ten to two for a day without a refresh in between, then applies it', () =>
    run(async () => {
      const site = await publishing(ok(unsigned(anchors)));
      const one = consumer({ intervalMs: 7 * DAY });
      await one.refresh('community');
      site.reply = () => ok(unsigned([A, B]));
      await one.refresh('community');
      one.start();
      expect(trusted(one)).toHaveLength(10);
      expect(failureOf(one)).toBe('bundle.shrink');
      await sleep(23 * HOUR);
      expect(trusted(one)).toHaveLength(10);
      await sleep(2 * HOUR);
      await one.stop();
      expect(trusted(one).toSorted()).toEqual(of([A, B]));
      expect(kinds()).toEqual(['installed', 'held', 'installed']);
      expect(events.at(-1)!.at - events[1]!.at).toBe(24 * HOUR);
      expect(site.requests).toHaveLength(2);
    }));

  it('goes through a week without the bundle host: last good kept, backed off, one alarm', () =>
    run(async () => {
      const site = await publishing(ok(unsigned([A, B])));
      const one = consumer();
      one.start();
      await sleep(HOUR);
      site.reply = () => ({ status: 503 });
      await sleep(7 * DAY);
      expect(trusted(one)).toHaveLength(2);
      expect(kinds().filter((kind) => kind === 'stale')).toHaveLength(1);
      const tries = events.filter(({ kind }) => kind === 'failed').map(({ at }) => (at - NOW) / 60_000);
      expect(tries.slice(0, 5).map((at) => Math.round(at - tries[0]!))).toEqual([0, 1, 6, 21, 81]);
      site.reply = () => ok(unsigned([A]));
      await sleep(61 * 60_000);
      await one.stop();
      expect(trusted(one)).toEqual(of([A]));
      expect(one.state('community')).toMatchObject({ stale: false, failures: 0 });
    }));

  it('lists what is no good anchor and gives it to nobody', () =>
    run(async () => {
      const weak = root('Weak', { key: keyPool.take('rsa1024') }).certificate;
      const leaf = root('Leaf', { profile: 'address', emails: ['x@x.example'] }).certificate;
      const silent = root('Silent', { keyUsage: ['cRLSign'] }).certificate;
      const all = [A, weak, leaf, silent];
      await publishing(ok(unsigned(all)));
      const one = consumer();
      await one.refresh('community');
      expect(trusted(one)).toEqual([A.sha256]);
      expect(
        one
          .inactive('community')
          .map(({ cause }) => cause.code)
          .toSorted(),
      ).toEqual(['cert.weak-key', 'trust.constraint', 'trust.constraint']);
      const named = consumer({ allowed: [leaf.sha256] });
      await named.refresh('community');
      expect(trusted(named).toSorted()).toEqual(of([A, leaf]));
    }));
});

describe('what does not pass leaves the last good set, and says why', () => {
  const html = ok('<!DOCTYPE html><title>Sign in</title>', { 'content-type': 'text/html' });
  const pinned = { pins: [pin(publisher)] };
  it.each<[string, HttpReply, Partial<SubscriptionSpec>, string]>([
    ['404', { status: 404 }, {}, 'bundle.not-found'],
    ['410', { status: 410 }, {}, 'bundle.not-found'],
    ['500', { status: 500, body: unsigned([C]) }, {}, 'bundle.http-status'],
    ['204 without a body', { status: 204 }, {}, 'bundle.http-status'],
    ['a web page with 200', html, {}, 'bundle.format'],
    ['nothing with 200', ok(''), {}, 'bundle.format'],
    ['a truncated one', ok(unsigned([C]).subarray(0, 700)), {}, 'bundle.format'],
    ['50 MB', ok(Buffer.alloc(50_000_000, 0x30)), {}, 'bundle.format'],
    ['a wrong signer', ok(signed([C], stranger)), pinned, 'bundle.signer-mismatch'],
    ['unsigned with a pin', ok(unsigned([C])), pinned, 'bundle.signer-missing'],
    ['PEM certificates with a pin', ok(pems([C])), pinned, 'bundle.signer-missing'],
    [
      'named .p7m but unsigned',
      ok(bundlePem(unsigned([C]))),
      { ...pinned, url: `http://${SERVER}/x.p7m` },
      'bundle.signer-missing',
    ],
    ['a redirect for ever', { status: 302, headers: { location: '/again' } }, {}, 'bundle.unreachable'],
  ])('%s', (_, bad, spec, code) =>
    run(async () => {
      const good = spec.pins ? signed([A, B], publisher, NOW) : unsigned([A, B]);
      const site = await publishing(ok(good));
      const one = consumer(spec);
      await one.refresh('community');
      site.reply = () => bad;
      await one.refresh('community');
      expect(failureOf(one)).toBe(code);
      expect(trusted(one).toSorted()).toEqual(of([A, B]));
      // and the same path works again
      site.reply = () => ok(good);
      await one.refresh('community');
      expect(failureOf(one)).toBeUndefined();
      expect(kinds()).toEqual(['installed', 'failed', 'unchanged']);
    }),
  );

  it('an empty one, and a set without any', () =>
    run(async () => {
      const empty = Buffer.from(
        '302306092a864886f70d010702a0163014020101310 0300b06092a864886f70d0107013100'.replaceAll(' ', ''),
        'hex',
      );
      const site = await publishing(ok(unsigned([A])));
      const one = consumer();
      await one.refresh('community');
      site.reply = () => ok(empty);
      await one.refresh('community');
      expect(failureOf(one)).toBe('bundle.empty');
      expect(trusted(one)).toHaveLength(1);
    }));

  it.each<[string, (socket: Socket) => void, string]>([
    ['a server that says nothing', () => {}, 'bundle.timeout'],
    [
      'one that stalls in the middle',
      (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n0'),
      'bundle.timeout',
    ],
    [
      'one that ends in the middle',
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n0'),
      'bundle.unreachable',
    ],
    ['one that speaks something else', (socket) => void socket.end('220 mail\r\n'), 'bundle.unreachable'],
  ])('%s', (_, speak, code) =>
    run(async () => {
      await server.listen({ host: SERVER, port: 80 }, (socket) => socket.on('data', () => speak(socket)));
      const one = consumer();
      const began = client.now();
      await one.refresh('community');
      expect(failureOf(one)).toBe(code);
      expect(client.now() - began).toBeLessThanOrEqual(30_000);
    }),
  );

  it('nobody listening, and no such name', () =>
    run(async () => {
      const one = consumer();
      await one.refresh('community');
      expect(failureOf(one)).toBe('bundle.unreachable');
      const other = consumer({ url: 'http://nobody.example/x.p7b' });
      await other.refresh('community');
      expect(failureOf(other)).toBe('bundle.not-found');
    }));
});

describe('on disk', () => {
  let place: string;
  let count = 0;
  beforeEach(() => {
    place = join(folder, String(count++));
  });
  const on = (calls?: FileCalls) => folderShelf(place, calls);

  it('what was trusted is trusted after a restart, held sets and refusals too', () =>
    run(async () => {
      const site = await publishing(ok(unsigned(anchors), { etag: '"x"' }));
      const one = consumer({}, on());
      await one.refresh('community');
      site.reply = () => ok(unsigned([A, B]));
      const before = await one.refresh('community');
      const two = consumer({}, on());
      expect(trusted(two)).toHaveLength(10);
      const after = two.state('community');
      expect(after).toEqual(before);
      two.decide('community', 'apply');
      expect(trusted(two).toSorted()).toEqual(of([A, B]));
      const three = consumer({}, on());
      three.decide('community', 'rollback');
      expect(trusted(three)).toHaveLength(10);
      await three.refresh('community');
      expect(trusted(consumer({}, on()))).toHaveLength(10);
      expect(readdirSync(join(place, 'community'))).toHaveLength(3);
    }));

  it('a crash at any moment leaves the old set or the new one, whole', () =>
    run(async () => {
      const site = await publishing(ok(unsigned([A, B, C])));
      let crashAt = Number.POSITIVE_INFINITY;
      let calls = 0;
      const step =
        <T extends unknown[]>(call: (...args: T) => void) =>
        (...args: T) => {
          if (calls++ >= crashAt) throw new Error('power cut');
          call(...args);
        };
      const dying: FileCalls = {
        create: (path, bytes) => {
          // half a file, as a crash leaves it
          if (calls === crashAt) writeFileSync(path, bytes.subarray(0, bytes.length / 2));
          step(fileCalls.create)(path, bytes);
        },
        rename: step(fileCalls.rename),
        flushFolder: step(fileCalls.flushFolder),
        remove: step(fileCalls.remove),
      };
      const outcomes = new Set<string>();
      for (crashAt = 0; crashAt < 20; crashAt++) {
        rmSync(place, { recursive: true, force: true });
        site.reply = () => ok(unsigned([A, B, C]));
        await consumer({}, on()).refresh('community');
        calls = 0;
        site.reply = () => ok(unsigned([A, B]));
        const one = consumer({}, on(dying));
        await one.refresh('community');
        if (kinds().includes('not-kept')) expect(one.entries()).toHaveLength(6);
        const again = consumer({}, on());
        const found = trusted(again).toSorted();
        expect([JSON.stringify(of([A, B, C])), JSON.stringify(of([A, B]))]).toContain(JSON.stringify(found));
        outcomes.add(String(found.length));
        // and it goes on from there
        await again.refresh('community');
        expect(trusted(again).toSorted()).toEqual(of([A, B]));
      }
      expect([...outcomes].toSorted()).toEqual(['2', '3']);
    }));

  it('what was changed on disk, or no longer fits the pin, is not trusted', () =>
    run(async () => {
      await publishing(ok(signed([A], publisher, NOW)));
      const pinned = { pins: [pin(publisher)] };
      await consumer(pinned, on()).refresh('community');
      const other = consumer({ pins: [pin(stranger)] }, on());
      expect(trusted(other)).toEqual([]);
      expect(kinds()).toEqual(['not-read']);
      const inside = join(place, 'community');
      const file = readdirSync(inside).find((name) => name.endsWith('.bundle'))!;
      const bytes = readFileSync(join(inside, file));
      writeFileSync(join(inside, file), signed([A, B], publisher, NOW));
      const tampered = consumer(pinned, on());
      expect(trusted(tampered)).toEqual([]);
      writeFileSync(join(inside, file), bytes);
      expect(trusted(consumer(pinned, on()))).toEqual([A.sha256]);
      writeFileSync(join(inside, 'state.json'), '{');
      const damaged = consumer(pinned, on());
      expect(kinds()).toEqual(['not-read']);
      await damaged.refresh('community');
      expect(trusted(damaged)).toEqual([A.sha256]);
    }));
});
