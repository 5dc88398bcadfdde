import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePem } from '../../src/asn1/pem.ts';
import { PkiError } from '../../src/pki/error.ts';
import { type KeyKind, keyPool } from '../../src/pki/keys.ts';
import { formatName } from '../../src/pki/name.ts';
import { type RequestSpec, readRequest, writeRequest } from '../../src/pki/request.ts';
import { root } from './fixtures.ts';

const spec = (key: KeyKind): RequestSpec => ({
  profile: 'address',
  subject: { C: 'US', O: 'Clinic', CN: 'Dr. Müller' },
  key: keyPool.take(key),
  emails: ['mueller@direct.a.example'],
});
const code = (expected: string) => expect.objectContaining({ name: 'PkiError', code: expected });

describe('certification requests (RFC 2986)', () => {
  it.each<KeyKind>(['rsa2048', 'p256', 'p384', 'ed25519'])(
    '%s: what was asked is read back, and proven',
    (key) => {
      const der = writeRequest(spec(key));
      const read = readRequest(Buffer.from(writePem('CERTIFICATE REQUEST', der)));
      expect(formatName(read.subject)).toBe('CN=Dr. Müller, O=Clinic, C=US');
      expect(read).toMatchObject({
        emails: ['mueller@direct.a.example'],
        dnsNames: [],
        isCa: false,
        proven: true,
        eku: ['1.3.6.1.5.5.7.3.4'],
      });
      expect(read.ski).toBeUndefined();
      expect(Buffer.compare(read.spki, keyPool.take(key).spki)).toBe(0);
    },
  );

  it('another key in it proves nothing', () => {
    const der = Buffer.from(writeRequest(spec('p256')));
    const { spki } = keyPool.take('p256');
    const other = keyPool.take('p256', 1).spki;
    der.set(other, der.indexOf(Buffer.from(spki)));
    expect(readRequest(der).proven).toBe(false);
  });

  it.each([
    ['a certificate', root('CA').certificate.der, 'structure'],
    ['text', Buffer.from('hello'), 'structure'],
    ['too much', new Uint8Array(70_000), 'limit'],
  ])('refuses %s', (_, bytes, expected) => {
    expect(() => readRequest(bytes)).toThrow(code(expected));
  });

  it('gives a value or its typed error for any change', () => {
    const der = writeRequest(spec('p256'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(der.length),
        (changes, cut) => {
          const bytes = Buffer.from(der).subarray(0, cut < 20 ? der.length : cut);
          for (const [at, octet] of changes) bytes[at % bytes.length] = octet;
          try {
            readRequest(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(PkiError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
