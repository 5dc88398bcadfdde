/**
 * S/MIME on one thread: messages a second beside the RSA-2048 private-key operation that bounds them.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { sign } from 'node:crypto';
import { performance } from 'node:perf_hooks';
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

/** How often `work` runs in a second. Warm-up included, it takes about `seconds`. */
function rate(seconds: number, work: () => void): number {
  const until = performance.now() + seconds * 200;
  do work();
  while (performance.now() < until);
  let runs = 0;
  const started = performance.now();
  let now = started;
  do {
    work();
    runs++;
    now = performance.now();
  } while (now - started < seconds * 800);
  return (runs * 1000) / (now - started);
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

/** Measures and prints; about 20 s. */
export async function benchSmime(print: (line: string) => void): Promise<void> {
  const alice = person('alice', 0);
  const bob = person('bob', 1);
  const digest = Buffer.alloc(32, 1);
  const node = rate(2, () => void sign('sha256', digest, alice.key.privateKey));
  const limits: [string, number][] = [['node:crypto sign', node]];
  const openssl = opensslLimit();
  if (openssl !== undefined) limits.push(['openssl speed', openssl]);
  print('S/MIME, one thread, messages a second; ratios to the RSA-2048 private-key operation');
  for (const [name, limit] of limits) print(`  limit, ${name.padEnd(17)} ${limit.toFixed(0).padStart(6)}/s`);
  if (openssl === undefined) print('  openssl is not installed: its limit is left out');
  for (const [name, octets] of SIZES) {
    const message = sample(octets);
    const sent = send(message, alice, bob);
    if (Buffer.compare(receive(sent, bob), message) !== 0) throw new Error('the message did not come back');
    const rates = {
      out: rate(2, () => void send(message, alice, bob)),
      in: rate(2, () => void receive(sent, bob)),
    };
    for (const way of ['out', 'in'] as const) {
      const ratios = limits.map(([limit, value]) => `${(rates[way] / value).toFixed(2)} of ${limit}`);
      const aim = octets === 2_000 ? ` (aim ${AIM[way]})` : '';
      const shown = rates[way] < 100 ? rates[way].toFixed(1) : rates[way].toFixed(0);
      print(`  ${way.padEnd(3)} ${name.padStart(6)} ${shown.padStart(8)}/s  ${ratios.join(', ')}${aim}`);
    }
  }
}

function sample(octets: number): Uint8Array {
  const header = 'From: alice@direct.example\r\nTo: bob@direct.example\r\nSubject: bench\r\n\r\n';
  const line = 'The quick brown fox jumps over the lazy dog, again and again and again.\r\n';
  return Buffer.from(header + line.repeat(Math.ceil((octets - header.length) / line.length)));
}

if (import.meta.main) await benchSmime(console.log);
