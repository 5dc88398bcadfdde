/**
 * What the directory's LDAP and the DNS of hosted certificates do at a size, as ratios: to a slapd with the same data,
 * and to the name server with two thousand names in memory. Each twice: of addresses that are asked for again and again,
 * and of any address, so that nothing is remembered.
 *
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Directory, openDirectory } from '../../src/directory/directory.ts';
import { entries } from '../../src/directory/entries.ts';
import { hostRecords } from '../../src/directory/hosting/host.ts';
import { addKey } from '../../src/directory/keys.ts';
import { textOf } from '../../src/directory/write/formats.ts';
import { printMaster } from '../../src/dns/master/index.ts';
import { addressToName } from '../../src/dns/names.ts';
import { buildZone } from '../../src/dns/zone.ts';
import { realHost } from '../../src/net/real.ts';
import { peer } from '../interop/peers.ts';
import { startSlapdWith } from '../interop/slapd.ts';
import type { ReadTimes, ServerOrder } from './directory-server.ts';
import { benchRecords, perf } from './dns.ts';
import { startOurs } from './dns-peers.ts';
import type { LoadOrder, LoadResult } from './ldap-load.ts';

export interface Ratio {
  /** Of addresses in use, and of any. Undefined: the peer is not installed. */
  readonly inUse: number | undefined;
  readonly any: number | undefined;
  /** A second, of addresses in use and of any. */
  readonly perSecond: readonly [number, number];
  /**
   * The same of searches in a second of processor time, of addresses in use and of any: what a machine with other work
   * changes little. Undefined: not measured.
   */
  readonly byProcessor?: readonly [number, number];
  /** Peak of the server, in MiB. */
  readonly mb: number;
}

/** Addresses that are in use at a time. */
const IN_USE = 2000;
/** Addresses that are asked for once. */
const ANY = 200_000;
const ROUNDS = 2;
const MS = 1500;

export async function started(order: ServerOrder): Promise<{ process: ChildProcess; said: unknown }> {
  // the heap that the thread of a running network has
  const execArgv = ['--max-old-space-size=256'];
  const child = fork(join(import.meta.dirname, 'directory-server.ts'), { execArgv });
  child.send(order);
  const said = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`a process of the benchmark ended with ${code}`)));
  });
  return { process: child, said };
}

export const memoryOf = (child: ChildProcess): Promise<number> => asked(child, 'memory');

function asked(child: ChildProcess, what: 'memory' | 'processor'): Promise<number> {
  child.send(what);
  return new Promise((resolve) => child.once('message', (said) => resolve(Number(said))));
}

/** Seconds of processor time of another process (proc(5)). */
function processorOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Look-ups and searches, in a process that does nothing else. */
export async function readTimes(
  order: ServerOrder & { readonly kind: 'read' },
): Promise<{ times: ReadTimes; mb: number }> {
  const { process: child, said } = await started(order);
  const mb = await memoryOf(child);
  child.disconnect();
  return { times: said as ReadTimes, mb };
}

export async function measureLdap(
  directory: Directory,
  folder: string,
  addresses: readonly string[],
): Promise<Ratio> {
  const { key } = addKey(directory, { hisp: 'bench', by: 'bench' });
  const { process: child, said } = await started({ kind: 'ldap', file: directory.handle.file });
  const ldif = join(folder, 'directory.ldif');
  writeText(ldif, textOf('ldif', records(directory)));
  const slapd = await startSlapdWith([{ suffix: 'o=directory', ldif, size: 8 * 1024 ** 3 }]);
  const ask = (port: number, mails: readonly string[], password: string) => {
    const name = password === '' ? '' : 'cn=bench,ou=participants,o=directory';
    const lookUps = { mails, base: 'o=directory', attributes: ASKED, name, password };
    return load({ port, connections: 8, inFlight: 64, entries: 0, ms: MS, lookUps });
  };
  try {
    const best = async (mails: readonly string[]): Promise<Compared> => {
      const all: Compared = { ours: 0, theirs: 0, oursSeconds: 0, theirsSeconds: 0 };
      for (let round = 0; round < ROUNDS; round++) {
        const before = await asked(child, 'processor');
        const ours = rate(await ask(Number(said), mails, key));
        all.ours = Math.max(all.ours, ours);
        all.oursSeconds += ((await asked(child, 'processor')) - before) / ours / ROUNDS;
        if (!slapd) continue;
        const started = processorOf(slapd.pid);
        const theirs = rate(await ask(slapd.addr.port, mails, ''));
        all.theirs = Math.max(all.theirs, theirs);
        all.theirsSeconds += (processorOf(slapd.pid) - started) / theirs / ROUNDS;
      }
      return all;
    };
    // what is in use was asked for before
    await best(addresses.slice(0, IN_USE));
    const inUse = await best(addresses.slice(0, IN_USE));
    const any = await best(addresses.slice(IN_USE));
    const byProcessor = [inUse, any].map((one) => one.theirsSeconds / one.oursSeconds);
    return {
      inUse: slapd && inUse.ours / inUse.theirs,
      any: slapd && any.ours / any.theirs,
      perSecond: [inUse.ours, any.ours],
      ...(slapd && { byProcessor: [byProcessor[0]!, byProcessor[1]!] as const }),
      mb: await memoryOf(child),
    };
  } finally {
    child.disconnect();
    await slapd?.stop();
  }
}

/** Searches a second, and seconds of processor for as many. */
interface Compared {
  ours: number;
  theirs: number;
  oursSeconds: number;
  theirsSeconds: number;
}

const ASKED = ['cn', 'mail', 'telephoneNumber', 'l', 'st'];

function rate({ perSecond, wrong }: LoadResult): number {
  if (wrong > 0) throw new Error(`${wrong} searches of the benchmark were answered wrongly`);
  return perSecond;
}

function* records(directory: Directory) {
  for (const { record } of entries(directory)) yield record;
}

export async function measureDns(
  folder: string,
  addresses: Iterable<string>,
  all: readonly string[],
): Promise<Ratio> {
  const dnsperf = peer('dnsperf');
  const file = join(folder, 'hosted.sqlite');
  const hosted = await openDirectory(realHost(), { file });
  const octets = randomBytes(1 << 20);
  const items = function* () {
    let n = 0;
    for (const owner of addresses) {
      const at = (n++ * 7919) % (octets.length - 1100);
      const rdata = Buffer.concat([Uint8Array.of(0, 1, 0, 7, 8), octets.subarray(at, at + 1100)]);
      yield { owner, rdata: [rdata] };
    }
  };
  await hostRecords(hosted, items(), { server: 'ns.bench.example', exchange: 'mx.bench.example' });
  hosted.close();
  const names = Array.from({ length: IN_USE }, (_, index) => `user${index}.bench.example`);
  const zone = join(folder, 'small.zone');
  writeFileSync(zone, printMaster(buildZone('bench.example', benchRecords(names))));
  const listed = (name: string, some: readonly string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, some.map((one) => `${one} CERT\n`).join(''));
    return path;
  };
  const hostedNames = all.flatMap((address) => addressToName(address) ?? []);
  const files = {
    small: listed('small', names),
    inUse: listed('in-use', hostedNames.slice(0, IN_USE)),
    any: listed('any', hostedNames.slice(IN_USE)),
  };
  const small = await startOurs('ours', 1, zone);
  const { process: child, said } = await started({ kind: 'dns', file });
  try {
    const best = { small: 0, inUse: 0, any: 0 };
    for (let round = 0; dnsperf && round <= ROUNDS; round++) {
      best.small = Math.max(best.small, await perf(dnsperf, files.small, small.port, 1));
      best.inUse = Math.max(best.inUse, await perf(dnsperf, files.inUse, Number(said), 1));
      best.any = Math.max(best.any, await perf(dnsperf, files.any, Number(said), 1));
    }
    return {
      inUse: dnsperf ? best.inUse / best.small : undefined,
      any: dnsperf ? best.any / best.small : undefined,
      perSecond: [best.inUse, best.any],
      mb: await memoryOf(child),
    };
  } finally {
    child.disconnect();
    await small.stop();
  }
}

/** Addresses of both kinds out of all, spread over them. */
export function picked(all: readonly string[]): string[] {
  const wanted = Math.min(all.length, IN_USE + ANY);
  // a step without a common factor goes round once
  const step = [7_368_787, 15_485_863].find((prime) => all.length % prime !== 0)!;
  return Array.from({ length: wanted }, (_, i) => all[(i * step) % all.length]!);
}

function load(order: LoadOrder): Promise<LoadResult> {
  const child = fork(join(import.meta.dirname, 'ldap-load.ts'));
  child.send(order);
  return new Promise((resolve, reject) => {
    child.once('message', (result) => resolve(result as LoadResult));
    child.once('exit', (code) => reject(new Error(`load generator ended with ${code}`)));
  });
}

export function writeText(file: string, pieces: Iterable<string>): void {
  const handle = openSync(file, 'w');
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length > 1 << 20) {
      writeSync(handle, text);
      text = '';
    }
  }
  writeSync(handle, text);
  closeSync(handle);
}
