/**
 * LDAP: `(mail=…)` → `userCertificate;binary`, 2,000 entries of 1.1 kB, 64 in flight, ours beside slapd (mdb) and a
 * bare responder.
 *
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { startSlapd } from '../interop/slapd.ts';
import { benchTree, certificateTemplate } from './ldap-entries.ts';
import type { LoadOrder, LoadResult } from './ldap-load.ts';

const ENTRIES = 2000;
const IN_FLIGHT = 64;
const MS = 1500;
const ROUNDS = 2;
const CONNECTIONS = [64, 8];

/**
 * Prints one line for each number of connections, with ratios. The servers take turns, after one round to get warm,
 * and each one's best round counts, because whatever else the machine does disturbs one more than the other. Takes
 * about 30 s.
 */
export async function benchLdap(print: (line: string) => void): Promise<void> {
  print(
    `ldap: (mail=…) → userCertificate;binary, ${ENTRIES} entries, ${IN_FLIGHT} in flight, ` +
      `best of ${ROUNDS} rounds of ${MS / 1000} s, ` +
      'generator on the same machine',
  );
  const template = certificateTemplate();
  const slapd = await startSlapd(benchTree(ENTRIES, template));
  if (!slapd) print('  skipped: slapd is not installed (Debian: apt install slapd)');
  const order = { count: ENTRIES, der: template.der.toString('base64'), serialAt: template.serialAt };
  const ours = await startServer({ kind: 'ours', ...order });
  const bare = await startServer({ kind: 'bare', ...order });
  const ports = { ours: ours.port, bare: bare.port, ...(slapd && { slapd: slapd.addr.port }) };
  try {
    for (const connections of CONNECTIONS) report(connections, await takeTurns(ports, connections), print);
  } finally {
    ours.process.disconnect();
    bare.process.disconnect();
    await slapd?.stop();
  }
}

async function takeTurns(
  ports: Record<string, number>,
  connections: number,
): Promise<Record<string, LoadResult>> {
  const best: Record<string, LoadResult> = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, port] of Object.entries(ports)) {
      const result = await load({ port, connections, inFlight: IN_FLIGHT, entries: ENTRIES, ms: MS });
      if (round > 0 && result.perSecond > (best[name]?.perSecond ?? 0)) best[name] = result;
    }
  }
  return best;
}

function report(
  connections: number,
  results: Record<string, LoadResult>,
  print: (line: string) => void,
): void {
  const rates = Object.entries(results).map(
    ([name, { perSecond, wrong }]) => `${name} ${Math.round(perSecond)}/s${wrong ? ` (${wrong} wrong)` : ''}`,
  );
  const { ours, slapd, bare } = results;
  const ratios = [
    ...(slapd ? [`ours/slapd ${(ours!.perSecond / slapd.perSecond).toFixed(2)}`] : []),
    `ours/bare ${(ours!.perSecond / bare!.perSecond).toFixed(2)}`,
  ];
  print(`  ${connections} connections: ${[...rates, ...ratios].join(', ')}`);
}

const script = (name: string): string => join(import.meta.dirname, name);

function startServer(order: object): Promise<{ process: ChildProcess; port: number }> {
  const process = fork(script('ldap-server.ts'));
  process.send(order);
  return new Promise((resolve, reject) => {
    process.once('message', (port) => resolve({ process, port: Number(port) }));
    process.once('exit', (code) => reject(new Error(`LDAP server of the benchmark ended with ${code}`)));
  });
}

function load(order: LoadOrder): Promise<LoadResult> {
  const process = fork(script('ldap-load.ts'));
  process.send(order);
  return new Promise((resolve, reject) => {
    process.once('message', (result) => resolve(result as LoadResult));
    process.once('exit', (code) => reject(new Error(`load generator ended with ${code}`)));
  });
}
