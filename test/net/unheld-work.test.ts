import {
  createHash,
  generateKeyPair,
  generateKeyPairSync,
  hkdf,
  pbkdf2,
  pbkdf2Sync,
  randomBytes,
  randomUUID,
  scrypt,
  sign,
} from 'node:crypto';
import { lookup } from 'node:dns';
import { readFile as readFileBack, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { gunzip, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Host } from '../../src/net/host.ts';
import type { SimNetwork } from '../../src/net/sim/network.ts';
import { LIMITS, quietNetwork, sleep } from './sim/simulation.ts';
import { describeUnheld, unheldWork } from './unheld-work.ts';

let network: SimNetwork;
afterEach(() => network.close());

const FILE = import.meta.filename;
const packed = gzipSync('x'.repeat(1000));
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const runOf = async (work: (host: Host) => Promise<unknown>) => {
  network = quietNetwork();
  const host = network.host('only', { addresses: ['10.0.0.1'] });
  return unheldWork(network, () => network.run(() => work(host), LIMITS));
};

const ended = (worker: Worker): Promise<unknown> => new Promise((done) => worker.once('exit', done));

const ASYNC: readonly [string, string, () => Promise<unknown>][] = [
  ['fs promises', 'FSREQPROMISE', () => readFile(FILE)],
  ['fs callbacks', 'FSREQCALLBACK', () => promisify(readFileBack)(FILE)],
  ['zlib', 'ZLIB', () => promisify(gunzip)(packed)],
  ['pbkdf2', 'PBKDF2REQUEST', () => promisify(pbkdf2)('a', 'b', 1, 8, 'sha256')],
  ['scrypt', 'SCRYPTREQUEST', () => promisify<string, string, number, Buffer>(scrypt)('a', 'b', 8)],
  ['hkdf', 'DERIVEBITSREQUEST', () => promisify(hkdf)('sha256', 'a', 'b', 'c', 8)],
  ['random bytes', 'RANDOMBYTESREQUEST', () => promisify<number, Buffer>(randomBytes)(8)],
  ['key generation', 'KEYPAIRGENREQUEST', () => promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })],
  [
    'signing',
    'SIGNREQUEST',
    () => promisify<string, Buffer, typeof privateKey, Buffer>(sign)('sha256', packed, privateKey),
  ],
  ['subtle digest', 'HASHREQUEST', () => crypto.subtle.digest('SHA-256', packed)],
  ['names', 'GETADDRINFOREQWRAP', () => promisify(lookup)('localhost')],
  ['workers', 'WORKER', () => ended(new Worker('0', { eval: true }))],
];

describe('work that the simulated network cannot see', () => {
  it.each(ASYNC)('%s is found and named', async (_what, type, begin) => {
    const { found } = await runOf(() => begin());
    expect(found.map((one) => one.type)).toContain(type);
    const named = describeUnheld(found.filter((one) => one.type === type))[0];
    expect(named).toMatch(new RegExp(`^${type} begun without hold at .*unheld-work\\.test\\.ts:\\d+`));
  });

  it.each(ASYNC)('%s under a hold is fine', async (_what, _type, begin) => {
    const { found, outcome } = await runOf((host) => host.hold(begin()));
    expect(outcome.status).toBe('fulfilled');
    expect(describeUnheld(found)).toEqual([]);
  });

  it('synchronous work and the sockets of the network itself are fine', async () => {
    const { found, outcome } = await runOf(async (host) => {
      readFileSync(FILE);
      gzipSync('x');
      randomBytes(8);
      randomUUID();
      pbkdf2Sync('a', 'b', 1, 8, 'sha256');
      generateKeyPairSync('ec', { namedCurve: 'P-256' });
      sign('sha256', packed, privateKey);
      createHash('sha256').update('x').digest();
      await host.listen({ host: '10.0.0.1', port: 25 }, (socket) => socket.end('x'));
      const socket = await host.dial({ host: '10.0.0.1', port: 25 });
      socket.resume();
      const port = await host.udp({ host: '10.0.0.1', port: 53 });
      port.send(new Uint8Array(1), { host: '10.0.0.1', port: 53 });
      await sleep(host, 10);
      return 'done';
    });
    expect(describeUnheld(found)).toEqual([]);
    expect(outcome).toEqual({ status: 'fulfilled', value: 'done' });
  });
});
