/**
 * The testbed in one process, a HISP in another that knows the testbed's anchor and the resolver of both, and nothing
 * else. Timers are short: what takes an hour in the field takes seconds here.
 *
 * B takes part in several tests at once: each has a testbed of its own, with its own domain, address and anchor.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import type { Addr, Host } from '../../../src/net/host.ts';
import { realHost } from '../../../src/net/real.ts';
import type { RunReport } from '../../../src/scenario/index.ts';
import { root } from '../../architecture/sources.ts';
import type { BConfig, BPorts } from './hisp-b.ts';
import { internet } from './internet.ts';

const PASSWORD = 'correct horse';

/** A program of ours that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when what it says on stderr matches. */
  says(pattern: RegExp): Promise<void>;
}
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** One testbed of those that B knows. */
export interface Lane {
  /** Its profile. */
  readonly profile: string;
  readonly domain: string;
  readonly address: string;
  /** What is reported of a run against B. */
  judged(...args: string[]): Promise<RunReport>;
  /** Writes the profile, with other values. */
  write(more?: object): void;
}

export interface TwoProcesses {
  readonly host: Host;
  readonly b: BPorts;
  readonly password: string;
  readonly portBase: number;
  readonly lanes: readonly Lane[];
  file(name: string): string;
  /** The testbed's process. */
  anchorage(...args: string[]): Running;
  close(): Promise<void>;
}

export interface Wanted {
  /** How long B waits for notices. */
  readonly timerMs: number;
  readonly lanes: number;
}

export async function twoProcesses({ timerMs, lanes: count }: Wanted): Promise<TwoProcesses> {
  const folder = mkdtempSync(join(tmpdir(), 'anchorage-target-'));
  const host = realHost({ resolvers: [] });
  const children: ChildProcess[] = [];
  const file = (name: string): string => join(folder, name);
  const portBase = await freeBase(host);
  const addressOf = (n: number): string => `127.0.1.${n}`;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  let b: BPorts | undefined;
  const local = (port: number): Addr => ({ host: '127.0.0.1', port });
  const net = await internet(host, {
    testbed: (n) => ({ host: addressOf(n), port: portBase + 53 }),
    b: () => local(b?.dns ?? 1),
  });

  const anchorage = (...args: string[]): Running => {
    const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...args], { cwd: folder });
    children.push(child);
    return watched(child);
  };

  function write(n: number, more: object = {}): void {
    const edge = (port: number) => ({
      host: '127.0.0.1',
      port,
      user: 'alice@direct.b.example',
      passwordFile: 'password.txt',
    });
    const profile = {
      title: 'HISP B',
      addresses: { sender: 'alice@direct.b.example', receiver: 'bob@direct.b.example' },
      anchors: b ? ['b.pem'] : [],
      published: ['domain-dns'],
      edges: b ? { submission: edge(b.submission), imap: edge(b.imap), pop3: edge(b.pop3) } : {},
      testbed: { domain: `testbed${n}.example`, address: addressOf(n), portBase },
      resolvers: [`127.0.0.1:${net.addr.port}`],
      routes: b
        ? [
            { from: '127.0.0.2:25', to: `127.0.0.1:${b.smtp}` },
            { from: '127.0.0.2:53', to: `127.0.0.1:${b.dns}` },
            { from: '127.0.0.2:80', to: `127.0.0.1:${b.web}` },
          ]
        : [],
      allowPrivate: ['127.0.0.2'],
      waits: { answer: '3 s', settle: '300 ms', timer: `${timerMs} ms`, silence: '5 s', tester: '20 s' },
      ...more,
    };
    writeFileSync(file(`b${n}.yaml`), stringify(profile));
  }

  async function startB(anchors: readonly string[]): Promise<BPorts> {
    const config: BConfig = {
      anchors,
      resolver: net.addr,
      routes: numbers.flatMap((n) =>
        [25, 80].map((port) => ({
          from: { host: addressOf(n), port },
          to: { host: addressOf(n), port: portBase + port },
        })),
      ),
      timerMs,
      password: PASSWORD,
    };
    const child = spawn(process.execPath, [join(import.meta.dirname, 'hisp-b.ts'), JSON.stringify(config)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    for await (const line of createInterface({ input: child.stdout! })) return JSON.parse(line) as BPorts;
    throw new Error('the HISP did not start');
  }

  writeFileSync(file('password.txt'), `${PASSWORD}\n`);
  const anchors = await Promise.all(
    numbers.map(async (n) => {
      write(n);
      const made = await anchorage('target', 'anchor', `b${n}.yaml`).ended;
      if (!made.out.includes('BEGIN CERTIFICATE')) throw new Error(made.err);
      return made.out;
    }),
  );
  const started = await startB(anchors);
  b = started;
  writeFileSync(file('b.pem'), started.anchor);
  for (const n of numbers) write(n);

  const laneOf = (n: number): Lane => ({
    profile: `b${n}.yaml`,
    domain: `testbed${n}.example`,
    address: addressOf(n),
    async judged(...args) {
      const { out, err } = await anchorage('run', '--target', `b${n}.yaml`, '--format', 'json', ...args)
        .ended;
      if (out === '') throw new Error(err);
      return JSON.parse(out) as RunReport;
    },
    write: (more) => write(n, more),
  });
  return {
    host,
    b: started,
    password: PASSWORD,
    portBase,
    lanes: numbers.map(laneOf),
    file,
    anchorage,
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await net.close();
      rmSync(folder, { recursive: true, maxRetries: 3 });
    },
  };
}

/** `pass d1`, `skip H1`: one line a scenario. */
export const verdicts = ({ scenarios }: RunReport): string[] =>
  scenarios.map(({ id, variant, status }) => `${status} ${[id, variant].filter(Boolean).join('/')}`);

/** Those that neither passed nor were left out, each with why. */
export const troubles = ({ scenarios }: RunReport): string[] =>
  scenarios
    .filter(({ status }) => !['pass', 'skip', 'na'].includes(status))
    .map(({ id, status, firstCause, checks }) => {
      const reasons = checks.flatMap((check) => (check.status === 'error' ? (check.reason ?? []) : []));
      return `${status} ${id}: ${[firstCause && `${firstCause.check}: ${firstCause.text}`, ...reasons].filter(Boolean).join('; ')}`;
    });

function watched(child: ChildProcess): Running {
  let out = '';
  let err = '';
  const waiting = new Set<() => void>();
  child.stdout!.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    for (const look of waiting) look();
  });
  return {
    child,
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))),
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(err)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        child.once('close', () => reject(new Error(`it ended without saying ${pattern}: ${err}`)));
        look();
      }),
  };
}

/** Ports that nobody else is given meanwhile: below those that the system hands out. */
async function freeBase(host: Host): Promise<number> {
  for (;;) {
    const base = 8000 + host.random.int(20_000);
    try {
      const listener = await host.listen({ host: '127.0.1.1', port: base + 53 }, (socket) =>
        socket.destroy(),
      );
      await listener.close();
      return base;
    } catch {
      // somebody is there
    }
  }
}
