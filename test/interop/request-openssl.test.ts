import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { BER, DER, made, type Pieces, whole } from '../../src/cms/ber.ts';
import { readIssuers, writeCertsOnly } from '../../src/pki/aia.ts';
import { issueCrl } from '../../src/pki/crl.ts';
import { issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { formatName } from '../../src/pki/name.ts';
import { readRequest, writeRequest } from '../../src/pki/request.ts';
import { DAY, ecLeaf, NOW, root } from '../pki/fixtures.ts';
import { peer } from './peers.ts';

const openssl = peer('openssl');
let folder = '';
const run = (...args: string[]): string =>
  execFileSync('sh', ['-c', '"$0" "$@" 2>&1', openssl!, ...args], { cwd: folder, encoding: 'utf8' });
const write = (name: string, content: Uint8Array | string): void =>
  writeFileSync(join(folder, name), content);
const read = (name: string): Buffer => readFileSync(join(folder, name));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anchorage-csr-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!openssl)('requests and openssl req', () => {
  it.each(['rsa2048', 'p256', 'p384', 'ed25519'] as const)('it reads ours and certifies it: %s', (kind) => {
    const der = writeRequest({
      profile: 'address',
      subject: { O: 'Clinic', CN: 'Müller' },
      key: keyPool.take(kind),
      emails: ['m@direct.a.example'],
    });
    write('ours.csr', writePem('CERTIFICATE REQUEST', der));
    const told = run('req', '-in', 'ours.csr', '-noout', '-verify', '-text');
    expect(told).toMatch(/verify OK/);
    expect(told).toMatch(/email:m@direct\.a\.example/);
    expect(told).toMatch(/E-mail Protection/);
  });

  it.each([
    ['RSA', ['-newkey', 'rsa:2048']],
    ['EC', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']],
    ['RSA-PSS signature', ['-newkey', 'rsa:2048', '-sigopt', 'rsa_padding_mode:pss']],
    ['DER', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-outform', 'DER']],
    ['NEW in its label', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-newhdr']],
  ])('we read its: %s', (_, options) => {
    run(
      ...['req', '-new', '-nodes', '-keyout', 'k', '-out', 'theirs.csr', '-subj', '/O=Clinic/CN=x'],
      ...['-addext', 'subjectAltName=email:x@d.example,DNS:d.example', ...options],
    );
    const request = readRequest(read('theirs.csr'));
    expect(request).toMatchObject({ proven: true, emails: ['x@d.example'], dnsNames: ['d.example'] });
    expect(formatName(request.subject)).toBe('CN=x, O=Clinic');
  });
});

describe.skipIf(!openssl)('openssl takes an authority of ours, and reads what we make', () => {
  it.each(['rsa2048', 'p256', 'p384'] as const)(
    'an anchor, a certificate, its list, and a bundle: %s',
    (kind) => {
      const ca = root('CA', 0, { key: keyPool.take(kind) });
      const leaf = ecLeaf(ca, 'a@d.example');
      const gone = ecLeaf(ca, 'gone@d.example');
      write('ca.pem', writePem('CERTIFICATE', ca.certificate.der));
      const list = issueCrl({
        issuer: ca,
        number: 7,
        thisUpdate: NOW,
        nextUpdate: NOW + DAY,
        revoked: [{ serial: gone.certificate.serial, at: NOW, reason: 'certificateHold' }],
      });
      write('list.pem', writePem('X509 CRL', list));
      for (const [name, { certificate }, expected] of [
        ['leaf.pem', leaf, /leaf\.pem: OK/],
        ['gone.pem', gone, /certificate revoked/],
      ] as const) {
        write(name, writePem('CERTIFICATE', certificate.der));
        const at = String(Math.floor(NOW / 1000) + 60);
        const args = [
          'verify',
          '-CAfile',
          'ca.pem',
          '-CRLfile',
          'list.pem',
          '-crl_check',
          '-attime',
          at,
          name,
        ];
        let told = '';
        try {
          told = run(...args);
        } catch (error) {
          told = String((error as { stdout?: string }).stdout);
        }
        expect(told).toMatch(expected);
      }
      write('both.p7c', writeCertsOnly([ca.certificate, leaf.certificate]));
      const told = run('pkcs7', '-inform', 'DER', '-in', 'both.p7c', '-print_certs', '-noout');
      expect(told.match(/subject=/g)).toHaveLength(2);
    },
  );

  it('a cross-certificate by an authority of openssl leads to its anchor', () => {
    const ca = root('Ours');
    run(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '60'],
      ...['-keyout', 'x.key', '-out', 'x.pem', '-subj', '/CN=Theirs'],
    );
    const csr = writeRequest({ profile: 'intermediate', subject: { O: 'Test', CN: 'Ours' }, key: ca.key });
    write('cross.csr', writePem('CERTIFICATE REQUEST', csr));
    write('cross.ext', 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n');
    run(
      ...['x509', '-req', '-in', 'cross.csr', '-CA', 'x.pem', '-CAkey', 'x.key', '-CAcreateserial'],
      ...['-days', '30', '-extfile', 'cross.ext', '-out', 'cross.pem'],
    );
    const now = Date.now();
    const leaf = issueCertificate({
      profile: 'domain',
      subject: { CN: 'd.example' },
      dnsNames: ['d.example'],
      key: keyPool.take('p256', 3),
      issuer: ca,
      notBefore: now - DAY,
      notAfter: now + DAY,
    });
    write('below.pem', writePem('CERTIFICATE', leaf.certificate.der));
    expect(run('verify', '-CAfile', 'x.pem', '-untrusted', 'cross.pem', 'below.pem')).toMatch(/OK/);
  });
});

/** The same value with every constructed length indefinite, or definite. */
function reencoded(bytes: Uint8Array, indefinite: boolean): Uint8Array {
  const form = indefinite ? BER : DER;
  const walk = (from: Uint8Array): Uint8Array[] => {
    const out: Uint8Array[] = [];
    for (let at = 0; at < from.length; ) {
      const long = from[at + 1]! & 0x80 ? from[at + 1]! & 0x7f : 0;
      let length = from[at + 1]!;
      if (long > 0) length = Number(`0x${Buffer.from(from.subarray(at + 2, at + 2 + long)).toString('hex')}`);
      const start = at + 2 + long;
      const content = from.subarray(start, start + length);
      const asItIs = from.subarray(at, start + length);
      // certificates and lists are signed octets and stay as they are
      const isSigned = from[at] === 0x30 && content[0] === 0x30 && length > 150 && content[4] !== 0x06;
      const pieces: Pieces =
        from[at]! & 0x20 && !isSigned ? form.constructed(from[at]!, ...walk(content)) : [asItIs];
      out.push(made(whole(pieces)));
      at = start + length;
    }
    return out;
  };
  return Buffer.concat(walk(bytes));
}

describe.skipIf(!openssl)('certs-only of crl2pkcs7', () => {
  it('in DER, PEM and with indefinite lengths', () => {
    const ca = root('CA');
    write('a.pem', writePem('CERTIFICATE', ca.certificate.der));
    run('crl2pkcs7', '-nocrl', '-certfile', 'a.pem', '-outform', 'DER', '-out', 'a.p7c');
    run('crl2pkcs7', '-nocrl', '-certfile', 'a.pem', '-out', 'a.p7');
    const der = read('a.p7c');
    const ber = reencoded(der, true);
    expect(Buffer.from(ber).includes(Buffer.from([0x30, 0x80]))).toBe(true);
    for (const bytes of [der, read('a.p7'), ber])
      expect(readIssuers(bytes).map(({ sha256 }) => sha256)).toEqual([ca.certificate.sha256]);
  });
});
