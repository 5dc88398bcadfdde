/**
 * S/MIME on one thread: messages a second beside the RSA-2048 private-key operation that bounds them.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { sign } from 'node:crypto';
import { micalgToken } from '../../src/cms/digests.ts';
import { encryptData } from '../../src/cms/encrypt.ts';
import { decryptEnveloped, readEnveloped } from '../../src/cms/enveloped.ts';
import { signData } from '../../src/cms/sign.ts';
import { embeddedCertificates, readSigned, verifySigner } from '../../src/cms/signed.ts';
import { readEntity } from '../../src/mail/entity.ts';
import { cmsOf, splitSigned } from '../../src/mail/signed.ts';
import { envelopedMessage, multipartSigned, unwrap, wrapMessage } from '../../src/mail/wrap.ts';
import { type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { peer } from '../interop/peers.ts';

const NOW = Date.UTC(2026, 0, 5);
const SIZES: readonly (readonly [name: string, octets: number])[] = [
  ['2 kB', 2_000],
  ['100 kB', 100_000],
  ['10 MB', 10_000_000],
];
/** What is aimed at, as parts of the limit, at 2 kB. */
const AIM = { out: 0.65, in: 0.55 };

/**
 * How often each work runs in a second of this thread's computing. They take turns in short slices, so that whatever else the machine does falls
 * on all of them alike.
 */
function rates<K extends string>(seconds: number, works: Readonly<Record<K, () => void>>): Record<K, number> {
  const names = Object.keys(works) as K[];
  const runs = new Map<K, number>(names.map((name) => [name, 0]));
  const spent = new Map<K, number>(names.map((name) => [name, 0]));
  for (const name of names) slice(WARM_UP, works[name]);
  for (let left = seconds * 1000; left > 0; ) {
    for (const name of names) {
      const { count, ms } = slice(SLICE, works[name]);
      runs.set(name, runs.get(name)! + count);
      spent.set(name, spent.get(name)! + ms);
      left -= ms;
    }
  }
  return Object.fromEntries(
    names.map((name) => [name, (runs.get(name)! * 1000) / spent.get(name)!]),
  ) as Record<K, number>;
}

const WARM_UP = 150;
const SLICE = 25;

function slice(length: number, work: () => void): { count: number; ms: number } {
  const started = threadMs();
  for (let count = 1; ; count++) {
    work();
    const ms = threadMs() - started;
    if (ms >= length) return { count, ms };
  }
}

/** Time that this thread has computed, in milliseconds; `openssl speed` counts in the same way. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Private-key operations a second by `openssl speed`, or undefined without openssl. */
function opensslLimit(): number | undefined {
  const openssl = peer('openssl');
  if (!openssl) return undefined;
  const { stdout } = spawnSync(openssl, ['speed', '-seconds', '2', 'rsa2048'], { encoding: 'utf8' });
  const line = /^rsa 2048 bits .*?s +.*?s +([\d.]+)/m.exec(stdout);
  return line ? Number(line[1]) : undefined;
}

function person(name: string, index: number): Issued {
  return issueCertificate({
    profile: 'address',
    subject: { CN: name },
    key: keyPool.take('rsa2048', index),
    issuer: 'self',
    notBefore: NOW,
    notAfter: NOW + 86_400_000,
    emails: [`${name}@direct.example`],
  });
}

/** The whole way out: wrap, sign, encrypt, base64. */
function send(message: Uint8Array, alice: Issued, bob: Issued): Uint8Array {
  const entity = wrapMessage(message);
  const signer = { certificate: alice.certificate, privateKey: alice.key.privateKey };
  const signature = signData(entity, [signer], { detached: true, signingTime: NOW });
  const signed = multipartSigned(entity, signature, micalgToken('sha256'), 'bench-boundary-1');
  const headers = {
    from: 'alice@direct.example',
    to: ['bob@direct.example'],
    date: NOW,
    messageId: 'm-1@direct.example',
  };
  return envelopedMessage(headers, encryptData(signed, [bob.certificate]));
}

/** The whole way in: parse, decrypt, verify, unwrap. */
function receive(bytes: Uint8Array, bob: Issued): Uint8Array {
  const enveloped = readEnveloped(cmsOf(readEntity(bytes)));
  const keys = [{ certificate: bob.certificate, privateKey: bob.key.privateKey }];
  const { content, signedBytes, signature } = splitSigned(readEntity(decryptEnveloped(enveloped, keys)));
  const signed = readSigned(signature);
  const verdict = verifySigner(
    signed,
    signed.signers[0]!,
    signedBytes,
    embeddedCertificates(signed).certificates,
  );
  const message = unwrap(content);
  if (!verdict.ok || !message) throw new Error('the message did not verify');
  return message;
}

/** Measures and prints; about 15 s. */
export async function benchSmime(print: (line: string) => void): Promise<void> {
  const alice = person('alice', 0);
  const bob = person('bob', 1);
  const digest = Buffer.alloc(32, 1);
  const openssl = opensslLimit();
  print('S/MIME, one thread, messages a second, and their ratio to the RSA-2048 private-key operation');
  print(
    `  openssl speed rsa2048: ${openssl === undefined ? 'openssl is not installed' : `${openssl.toFixed(0)}/s`}`,
  );
  for (const [name, octets] of SIZES) {
    const message = sample(octets);
    const sent = send(message, alice, bob);
    if (Buffer.compare(receive(sent, bob), message) !== 0) throw new Error('the message did not come back');
    const measured = rates(3, {
      limit: () => void sign('sha256', digest, alice.key.privateKey),
      out: () => void send(message, alice, bob),
      in: () => void receive(sent, bob),
    });
    print(`  node:crypto sign, in turns with the rows below: ${measured.limit.toFixed(0)}/s`);
    for (const way of ['out', 'in'] as const) {
      const rate = measured[way];
      const ratios = [`${(rate / measured.limit).toFixed(2)} of node:crypto`];
      if (openssl !== undefined) ratios.push(`${(rate / openssl).toFixed(2)} of openssl`);
      const aim = octets === 2_000 ? ` (aim ${AIM[way]})` : '';
      print(
        `  ${way.padEnd(3)} ${name.padStart(6)} ${rate.toFixed(rate < 100 ? 1 : 0).padStart(8)}/s  ${ratios.join(', ')}${aim}`,
      );
    }
  }
}

function sample(octets: number): Uint8Array {
  const header = 'From: alice@direct.example\r\nTo: bob@direct.example\r\nSubject: bench\r\n\r\n';
  const line = 'The quick brown fox jumps over the lazy dog, again and again and again.\r\n';
  return Buffer.from(header + line.repeat(Math.ceil((octets - header.length) / line.length)));
}

if (import.meta.main) await benchSmime(console.log);
