/**
 * Two HISPs in processes of their own, and what they need of the world: a name server, revocation lists, routes. Used by
 * the runs that kill them and by the bench that measures them.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createAuthority } from '../../../src/dns/answer.ts';
import type { RecordData } from '../../../src/dns/records.ts';
import { serveDns } from '../../../src/dns/server.ts';
import { buildZone, zoneApex } from '../../../src/dns/zone.ts';
import { serveHttp } from '../../../src/http/server.ts';
import type { Addr } from '../../../src/net/host.ts';
import { realHost } from '../../../src/net/real.ts';
import type { Route } from '../../../src/net/routes.ts';
import { issueCrl } from '../../../src/pki/crl.ts';
import { type Issued, issueCertificate } from '../../../src/pki/issue.ts';
import { keyPool } from '../../../src/pki/keys.ts';

export type Side = 'a' | 'b';
export const SIDES = ['a', 'b'] as const;

/** What a process reads when it starts. Keys are of this run alone. */
export interface LifeConfig {
  readonly side: Side;
  readonly store: string;
  readonly dns: Addr;
  readonly routes: readonly Route[];
  readonly listen: Addr;
  /** Where its user hands in mail with the password `PASSWORD`. */
  readonly submission: Addr;
  /** DER in base64, PKCS #8 in PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly anchor: string;
  /** How many seconds of the HISP's clock pass in one. */
  readonly haste: number;
  /** When that clock and ours agreed, ms since 1970. */
  readonly began: number;
}

export interface PairWorld {
  readonly folder: string;
  readonly config: Readonly<Record<Side, LifeConfig>>;
  /** @param core the one core that it may use; all by default */
  start(side: Side, core?: number): Promise<Life>;
  close(): Promise<void>;
}

export interface Life {
  readonly side: Side;
  readonly pid: number;
  /** The answer to a command; undefined when the process died first. */
  ask<T>(command: object): Promise<T | undefined>;
  kill(): Promise<void>;
  /** Lets it finish and stop. */
  stop(): Promise<void>;
}

export const PASSWORD = 'open sesame';

const DAY = 86_400_000;
const LOOPBACK = '127.0.0.1';
/** Addresses of the field (RFC 5737), and where they really are. */
const FIELD = { a: '192.0.2.1', b: '192.0.2.2', pki: '192.0.2.80' } as const;

/** @param haste how many seconds of the HISPs' clocks pass in one: retries and timers come so much sooner */
export async function pairWorld(haste = 1): Promise<PairWorld> {
  const host = realHost({ resolvers: [] });
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-pair-'));
  const now = host.now();
  const root = certificate('Root', undefined, now);
  const sides = {
    a: certificate('a.example', root, now),
    b: certificate('b.example', root, now),
  };
  const list = issueCrl({
    issuer: root,
    number: 1,
    thisUpdate: now - DAY,
    nextUpdate: now + 3650 * DAY,
    revoked: [],
  });
  const web = await serveHttp(host, {
    at: { host: LOOPBACK, port: 0 },
    handle: ({ url }) =>
      url === '/root.crl'
        ? { status: 200, headers: { 'content-type': 'application/pkix-crl' }, body: list }
        : { status: 404 },
  });
  const dns = await serveNames(host, sides);
  const ports = { a: await freePort(host), b: await freePort(host) };
  const edges = { a: await freePort(host), b: await freePort(host) };
  const routes: Route[] = [
    ...SIDES.map((side) => ({
      from: { host: FIELD[side], port: 25 },
      to: { host: LOOPBACK, port: ports[side] },
    })),
    { from: { host: FIELD.pki, port: 80 }, to: web.addr },
  ];
  const config = (side: Side): LifeConfig => ({
    side,
    store: join(folder, `${side}.db`),
    dns: dns.addrs[0]!,
    routes,
    listen: { host: LOOPBACK, port: ports[side] },
    submission: { host: LOOPBACK, port: edges[side] },
    certificate: Buffer.from(sides[side].certificate.der).toString('base64'),
    key: sides[side].key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    anchor: Buffer.from(root.certificate.der).toString('base64'),
    haste,
    began: now,
  });
  const configs = { a: config('a'), b: config('b') };
  for (const side of SIDES)
    writeFileSync(join(folder, `${side}.json`), JSON.stringify(configs[side]), { mode: 0o600 });
  return {
    folder,
    config: configs,
    start: (side, core) => start(side, join(folder, `${side}.json`), core),
    async close() {
      await dns.close();
      await web.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function certificate(name: string, issuer: Issued | undefined, now: number): Issued {
  return issueCertificate({
    profile: issuer ? 'domain' : 'root',
    subject: { CN: name },
    key: keyPool.fresh('rsa2048'),
    issuer: issuer ?? 'self',
    notBefore: now - 30 * DAY,
    notAfter: now + 3650 * DAY,
    ...(issuer && { dnsNames: [name], crlUrls: ['http://pki.example/root.crl'] }),
  });
}

function serveNames(host: ReturnType<typeof realHost>, sides: Readonly<Record<Side, Issued>>) {
  const zone = (origin: string, records: readonly (readonly [string, RecordData])[]) =>
    buildZone(origin, [
      ...zoneApex({ origin, server: `ns.${origin}`, addresses: [LOOPBACK] }),
      ...records.map(([name, data]) => ({ name, ttl: 3600, data })),
    ]);
  const authority = createAuthority([
    zone('pki.example', [['pki.example', { type: 'A', address: FIELD.pki }]]),
    // nobody there has a certificate
    zone('c.example', []),
    ...SIDES.map((side) => {
      const origin = `${side}.example`;
      const payload = sides[side].certificate.der;
      return zone(origin, [
        [origin, { type: 'MX', preference: 1, exchange: `mx.${origin}` }],
        [`mx.${origin}`, { type: 'A', address: FIELD[side] }],
        [origin, { type: 'CERT', certType: 1, keyTag: 0, algorithm: 0, payload }],
      ]);
    }),
  ]);
  return serveDns(host, {
    at: [{ host: LOOPBACK, port: 0 }],
    answer: (query, { transport }) => authority.answer(query, transport),
  });
}

async function freePort(host: ReturnType<typeof realHost>): Promise<number> {
  const listener = await host.listen({ host: LOOPBACK, port: 0 }, (socket) => socket.destroy());
  await listener.close();
  return listener.addr.port;
}

async function start(side: Side, file: string, core: number | undefined): Promise<Life> {
  // the heap of what is young is as small as `npm start` has it
  const program = [process.execPath, '--max-semi-space-size=16', join(import.meta.dirname, 'life.ts'), file];
  const [command, ...args] = core === undefined ? program : ['taskset', '-c', String(core), ...program];
  const child: ChildProcess = spawn(command!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: ((line: string | undefined) => void)[] = [];
  const next = () => new Promise<string | undefined>((resolve) => waiting.push(resolve));
  let dead = false;
  createInterface({ input: child.stdout! }).on('line', (line) => waiting.shift()?.(line));
  child.stdin!.on('error', () => undefined);
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      dead = true;
      for (const one of waiting.splice(0)) one(undefined);
      resolve();
    }),
  );
  if ((await next()) === undefined) throw new Error(`the process of ${side} did not start`);
  return {
    side,
    pid: child.pid!,
    async ask<T>(command: object) {
      if (dead) return undefined;
      const answer = next();
      child.stdin!.write(`${JSON.stringify(command)}\n`);
      const line = await answer;
      return line === undefined ? undefined : (JSON.parse(line) as T);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.stdin!.end();
      await ended;
    },
  };
}
