import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { readPrivateKey, writePrivateKeyPem } from '../../src/pki/pkcs8.ts';
import { readPkcs12, writePkcs12 } from '../../src/pki/pkcs12.ts';
import { ecLeaf, intermediate, leaf, root } from '../pki/fixtures.ts';
import { peer } from './peers.ts';

const openssl = peer('openssl');

let folder = '';
const run = (...args: string[]): Buffer =>
  execFileSync(openssl!, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
const file = (name: string): Buffer => readFileSync(join(folder, name));
const write = (name: string, bytes: Uint8Array | string): void => writeFileSync(join(folder, name), bytes);

const ca = root('CA');
const sub = intermediate(ca, 'Sub');
const ec = ecLeaf(sub, 'one@direct.a.example');
const rsa = leaf(sub, 'two@direct.a.example');

const hasLegacy = (): boolean => {
  try {
    execFileSync(openssl!, ['list', '-providers', '-provider', 'legacy'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anchorage-p12-'));
  write('key.pem', writePrivateKeyPem(rsa.key.privateKey, undefined));
  write('cert.pem', writePem('CERTIFICATE', rsa.certificate.der));
  write('chain.pem', [sub, ca].map(({ certificate }) => writePem('CERTIFICATE', certificate.der)).join(''));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const exporting = (out: string, ...more: string[]): void => {
  run(
    'pkcs12',
    '-export',
    ...['-inkey', 'key.pem', '-in', 'cert.pem', '-certfile', 'chain.pem'],
    ...['-name', 'Zwei', '-passout', 'pass:pässwort', '-out', out, ...more],
  );
};

describe.skipIf(!openssl)('PKCS #12 and openssl pkcs12', () => {
  it.each([
    ['as it comes', []],
    [
      'AES-128 and a MAC with SHA-1',
      ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC', '-macalg', 'sha1'],
    ],
    ['triple DES', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['triple DES with two keys', ['-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-3DES']],
    ['triple DES by PBES2', ['-keypbe', 'DES-EDE3-CBC', '-certpbe', 'DES-EDE3-CBC']],
    ['a MAC with SHA-512', ['-macalg', 'sha512']],
    ['certificates in clear', ['-certpbe', 'NONE']],
    ['everything in clear but the MAC', ['-certpbe', 'NONE', '-keypbe', 'NONE']],
    ['one iteration', ['-iter', '1']],
    ['many iterations', ['-iter', '100000']],
  ])('we read what it writes: %s', (_, options) => {
    exporting('theirs.p12', ...options);
    const read = readPkcs12(file('theirs.p12'), 'pässwort');
    expect(read.leaf?.certificate).toBe(rsa.certificate);
    expect(read.leaf?.key.privateKey.equals(rsa.key.privateKey)).toBe(true);
    expect(read.keys[0]?.name).toBe('Zwei');
    expect(new Set(read.certificates)).toEqual(new Set([rsa, sub, ca].map((one) => one.certificate)));
    expect(() => readPkcs12(file('theirs.p12'), 'passwort')).toThrow(
      expect.objectContaining({ code: 'password' }),
    );
  });

  it('an empty password', () => {
    exporting('empty.p12', '-passout', 'pass:');
    expect(readPkcs12(file('empty.p12'), '').keys).toHaveLength(1);
  });

  it('without a MAC it is not believed', () => {
    exporting('nomac.p12', '-nomac');
    expect(() => readPkcs12(file('nomac.p12'), 'pässwort')).toThrow(
      expect.objectContaining({ code: 'structure' }),
    );
  });

  it.skipIf(!openssl || !hasLegacy())('-legacy: certificates under RC2 are refused with the cure', () => {
    exporting('legacy.p12', '-legacy');
    expect(() => readPkcs12(file('legacy.p12'), 'pässwort')).toThrow(
      expect.objectContaining({
        code: 'algorithm',
        message: expect.stringContaining('openssl pkcs12 -legacy'),
      }),
    );
    run('pkcs12', '-legacy', '-in', 'legacy.p12', '-passin', 'pass:pässwort', '-nodes', '-out', 'plain.pem');
    run('pkcs12', '-export', '-in', 'plain.pem', '-passout', 'pass:x', '-out', 'new.p12');
    expect(readPkcs12(file('new.p12'), 'x').leaf?.certificate).toBe(rsa.certificate);
  });

  it('it reads what we write', () => {
    write(
      'ours.p12',
      writePkcs12(
        { identities: [ec, rsa], chain: [sub.certificate, ca.certificate], friendlyName: 'Müller' },
        'pässwort',
      ),
    );
    const told = run('pkcs12', '-in', 'ours.p12', '-passin', 'pass:pässwort', '-nodes').toString();
    expect(told.match(/BEGIN CERTIFICATE/g)).toHaveLength(4);
    expect(told.match(/BEGIN PRIVATE KEY/g)).toHaveLength(2);
    expect(told).toMatch(/friendlyName: M.+ller/);
    const info = execFileSync(
      'sh',
      ['-c', '"$0" pkcs12 -in ours.p12 -passin pass:pässwort -info -noout 2>&1', openssl!],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(info).toMatch(/MAC: sha256, Iteration 200000/);
    expect(info).toMatch(/PBES2, PBKDF2, AES-256-CBC, Iteration 200000, PRF hmacWithSHA256/);
  });

  it.each([
    ['pkcs8 -topk8', ['pkcs8', '-topk8', '-in', 'key.pem', '-passout', 'pass:x', '-out', 'k']],
    ['with scrypt', ['pkcs8', '-topk8', '-in', 'key.pem', '-scrypt', '-passout', 'pass:x', '-out', 'k']],
    [
      'with triple DES',
      ['pkcs8', '-topk8', '-in', 'key.pem', '-v1', 'PBE-SHA1-3DES', '-passout', 'pass:x', '-out', 'k'],
    ],
    ['in DER', ['pkcs8', '-topk8', '-in', 'key.pem', '-outform', 'DER', '-passout', 'pass:x', '-out', 'k']],
    ['rsa -traditional', ['rsa', '-in', 'key.pem', '-traditional', '-out', 'k']],
  ])('we read the key of %s', (_, args) => {
    run(...args);
    expect(readPrivateKey(file('k'), 'x').privateKey.equals(rsa.key.privateKey)).toBe(true);
  });

  it('it reads the key that we encrypt', () => {
    write('ours.key', writePrivateKeyPem(ec.key.privateKey, 'secret'));
    expect(run('pkey', '-in', 'ours.key', '-passin', 'pass:secret', '-noout', '-text').toString()).toMatch(
      /prime256v1/,
    );
  });
});
