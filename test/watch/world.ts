/** A network in which one domain is published whole, and a host that watches it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../../src/dns/answer.ts';
import type { ResourceRecord } from '../../src/dns/records.ts';
import { serveDns } from '../../src/dns/server.ts';
import { buildZone, zoneApex } from '../../src/dns/zone.ts';
import { type HttpRequest, serveHttp } from '../../src/http/server.ts';
import type { Host, Listener } from '../../src/net/host.ts';
import { simNetwork } from '../../src/net/sim/network.ts';
import type { Issued } from '../../src/pki/issue.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { scopeOf } from '../../src/store/scope.ts';
import { type AnchorEntry, anchorOf, anchorSets } from '../../src/trust/anchors.ts';
import type { WatchEvent } from '../../src/watch/event.ts';
import { observe, type Watched } from '../../src/watch/observe.ts';
import { createWatcher, type Watcher, type WatcherOptions } from '../../src/watch/watcher.ts';
import { CRL, crlOf, DAY, leaf, NOW, root } from '../trust/fixtures.ts';

export const DOMAIN = 'b.example';
export const EYES = 'alice@a.example';
export const HOUR = 3_600_000;
export const START = NOW;

export const NS = ['10.0.0.53', '10.0.0.54'] as const;
const MX = '10.0.0.25';
const WEB = '10.0.0.80';
const HOOK = '10.0.0.90';

/** What is published; tests change it between looks. */
export interface Published {
  certificates: Issued[];
  /** Of each name server. */
  serials: [number, number];
  mx: string[];
  /** nextUpdate of the list, ms since 1970 UTC. */
  listUntil: number;
  anchors: Issued[];
  /** What the web server of the lists answers. */
  web: number;
  /** What the receiver of webhooks answers. */
  hook: number;
}

export interface WatchWorld {
  readonly host: Host;
  readonly published: Published;
  readonly events: WatchEvent[];
  readonly lines: string[];
  /** Requests that the webhook server got. */
  readonly posts: HttpRequest[];
  /** Addresses that were connected to, `host:port`. */
  readonly called: Set<string>;
  store(): Store;
  /** Opens or closes port 25. */
  port25(open: boolean): Promise<void>;
  silence(address: string): void;
  watcher(options?: Partial<WatcherOptions>): Watcher;
  /** Closes the books and opens them again. */
  reopen(): Promise<void>;
  sleep(ms: number): Promise<void>;
}

export const watched: Watched = { domain: DOMAIN, kind: 'partner', address: 'bob@b.example', eyes: [EYES] };

/** @param allowed addresses that may be called; default: all of the network */
export async function inWorld(
  work: (world: WatchWorld) => Promise<void>,
  allowed: (address: string) => boolean = () => true,
): Promise<void> {
  const network = simNetwork({ seed: 5, epoch: START, sink: () => 0 });
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-watch-'));
  const resolver = { host: NS[0], port: 53 };
  const real = network.host('watch', { addresses: ['10.0.0.1'], resolvers: [resolver] });
  const called = new Set<string>();
  const host: Host = {
    ...real,
    dial(to, options) {
      called.add(`${to.host}:${to.port}`);
      return real.dial(to, options);
    },
  };
  const published: Published = {
    certificates: [leaf()],
    serials: [1, 1],
    mx: ['mx.b.example'],
    listUntil: START + 400 * DAY,
    anchors: [root],
    web: 200,
    hook: 204,
  };
  const events: WatchEvent[] = [];
  const lines: string[] = [];
  const posts: HttpRequest[] = [];
  let store: Store;
  let mail: Listener | undefined;
  const mailHost = network.host('mx', { addresses: [MX] });
  const port25 = async (open: boolean): Promise<void> => {
    await mail?.close();
    mail = open ? await mailHost.listen({ host: MX, port: 25 }, greet) : undefined;
  };
  const reopen = async (): Promise<void> => {
    await store?.close();
    store = await openStore(host, { file: join(folder, 'watch.sqlite') });
  };
  const world: WatchWorld = {
    host,
    published,
    events,
    lines,
    posts,
    called,
    store: () => store,
    port25,
    silence: (address) => network.link('*', address, { blackhole: true }),
    reopen,
    sleep: (ms) => new Promise((done) => host.timer(ms, () => done())),
    watcher: (options) =>
      createWatcher(host, {
        domains: [watched],
        observe: (one) =>
          observe(host, one, {
            allowed,
            helo: 'a.example',
            anchors: (domain, direction) => anchorSets(published.anchors.map(entryOf))(domain, direction),
          }),
        scope: scopeOf(store.db, 'watch'),
        channels: [],
        intervalMs: HOUR,
        tell: (event) => events.push(event),
        undelivered: (line) => lines.push(line),
        failed: (error) => lines.push(String(error.stack)),
        ...options,
      }),
  };
  try {
    await network.run(
      async () => {
        for (const [index, address] of NS.entries())
          await serveDns(network.host(`ns${index}`, { addresses: [address] }), {
            at: [{ host: address, port: 53 }],
            answer: (query, { transport }) =>
              createAuthority([zoneOf(published, published.serials[index]!)]).answer(query, transport),
          });
        await serveHttp(network.host('web', { addresses: [WEB] }), {
          at: { host: WEB, port: 80 },
          handle: () => ({
            status: published.web,
            body: crlOf(root, [], { thisUpdate: START - HOUR, nextUpdate: published.listUntil }),
          }),
        });
        await serveHttp(network.host('hook', { addresses: [HOOK] }), {
          at: { host: HOOK, port: 80 },
          handle(request) {
            posts.push(request);
            return { status: published.hook };
          },
        });
        await port25(true);
        await reopen();
        await work(world);
        await store.close();
      },
      { virtualMs: 1000 * DAY, realMs: 60_000 },
    );
  } finally {
    await network.close();
    rmSync(folder, { recursive: true });
  }
}

const entryOf = (issued: Issued): AnchorEntry => ({
  domain: 'a.example',
  anchor: anchorOf(issued.certificate, 'community'),
  incoming: true,
  outgoing: true,
});

function zoneOf({ certificates, mx }: Published, serial: number) {
  const record = (name: string, data: ResourceRecord['data']): ResourceRecord => ({ name, ttl: 300, data });
  const web = 'pki.example';
  // one zone for all names, so that one server is authoritative for them
  return buildZone('example', [
    ...zoneApex({ origin: 'example', server: 'ns1.example', addresses: [NS[0]], serial }),
    record('example', { type: 'NS', target: 'ns2.example' }),
    record('ns2.example', { type: 'A', address: NS[1] }),
    record(web, { type: 'A', address: WEB }),
    record('hook.example', { type: 'A', address: HOOK }),
    record('mx.b.example', { type: 'A', address: MX }),
    record('mx2.b.example', { type: 'A', address: MX }),
    ...mx.map((exchange) => record(DOMAIN, { type: 'MX', preference: 10, exchange })),
    ...certificates.map(({ certificate }) =>
      record('bob.b.example', {
        type: 'CERT',
        certType: 1,
        keyTag: 0,
        algorithm: 0,
        payload: certificate.der,
      }),
    ),
  ]);
}

/** A mail server that greets. */
const greet: Parameters<Host['listen']>[1] = (socket) => {
  socket.write('220 mx.b.example ready\r\n');
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    const quit = /^quit/i.test(bytes.toString());
    socket.write(quit ? '221 bye\r\n' : '250 mx.b.example\r\n');
    if (quit) socket.end();
  });
};

export { CRL };
