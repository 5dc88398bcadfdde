import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { composeMessage } from '../../src/mail/compose.ts';
import { issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { writePrivateKeyPem } from '../../src/pki/pkcs8.ts';
import { writePkcs12 } from '../../src/pki/pkcs12.ts';
import { runInProcess } from './in-process.ts';

const NOW = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'anchorage-message-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const message = (...args: string[]) => runInProcess(['message', ...args]);

const root = issueCertificate({
  profile: 'root',
  subject: { CN: 'Anchor' },
  issuer: 'self',
  notBefore: NOW - DAY,
  notAfter: NOW + 900 * DAY,
  key: keyPool.take('rsa2048', 0),
});
const person = (address: string, index: number) =>
  issueCertificate({
    profile: 'address',
    subject: { CN: address },
    emails: [address],
    notBefore: NOW - DAY,
    notAfter: NOW + 300 * DAY,
    key: keyPool.take('rsa2048', index),
    issuer: root,
  });
const alice = person('alice@a.example', 1);
const bob = person('bob@b.example', 2);
const plain = composeMessage({
  from: 'alice@a.example',
  to: ['bob@b.example'],
  subject: 'Referral',
  date: NOW,
  messageId: 'm@a.example',
  text: 'Dear Bob',
});

beforeAll(async () => {
  writeFileSync(at('plain.eml'), plain);
  writeFileSync(at('root.pem'), writePem('CERTIFICATE', root.certificate.der));
  for (const [name, one] of Object.entries({ alice, bob })) {
    writeFileSync(at(`${name}.crt`), writePem('CERTIFICATE', one.certificate.der));
    writeFileSync(at(`${name}.key`), writePrivateKeyPem(one.key.privateKey, undefined));
  }
  writeFileSync(at('sealed.key'), writePrivateKeyPem(bob.key.privateKey, 'open sesame'));
  writeFileSync(
    at('bob.p12'),
    writePkcs12({ identities: [{ certificate: bob.certificate, key: bob.key }] }, 'open sesame', 2048),
  );
  const signer = ['--key', at('alice.key'), '--cert', at('alice.crt')];
  const time = new Date(NOW).toISOString();
  const sealed = await message(
    'seal',
    at('plain.eml'),
    ...signer,
    '--recipient',
    at('bob.crt'),
    '--at',
    time,
    '--out',
    at('sealed.eml'),
  );
  expect(sealed).toMatchObject({ code: 0, stderr: '' });
});

const opening = ['--anchor', at('root.pem'), '--at', new Date(NOW).toISOString(), '--no-fetch'];
const sha256 = createHash('sha256').update(plain).digest('hex');

describe('message open', () => {
  it.each([
    ['key and certificate', ['--key', at('bob.key'), '--cert', at('bob.crt')]],
    ['a key alone', ['--key', at('bob.key')]],
    ['an encrypted key', ['--key', at('sealed.key'), '--password', 'open sesame']],
    ['PKCS #12', ['--p12', at('bob.p12'), '--password', 'open sesame']],
  ])('opens with %s', async (_, keys) => {
    const { code, stdout } = await message('open', at('sealed.eml'), ...keys, ...opening, '--format', 'json');
    const told = JSON.parse(stdout);
    expect({ code, sha256: told.sha256, kind: told.kind }).toEqual({ code: 0, sha256, kind: 'message' });
    expect(told.stages.map(({ name }: { name: string }) => name)).toEqual([
      'encryption',
      'signature',
      'trust',
      'wrapping',
      'mime',
      'notice',
    ]);
    expect(told.stages[2]).toMatchObject({ verdict: 'trusted', sender: 'alice@a.example' });
  });

  it('tells a person stage by stage, and writes what was inside', async () => {
    const keys = ['--key', at('bob.key'), '--cert', at('bob.crt'), '--out', at('inner.eml')];
    const { stdout } = await message('open', at('sealed.eml'), ...keys, ...opening);
    expect(stdout).toContain('aes256-cbc, 1 recipient certificate; decrypted');
    expect(stdout).toContain('A good Direct message');
    expect(readFileSync(at('inner.eml'))).toEqual(Buffer.from(plain));
    expect(statSync(at('inner.eml')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['no such message', ['nowhere.eml'], /nowhere\.eml cannot be read/],
    ['a wrong password', [at('sealed.eml'), '--p12', at('bob.p12'), '--password', 'x'], /password/],
    [
      'a certificate of another',
      [at('sealed.eml'), '--key', at('bob.key'), '--cert', at('alice.crt')],
      /public keys differ/,
    ],
    ['a certificate alone', [at('sealed.eml'), '--cert', at('bob.crt')], /--key FILE/],
    ['no file', [], /which message/],
  ])('says what is wrong: %s', async (_, args, words) => {
    const { code, stderr } = await message('open', ...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(words) });
  });

  it('fails with the wrong key, and names the cause', async () => {
    const { code, stdout } = await message(
      'open',
      at('sealed.eml'),
      '--key',
      at('alice.key'),
      '--cert',
      at('alice.crt'),
    );
    expect(code).toBe(1);
    expect(stdout).toContain('crypto.no-recipient-match');
  });
});

describe('message open --batch', () => {
  it('answers each line, and a bad one with an error', async () => {
    const good = { file: at('sealed.eml'), anchors: [at('root.pem')], at: new Date(NOW).toISOString() };
    const asked = [
      { id: 'a', ...good, key: at('bob.key'), cert: at('bob.crt') },
      { id: 'b', ...good, p12: at('bob.p12'), password: 'open sesame' },
      { id: 'c', ...good, file: at('missing.eml') },
      { id: 'd', ...good, key: at('bob.key'), anchor: [] },
      { id: 'e', ...good, key: at('alice.key'), cert: at('alice.crt') },
    ];
    writeFileSync(at('batch.ndjson'), `${asked.map((one) => JSON.stringify(one)).join('\n')}\n{not json\n`);
    const { code, stdout } = await message('open', '--batch', at('batch.ndjson'));
    const told = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(told).toMatchObject([
      { id: 'a', sha256, status: 'warn' },
      { id: 'b', sha256 },
      { id: 'c', line: 3, error: expect.stringContaining('missing.eml') },
      { id: 'd', line: 4, error: 'anchor: did you mean anchors?' },
      { id: 'e', status: 'fail', firstCause: { code: 'crypto.no-recipient-match' } },
      { line: 6, error: expect.stringContaining('not JSON') },
    ]);
  });
});

describe('message seal and show', () => {
  it('warns of a signer that receivers refuse', async () => {
    const { stderr } = await message(
      'seal',
      at('plain.eml'),
      '--key',
      at('bob.key'),
      '--cert',
      at('bob.crt'),
      '--recipient',
      at('bob.crt'),
      '--out',
      at('odd.eml'),
    );
    expect(stderr).toContain('receivers will refuse');
  });

  it('shows what everybody can read, and nothing else', async () => {
    const { stdout } = await message('show', at('sealed.eml'));
    expect(stdout).toContain('alice@a.example');
    expect(stdout).toContain('Content-Type:');
    expect(stdout).not.toContain('Referral');
    expect((await message('show', at('plain.eml'))).stdout).toContain('Dear Bob');
  });
});
