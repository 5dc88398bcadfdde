import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { realHost } from '../../../src/net/real.ts';
import type { RunReport } from '../../../src/scenario/index.ts';
import { root } from '../../architecture/sources.ts';
import type { BConfig } from './hisp-b.ts';
import { internet } from './internet.ts';

/**
 * The testbed in one process, a HISP in another that knows the testbed's anchor and the resolver of both, and nothing
 * else. Timers are short: what takes an hour in the field takes seconds here.
 */
const TIMER_MS = 9000;
const PASSWORD = 'correct horse';

interface Ports {
  readonly dns: number;
  readonly web: number;
  readonly smtp: number;
  readonly submission: number;
  readonly imap: number;
  readonly pop3: number;
  readonly anchor: string;
}

const folder = mkdtempSync(join(tmpdir(), 'anchorage-target-'));
const host = realHost({ resolvers: [] });
const children: ChildProcess[] = [];
let net: Awaited<ReturnType<typeof internet>>;
let portBase = 0;
let b: Ports;

const file = (name: string): string => join(folder, name);

/** The testbed's process. */
function anchorage(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...args], { cwd: folder });
  children.push(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, out, err })));
}

async function startB(): Promise<Ports> {
  const config: BConfig = {
    anchor: readFileSync(file('.anchorage/targets/b/anchor/authority.root.pem'), 'utf8'),
    resolver: net.addr,
    routes: [
      { from: { host: '127.0.0.1', port: 25 }, to: { host: '127.0.0.1', port: portBase + 25 } },
      { from: { host: '127.0.0.1', port: 80 }, to: { host: '127.0.0.1', port: portBase + 80 } },
    ],
    timerMs: TIMER_MS,
    password: PASSWORD,
  };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hisp-b.ts'), JSON.stringify(config)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout! })) return JSON.parse(line) as Ports;
  throw new Error('the HISP did not start');
}

function writeProfile(name: string, more: object = {}): void {
  const edge = (port: number) => ({
    host: '127.0.0.1',
    port,
    user: 'alice@direct.b.example',
    passwordFile: 'password.txt',
  });
  const profile = {
    title: 'HISP B',
    addresses: { sender: 'alice@direct.b.example', receiver: 'bob@direct.b.example' },
    anchors: ['b.pem'],
    published: ['domain-dns'],
    edges: { submission: edge(b.submission), imap: edge(b.imap), pop3: edge(b.pop3) },
    testbed: { domain: 'testbed.example', portBase },
    resolvers: [`127.0.0.1:${net.addr.port}`],
    routes: [
      { from: '127.0.0.2:25', to: `127.0.0.1:${b.smtp}` },
      { from: '127.0.0.2:53', to: `127.0.0.1:${b.dns}` },
      { from: '127.0.0.2:80', to: `127.0.0.1:${b.web}` },
    ],
    allowPrivate: ['127.0.0.2'],
    waits: { answer: '4 s', settle: '300 ms', timer: `${TIMER_MS / 1000} s`, tester: '20 s' },
    ...more,
  };
  writeFileSync(file(name), stringify(profile));
}

beforeAll(async () => {
  portBase = await freeBase();
  net = await internet(host, { testbed: portBase + 53, b: () => b?.dns ?? 0 });
  writeFileSync(file('password.txt'), `${PASSWORD}\n`);
  mkdirSync(file('.anchorage'), { recursive: true });
  // makes the anchor that B has to trust
  b = { dns: 1, web: 1, smtp: 1, submission: 1, imap: 1, pop3: 1, anchor: '' };
  writeFileSync(file('b.pem'), '');
  writeProfile('b.yaml', { anchors: [] });
  const made = await anchorage('target', 'anchor', 'b.yaml');
  expect(made.err + made.out).toContain('BEGIN CERTIFICATE');
  b = await startB();
  writeFileSync(file('b.pem'), b.anchor);
  writeProfile('b.yaml');
}, 60_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await net.close();
  rmSync(folder, { recursive: true });
});

async function freeBase(): Promise<number> {
  const listener = await host.listen({ host: '127.0.0.1', port: 0 }, (socket) => socket.destroy());
  await listener.close();
  return Math.min(listener.addr.port, 60_000) - 100;
}

async function judged(...selectors: string[]): Promise<RunReport> {
  const { out, err } = await anchorage('run', '--target', 'b.yaml', '--format', 'json', ...selectors);
  if (out === '') throw new Error(err);
  return JSON.parse(out) as RunReport;
}

const verdicts = ({ scenarios }: RunReport) =>
  scenarios.map(({ id, variant, status }) => `${status} ${[id, variant].filter(Boolean).join('/')}`);

describe('a HISP in another process', () => {
  it('is asked where it publishes', { timeout: 60_000 }, async () => {
    const report = await judged('hosting');
    expect(verdicts(report)).toEqual([
      'skip H1',
      'pass H2',
      'skip H3',
      'skip H4',
      'pass H5',
      'skip H6',
      'warn H7',
      'pass H8',
    ]);
  });
});
