import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { encode, explicit, integer, octetString, oid, sequence, setOf } from '../../src/asn1/write.ts';
import { readIssuers, writeCertsOnly } from '../../src/pki/aia.ts';
import { PkiError } from '../../src/pki/error.ts';
import { ecLeaf, intermediate, root } from './fixtures.ts';

const R = root('R').certificate;
const I = intermediate(root('R'), 'I', 1).certificate;
const sorted = [R, I].toSorted((a, b) => Buffer.compare(a.der, b.der));
const p7 = writeCertsOnly([R, I]);
const pem = (label: string, bytes: Uint8Array): Buffer => Buffer.from(writePem(label, bytes));

/** The same in BER: indefinite lengths, as some servers write it. */
const indefinite = (identifier: number, ...parts: Uint8Array[]): Uint8Array =>
  Buffer.concat([Uint8Array.of(identifier, 0x80), ...parts, Uint8Array.of(0, 0)]);
const ber = indefinite(
  0x30,
  oid('1.2.840.113549.1.7.2'),
  indefinite(
    0xa0,
    indefinite(
      0x30,
      integer(1),
      setOf(),
      indefinite(0x30, oid('1.2.840.113549.1.7.1')),
      indefinite(0xa0, R.der, I.der),
      setOf(),
    ),
  ),
);

describe('what AIA bodies hold (wire-facts §10)', () => {
  it.each([
    ['one DER certificate', R.der, [R]],
    ['one with a line end behind it', Buffer.concat([R.der, Buffer.from('\n')]), [R]],
    ['one PEM certificate', pem('CERTIFICATE', R.der), [R]],
    [
      'several PEM certificates',
      Buffer.concat([pem('CERTIFICATE', I.der), pem('CERTIFICATE', R.der)]),
      [I, R],
    ],
    ['certs-only PKCS#7', p7, sorted],
    ['certs-only PKCS#7 in BER', ber, [R, I]],
    ['PKCS#7 as PEM', pem('PKCS7', p7), sorted],
    ['CMS as PEM, after a byte order mark', Buffer.concat([Buffer.from('\ufeff'), pem('CMS', p7)]), sorted],
    [
      'a good one beside one that cannot be read',
      writeCertsOnly([R, sequence(octetString(new Uint8Array(3)))]),
      [R],
    ],
  ])('%s', (_, body, expected) => {
    expect(readIssuers(body)).toEqual(expected);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['an HTML page', Buffer.from('<html>no</html>')],
    ['PKCS#7 without certificates', writeCertsOnly([])],
    ['enveloped-data', sequence(oid('1.2.840.113549.1.7.3'), explicit(0, sequence()))],
    ['only what cannot be read', writeCertsOnly([sequence(octetString(new Uint8Array(3)))])],
    ['too many', writeCertsOnly(Array.from({ length: 201 }, () => R))],
    ['a private key', pem('PRIVATE KEY', encode(0x30, integer(0)))],
  ])('%s is refused', (_, body) => {
    expect(() => readIssuers(body)).toThrow(PkiError);
  });

  it('changed octets give certificates or a PkiError', () => {
    const base = writeCertsOnly([ecLeaf(root('R'), 'bob@d.example').certificate]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { maxLength: 3 }), (edits) => {
        const octets = Uint8Array.from(base);
        for (const [at, octet] of edits) octets[at] = octet;
        try {
          readIssuers(octets);
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
