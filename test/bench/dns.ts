/**
 * DNS: CERT over UDP from 2,000 records of 1.1 kB, ours beside a bare datagram responder, NSD and BIND.
 *
 * @module
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { printMaster } from '../../src/dns/master/index.ts';
import type { ResourceRecord } from '../../src/dns/records.ts';
import { buildZone, zoneApex } from '../../src/dns/zone.ts';
import { peer } from '../interop/peers.ts';
import { type RunningServer, startNamed, startNsd, startOurs } from './dns-peers.ts';

const run = promisify(execFile);
const RECORDS = 2000;
const SECONDS = 1;
const ROUNDS = 4;

/** Prints one line a server, with its ratio to the bare responder, to NSD and to BIND. Takes about 30 s. */
export async function benchDns(print: (line: string) => void): Promise<void> {
  const dnsperf = peer('dnsperf');
  print(
    `dns: ${RECORDS} CERT records of 1.1 kB over UDP, best of ${ROUNDS} rounds of ${SECONDS} s, generator on the same machine`,
  );
  if (!dnsperf) {
    print('  skipped: dnsperf is not installed (Debian: apt install dnsperf)');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bench-dns-'));
  try {
    const zoneFile = join(folder, 'bench.zone');
    const names = Array.from({ length: RECORDS }, (_, index) => `user${index}.bench.example`);
    writeFileSync(zoneFile, printMaster(buildZone('bench.example', benchRecords(names))));
    const queries = join(folder, 'queries');
    writeFileSync(queries, names.map((name) => `${name} CERT\n`).join(''));
    const nsd = peer('nsd');
    const named = peer('named');
    if (!nsd) print('  skipped: nsd is not installed');
    if (!named) print('  skipped: named is not installed');
    const starts: readonly (readonly [string, () => Promise<RunningServer>])[] = [
      ['bare dgram, one process', () => startOurs('bare', 1, zoneFile)],
      ['ours, one process', () => startOurs('ours', 1, zoneFile)],
      ['bare dgram, two processes', () => startOurs('bare', 2, zoneFile)],
      ['ours, two processes', () => startOurs('ours', 2, zoneFile)],
      ...(nsd ? [['NSD, one worker', () => startNsd(nsd, folder, zoneFile)] as const] : []),
      ...(named ? [['BIND, one worker', () => startNamed(named, folder, zoneFile)] as const] : []),
    ];
    const servers: (readonly [string, RunningServer])[] = [];
    try {
      for (const [label, start] of starts) servers.push([label, await start()]);
      report(await measure(dnsperf, queries, servers), print);
    } finally {
      await Promise.all(servers.map(([, server]) => server.stop()));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function benchRecords(names: readonly string[]): ResourceRecord[] {
  return [
    ...zoneApex({ origin: 'bench.example', server: 'ns.bench.example', addresses: ['127.0.0.1'] }),
    ...names.map(
      (name): ResourceRecord => ({
        name,
        ttl: 300,
        data: {
          type: 'CERT',
          certType: 1,
          keyTag: 0,
          algorithm: 0,
          payload: new Uint8Array(randomBytes(1100)),
        },
      }),
    ),
  ];
}

/** Round after round over all servers, so that what else the machine does hits them alike; the best round counts. */
async function measure(
  dnsperf: string,
  queries: string,
  servers: readonly (readonly [string, RunningServer])[],
): Promise<Map<string, number>> {
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [label, server] of servers) {
      const rate = await perf(dnsperf, queries, server.port, SECONDS);
      best.set(label, Math.max(rate, best.get(label) ?? 0));
    }
  }
  return best;
}

/** Queries a second that dnsperf sees answered. */
export async function perf(dnsperf: string, queries: string, port: number, seconds: number): Promise<number> {
  const settings = ['-l', String(seconds), '-c', '8', '-q', '200', '-e', '-b', '1024', '-t', '1'];
  const { stdout } = await run(dnsperf, ['-s', '127.0.0.1', '-p', String(port), '-d', queries, ...settings]);
  const rate = /Queries per second:\s+([\d.]+)/.exec(stdout)?.[1];
  const lost = /Queries lost:\s+(\d+)/.exec(stdout)?.[1];
  if (!rate) throw new Error(`dnsperf printed no rate:\n${stdout}`);
  if (Number(lost) > 1000) throw new Error(`dnsperf lost ${lost} queries; its figures mean nothing`);
  return Number(rate);
}

function report(measured: ReadonlyMap<string, number>, print: (line: string) => void): void {
  const against = ['bare dgram, one process', 'NSD, one worker', 'BIND, one worker'];
  for (const [label, rate] of measured) {
    const ratios = against.map((other) => {
      const base = measured.get(other);
      return base ? `${(rate / base).toFixed(2)} of ${other.split(',')[0]}` : `no ${other.split(',')[0]}`;
    });
    print(`  ${label.padEnd(26)} ${Math.round(rate).toString().padStart(7)}/s   ${ratios.join(' · ')}`);
  }
}

if (import.meta.main) await benchDns(console.log);
