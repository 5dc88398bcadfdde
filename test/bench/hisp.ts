/**
 * Whole messages from one HISP to another, each in a process of its own with a durable store: submitted, signed,
 * encrypted, sent by SMTP, decrypted, verified, delivered, and confirmed by a processed notice that came back.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { realHost } from '../../src/net/real.ts';
import { type Life, pairWorld } from '../durability/pair/world.ts';

/** `writers` hand in at once. They are in the sender's process, and what they write counts as its memory. */
const SIZES: readonly (readonly [name: string, octets: number, count: number, writers: number])[] = [
  ['2 kB', 2_000, 1_200, 8],
  ['100 kB', 100_000, 300, 8],
  ['10 MB', 10_000_000, 8, 1],
];
/** Part of the limit that is aimed at, at 2 kB. */
const AIM = 0.4;
const MEMORY_AIM_MB = 300;
/** A message is signed and decrypted, and so is its notice. */
const OPERATIONS = 4;

const host = realHost({ resolvers: [] });
const sleep = (ms: number) => new Promise<void>((resolve) => void host.timer(ms, resolve));

export async function benchHisp(print: (line: string) => void): Promise<void> {
  const operations = privateOperations();
  const limit = operations / OPERATIONS;
  print(
    `limit: ${Math.round(operations)} RSA-2048 private operations a second and core, ${Math.round(limit)} messages`,
  );
  print(
    'cores  size     messages/s   of the limit   processor a message, both   memory of sender, receiver (peak)',
  );
  const pinned = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  if (!pinned) print('1      (skipped: taskset is not installed)');
  for (const cores of pinned ? [1, 2] : [2]) {
    for (const [name, octets, count, writers] of SIZES) {
      const { rate, memory, cpuMs } = await measure(octets, count, writers, cores === 1 ? 0 : undefined);
      const ratio = rate / (limit * cores);
      const aim = name === '2 kB' ? ` (aim ${AIM})` : '';
      const told = memory.map((bytes) => `${Math.round(bytes / 2 ** 20)} MB`).join(', ');
      print(
        `${String(cores).padEnd(7)}${name.padEnd(9)}${rate.toFixed(rate < 10 ? 2 : 0).padEnd(13)}${(ratio.toFixed(2) + aim).padEnd(15)}${`${cpuMs.toFixed(1)} ms`.padEnd(27)}${told} (aim ${MEMORY_AIM_MB} MB)`,
      );
    }
  }
}

/** Signatures a second of one core. */
function privateOperations(): number {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const data = Buffer.alloc(200);
  for (let i = 0; i < 200; i++) sign('sha256', data, privateKey);
  const started = host.mono();
  let count = 0;
  while (host.mono() - started < 1500) {
    for (let i = 0; i < 50; i++) sign('sha256', data, privateKey);
    count += 50;
  }
  return (count * 1000) / (host.mono() - started);
}

async function measure(
  octets: number,
  count: number,
  writers: number,
  core: number | undefined,
): Promise<{ rate: number; memory: readonly [number, number]; cpuMs: number }> {
  const world = await pairWorld();
  try {
    const a = await world.start('a', core);
    const b = await world.start('b', core);
    const peak: [number, number] = [0, 0];
    /** Of the processor, by both so far. */
    let spentMs = 0;
    /** How many are confirmed. */
    const look = async (): Promise<number> => {
      let confirmed = 0;
      spentMs = 0;
      for (const [i, life] of [a, b].entries()) {
        const answer = await life.ask<{ resident: number; cpuMs: number; confirmed: number }>({
          watch: true,
        });
        peak[i] = Math.max(peak[i]!, answer?.resident ?? 0);
        confirmed += answer?.confirmed ?? 0;
        spentMs += answer?.cpuMs ?? 0;
      }
      return confirmed;
    };
    await confirmed(a, octets, Math.min(50, count), writers, 'warm', 0, look);
    const before = spentMs;
    const started = host.mono();
    await confirmed(a, octets, count, writers, 'm', Math.min(50, count), look);
    const rate = (count * 1000) / (host.mono() - started);
    await a.stop();
    await b.stop();
    return { rate, memory: peak, cpuMs: (spentMs - before) / count };
  } finally {
    await world.close();
  }
}

/** Submits so many and waits until each is confirmed. */
async function confirmed(
  life: Life,
  octets: number,
  count: number,
  writers: number,
  prefix: string,
  before: number,
  look: () => Promise<number>,
): Promise<void> {
  const wanted = { from: 'user@a.example', to: ['user@b.example'], octets, requests: false };
  await life.ask({ load: { wanted, prefix, count, atOnce: writers } });
  while ((await look()) < before + count) await sleep(50);
}
