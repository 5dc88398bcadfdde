import { createPrivateKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { children, readAsn1, stringContent } from '../../../src/asn1/read.ts';
import { explicit, integer, octetString, oid, sequence } from '../../../src/asn1/write.ts';
import { createEffort } from '../../../src/pki/effort.ts';
import { PkiError } from '../../../src/pki/error.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { readPrivateKey, writePrivateKeyPem } from '../../../src/pki/pkcs8.ts';
import { bmpPassword, derivePkcs12, PURPOSE } from '../../../src/pki/pkcs12/derive.ts';
import { writeMac } from '../../../src/pki/pkcs12/mac.ts';
import { readPkcs12, writePkcs12 } from '../../../src/pki/pkcs12.ts';
import { ecLeaf, intermediate, leaf, root } from '../fixtures.ts';

const ca = root('CA');
const sub = intermediate(ca, 'Sub');
const one = ecLeaf(sub, 'one@direct.a.example');
const two = leaf(sub, 'two@direct.a.example');
const ROUNDS = 10;
const content = {
  identities: [one, two],
  chain: [sub.certificate, ca.certificate, one.certificate],
  friendlyName: 'Dr. Müller 🩺',
};
const file = writePkcs12(content, 'geheim – 1', ROUNDS);
const code = (expected: string) => expect.objectContaining({ name: 'PkiError', code: expected });

describe('PKCS #12 (RFC 7292)', () => {
  it('reads back keys, certificates and names', () => {
    const read = readPkcs12(file, 'geheim – 1');
    expect(read.keys.map(({ name }) => name)).toEqual(['Dr. Müller 🩺', undefined]);
    expect(read.certificates).toEqual([one, two, sub, ca].map(({ certificate }) => certificate));
    expect(read.leaf?.certificate).toBe(one.certificate);
    expect(read.identities.map(({ certificate }) => certificate.emails[0])).toEqual([
      'one@direct.a.example',
      'two@direct.a.example',
    ]);
    expect(read.leaf?.key.privateKey.equals(one.key.privateKey)).toBe(true);
    expect(read.unreadable).toEqual([]);
  });

  it('a key without a certificate, and certificates without a key', () => {
    const only = readPkcs12(writePkcs12({ identities: [], chain: [ca.certificate] }, 'x', ROUNDS), 'x');
    expect(only).toMatchObject({ keys: [], identities: [] });
    expect(only.leaf).toBeUndefined();
    expect(only.certificates).toHaveLength(1);
  });

  it.each([
    ['another password', file, 'geheim - 1', 'password'],
    ['no password', file, '', 'password'],
    ['changed octets', Buffer.from(file).fill(7, 200, 201), 'geheim – 1', 'password'],
    ['half of it', file.subarray(0, file.length / 2), 'x', 'structure'],
    ['a certificate', ca.certificate.der, 'x', 'structure'],
    ['no MAC', withoutMac(), 'x', 'structure'],
    ['a public-key signature instead', sequence(integer(3), part('1.2.840.113549.1.7.2')), 'x', 'algorithm'],
    ['too much', new Uint8Array(17 * 1024 * 1024), 'x', 'limit'],
  ])('refuses %s', (_, bytes, password, expected) => {
    expect(() => readPkcs12(bytes, password)).toThrow(code(expected));
  });

  it('an iteration count that would take hours is refused at once', () => {
    const bomb = sequence(
      integer(3),
      dataPart(sequence()),
      sequence(
        sequence(sequence(oid('2.16.840.1.101.3.4.2.1')), octetString(new Uint8Array(32))),
        octetString(new Uint8Array(8)),
        integer(2_000_000_000),
      ),
    );
    expect(() => readPkcs12(bomb, 'x')).toThrow(code('limit'));
  });

  it('derives as the test vectors of others do', () => {
    // from the tests of Bouncy Castle: SHA-1, "smeg"
    const from = { digest: 'sha1', salt: Buffer.from('0A58CF64530D823F', 'hex'), iterations: 1 } as const;
    const key = derivePkcs12(
      bmpPassword('smeg'),
      { ...from, purpose: PURPOSE.key, length: 24 },
      createEffort(),
    );
    expect(Buffer.from(key).toString('hex')).toBe('8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3');
    const iv = derivePkcs12(bmpPassword('smeg'), { ...from, purpose: PURPOSE.iv, length: 8 }, createEffort());
    expect(Buffer.from(iv).toString('hex')).toBe('79993dfe048d3b76');
  });

  it('gives a value or its typed error for changed octets, also where the MAC agrees with the change', () => {
    const authenticated = Buffer.from(authenticatedOf(file));
    fc.assert(
      fc.property(
        fc.constantFrom('outside', 'inside'),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        fc.option(fc.nat(authenticated.length), { nil: undefined }),
        (where, changes, cut) => {
          const body = Buffer.from(where === 'inside' ? authenticated : file);
          for (const [at, octet] of changes) body[at % body.length] = octet;
          const short = cut === undefined ? body : body.subarray(0, cut);
          const bytes = where === 'inside' ? withMac(short) : short;
          try {
            readPkcs12(bytes, 'geheim – 1', createEffort(2000));
          } catch (error) {
            expect(error).toBeInstanceOf(PkiError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('what it writes needs a password and fitting keys', () => {
    expect(() => writePkcs12({ identities: [one] }, '')).toThrow(code('spec'));
    expect(() => writePkcs12({ identities: [{ certificate: one.certificate, key: two.key }] }, 'x')).toThrow(
      code('spec'),
    );
  });
});

describe('private keys in files', () => {
  const rsa = keyPool.take('rsa2048').privateKey;
  const ec = keyPool.take('p256').privateKey;
  const pem = (key: typeof rsa, type: 'pkcs8' | 'pkcs1' | 'sec1', more = {}): Uint8Array =>
    Buffer.from(key.export({ type: type as 'pkcs8', format: 'pem', ...more }));
  const der = (key: typeof rsa, type: 'pkcs8' | 'pkcs1' | 'sec1'): Uint8Array =>
    key.export({ type: type as 'pkcs8', format: 'der' });

  it.each([
    ['PKCS #8, PEM', pem(rsa, 'pkcs8'), rsa],
    ['PKCS #8, DER', der(ec, 'pkcs8'), ec],
    ['PKCS #1, PEM', pem(rsa, 'pkcs1'), rsa],
    ['PKCS #1, DER', der(rsa, 'pkcs1'), rsa],
    ['SEC 1, PEM', pem(ec, 'sec1'), ec],
    ['SEC 1, DER', der(ec, 'sec1'), ec],
    ['SEC 1 after its parameters', Buffer.concat([Buffer.from(PARAMETERS()), pem(ec, 'sec1')]), ec],
    ['ours, encrypted', Buffer.from(writePrivateKeyPem(ec, 'secret')), ec],
    ["OpenSSL's, encrypted", pem(rsa, 'pkcs8', { cipher: 'aes-128-cbc', passphrase: 'secret' }), rsa],
  ])('%s', (_, bytes, key) => {
    expect(readPrivateKey(bytes, 'secret').privateKey.equals(key)).toBe(true);
  });

  it.each([
    ['a wrong password', Buffer.from(writePrivateKeyPem(ec, 'secret')), 'other', 'password'],
    ['no password', Buffer.from(writePrivateKeyPem(ec, 'secret')), undefined, 'password'],
    ['a certificate', ca.certificate.der, 'x', 'key'],
    ['text', Buffer.from('hello'), 'x', 'structure'],
    ['the old encryption of PEM', OLD_PEM(), 'x', 'algorithm'],
  ])('refuses %s', (_, bytes, password, expected) => {
    expect(() => readPrivateKey(bytes, password)).toThrow(code(expected));
  });

  it('OpenSSL opens what we encrypt', () => {
    const text = writePrivateKeyPem(rsa, 'secret');
    expect(createPrivateKey({ key: text, passphrase: 'secret' }).equals(rsa)).toBe(true);
  });

  it('gives a value or its typed error for any change', () => {
    const bases = [
      der(ec, 'sec1'),
      der(ec, 'pkcs8'),
      Buffer.from(writePrivateKeyPem(ec, 's')),
      der(rsa, 'pkcs1'),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...bases), fc.nat(), fc.nat(255), (base, at, octet) => {
        const bytes = Buffer.from(base);
        bytes[at % bytes.length] = octet;
        try {
          readPrivateKey(bytes, 's', createEffort(2000));
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function PARAMETERS(): string {
  return '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
}

function OLD_PEM(): Uint8Array {
  return Buffer.from(
    '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n',
  );
}

function part(type: string): Uint8Array {
  return sequence(oid(type), explicit(0, sequence()));
}

function dataPart(inner: Uint8Array): Uint8Array {
  return sequence(oid('1.2.840.113549.1.7.1'), explicit(0, octetString(inner)));
}

function withoutMac(): Uint8Array {
  return sequence(integer(3), dataPart(sequence()));
}

function authenticatedOf(bytes: Uint8Array): Uint8Array {
  const [, authSafe] = children(readAsn1(bytes));
  return stringContent(children(children(authSafe!)[1]!)[0]!);
}

function withMac(inner: Uint8Array): Uint8Array {
  const mac = writeMac(inner, 'geheim – 1', Buffer.from('saltsalt'), 1, createEffort());
  return sequence(integer(3), dataPart(inner), mac);
}
