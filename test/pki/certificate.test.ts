import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { children, raw, readAsn1 } from '../../src/asn1/read.ts';
import { encode, explicit, integer, octetString, oid, sequence } from '../../src/asn1/write.ts';
import { parseCertificate, parseCertificateText } from '../../src/pki/certificate.ts';
import { PkiError } from '../../src/pki/error.ts';
import { EXT } from '../../src/pki/oids.ts';
import { DAY, intermediate, leaf, NOW, root } from './fixtures.ts';

const ca = root('Root');
const good = leaf(ca, 'bob@direct.b.example', {
  crlUrls: ['http://pki.example/root.crl', 'http://pki2.example/root.crl'],
  caIssuersUrls: ['http://pki.example/root.cer'],
  ocspUrls: ['http://ocsp.example/'],
  policies: ['1.3.6.1.4.1.41179.1.3'],
}).certificate;

/** The certificate with one field of the TBS replaced; the signature no longer fits, which parsing does not mind. */
function rebuilt(change: (fields: Uint8Array[]) => Uint8Array[]): Uint8Array {
  const [tbs, algorithm, signature] = children(readAsn1(good.der));
  return sequence(sequence(...change(children(tbs!).map(raw))), raw(algorithm!), raw(signature!));
}

const withSerial = (serial: Uint8Array): Uint8Array => rebuilt((f) => f.with(1, serial));

const withExtension = (type: string, value: Uint8Array, critical?: Uint8Array): Uint8Array =>
  rebuilt((f) => [
    ...f.slice(0, -1),
    explicit(3, sequence(sequence(oid(type), ...(critical ? [critical] : []), octetString(value)))),
  ]);

describe('reading a certificate', () => {
  it('gives every field (RFC 5280 §4.1, REQ-CERT-01..07)', () => {
    expect(good).toMatchObject({
      version: 3,
      emails: ['bob@direct.b.example'],
      dnsNames: [],
      isCa: false,
      notBefore: NOW - 30 * DAY,
      eku: ['1.3.6.1.5.5.7.3.4'],
      crlUrls: ['http://pki.example/root.crl', 'http://pki2.example/root.crl'],
      caIssuersUrls: ['http://pki.example/root.cer'],
      ocspUrls: ['http://ocsp.example/'],
      policies: ['1.3.6.1.4.1.41179.1.3'],
      key: { kind: 'rsa', bits: 2048 },
      signature: { name: 'ecdsa-with-SHA256', digest: 'sha256' },
      signatureAgrees: true,
      criticalUnknown: [],
      malformed: [],
    });
    expect([...good.keyUsage!]).toEqual(['digitalSignature', 'keyEncipherment']);
    expect(good.aki).toBe(ca.certificate.ski);
    expect(good.issuer.key).toBe(ca.certificate.subject.key);
    expect(good.publicKey.asymmetricKeyType).toBe('rsa');
  });

  it('gives the same object for the same octets, and keeps its own copy of them', () => {
    const octets = Uint8Array.from(good.der);
    const read = parseCertificate(octets);
    octets.fill(0);
    expect(read).toBe(good);
    expect(parseCertificate(read.der)).toBe(good);
  });

  it.each([
    ['serial zero', withSerial(integer(0)), { serial: '00' }],
    ['a negative serial', withSerial(integer(-129)), { serial: '-81' }],
    ['a serial of 30 octets', withSerial(integer(2n ** 239n)), { serial: `80${'00'.repeat(29)}` }],
    ['a serial with needless zeros', withSerial(encode(2, Uint8Array.of(0, 0, 5))), { serial: '05' }],
    ['no version', rebuilt((f) => f.slice(1)), { version: 1, emails: ['bob@direct.b.example'] }],
    [
      'boolean 01',
      withExtension(EXT.basicConstraints, sequence(Uint8Array.of(1, 1, 1)), Uint8Array.of(1, 1, 1)),
      { isCa: true, extensions: [{ oid: EXT.basicConstraints, critical: true }] },
    ],
    [
      'a T61String in the subject',
      rebuilt((f) =>
        f.with(
          5,
          sequence(encode(0x31, sequence(oid('2.5.4.3'), encode(20, Buffer.from('Dr Jos\xe9', 'latin1'))))),
        ),
      ),
      { subject: { rdns: [[{ value: 'Dr José' }]] } },
    ],
    ['a line end behind it', Buffer.concat([good.der, Buffer.from('\r\n')]), { sha256: good.sha256 }],
    [
      'a broken distribution point',
      withExtension(EXT.cRLDistributionPoints, Uint8Array.of(0x30, 5, 0)),
      { crlUrls: [], malformed: [EXT.cRLDistributionPoints] },
    ],
    [
      'an unknown critical extension',
      withExtension('1.2.3.4', Uint8Array.of(5, 0), Uint8Array.of(1, 1, 255)),
      { criticalUnknown: ['1.2.3.4'] },
    ],
  ])('reads %s (wire-facts §15)', (_, der, fields) => {
    expect(parseCertificate(der)).toMatchObject(fields);
  });

  it.each([
    ['nothing', new Uint8Array(0), 'structure'],
    ['a cut certificate', good.der.subarray(0, 300), 'structure'],
    ['more behind it', Buffer.concat([good.der, Buffer.from('\nxx')]), 'structure'],
    ['300 kB', new Uint8Array(300_000), 'limit'],
    ['a broken SAN', withExtension(EXT.subjectAltName, Uint8Array.of(4, 1, 0)), 'extension'],
    [
      'a negative pathLen',
      withExtension(EXT.basicConstraints, sequence(Uint8Array.of(1, 1, 255), integer(-1))),
      'extension',
    ],
    [
      'one extension twice',
      rebuilt((f) => {
        const one = sequence(oid(EXT.subjectAltName), octetString(sequence()));
        return [...f.slice(0, -1), explicit(3, sequence(one, one))];
      }),
      'extension',
    ],
    ['a PEM text', Buffer.from(writePem('CERTIFICATE', good.der)), 'structure'],
  ])('refuses %s', (_, der, code) => {
    expect(() => parseCertificate(der)).toThrow(expect.objectContaining({ name: 'PkiError', code }));
  });

  it('refuses a key that cannot be loaded only when the key is used', () => {
    const broken = parseCertificate(
      rebuilt((f) => f.with(6, sequence(sequence(oid('1.2.3')), Uint8Array.of(3, 2, 0, 0)))),
    );
    expect(broken.key).toEqual({ kind: 'other', bits: 0 });
    expect(() => broken.publicKey).toThrow(expect.objectContaining({ code: 'key' }));
  });
});

describe('reading a certificate file', () => {
  const pem = writePem('CERTIFICATE', good.der);
  it.each([
    ['DER', good.der],
    ['PEM', pem],
    ['PEM with CRLF', pem.replaceAll('\n', '\r\n')],
    ['PEM after a byte order mark', Buffer.from(`\ufeff${pem}`)],
    ['PEM after text', `subject=CN = Bob\n-----BEGIN NOTHING\n${pem}`],
    ['PEM with the old label', pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
    ['a PEM chain: the first', pem + writePem('CERTIFICATE', ca.certificate.der)],
  ])('takes %s', (_, file) => {
    expect(parseCertificateText(file)).toBe(good);
  });

  it('refuses other text', () => {
    expect(() => parseCertificateText('hello')).toThrow(PkiError);
    expect(() => parseCertificateText(readFileSync(import.meta.filename))).toThrow(PkiError);
  });
});

describe('any octets', () => {
  const total = (bytes: Uint8Array): void => {
    try {
      const read = parseCertificate(bytes);
      // what is lazy must be total too
      expect(read.publicKey.type).toBe('public');
    } catch (error) {
      expect(error).toBeInstanceOf(PkiError);
    }
  };

  it('give a certificate or a PkiError (REQ-SEC-04)', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), total), { numRuns: 500 });
  });

  it('mutated certificates too', () => {
    const bases = [good.der, ca.certificate.der, intermediate(ca, 'Sub', 1, { pathLen: 0 }).certificate.der];
    const edit = fc.record({
      at: fc.nat(1200),
      octet: fc.nat(255),
      kind: fc.constantFrom('set', 'insert', 'cut'),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...bases),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (base, edits) => {
          const octets = [...base];
          for (const { at, octet, kind } of edits) {
            const position = at % octets.length;
            if (kind === 'set') octets[position] = octet;
            else octets.splice(position, kind === 'cut' ? 1 : 0, ...(kind === 'cut' ? [] : [octet]));
          }
          total(Uint8Array.from(octets));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
