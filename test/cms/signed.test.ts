import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { children, raw, readAsn1 } from '../../src/asn1/read.ts';
import { encode, explicit, integer, octetString, oid, sequence, setOf } from '../../src/asn1/write.ts';
import { digestAlgorithm, digestOfMicalg, micalgToken } from '../../src/cms/digests.ts';
import { CmsError } from '../../src/cms/error.ts';
import { OID } from '../../src/cms/oids.ts';
import { type CmsSigner, type SignOptions, signData } from '../../src/cms/sign.ts';
import { embeddedCertificates, readSigned, verifySigner } from '../../src/cms/signed.ts';
import { encodeSignatureAlgorithm, signData as sign, signatureAlgorithm } from '../../src/pki/algorithms.ts';
import type { Certificate } from '../../src/pki/certificate.ts';
import { NOW, person, rootCertificate, signerOf } from './people.ts';

const content = Buffer.from('Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nbody\r\n');
const alice = person('alice');
const carol = person('carol', 'p256');
const dave = person('dave', 'p384');
const detached: SignOptions = { detached: true, signingTime: NOW };

const verdicts = (
  object: Uint8Array,
  octets: Uint8Array | undefined,
  more: Certificate[] = [],
  options = {},
) => {
  const signed = readSigned(object);
  const certificates = [...embeddedCertificates(signed).certificates, ...more];
  return signed.signers.map((signer) => verifySigner(signed, signer, octets, certificates, options));
};

describe('signing and verifying', () => {
  it.each<[string, CmsSigner[], SignOptions]>([
    ['RSA, SHA-256, detached', [signerOf(alice)], detached],
    ['RSA, SHA-384', [{ ...signerOf(alice), digest: 'sha384' }], detached],
    ['RSA, SHA-512', [{ ...signerOf(alice), digest: 'sha512' }], detached],
    ['RSASSA-PSS', [{ ...signerOf(alice), pss: true }], detached],
    ['RSASSA-PSS, SHA-512', [{ ...signerOf(alice), pss: true, digest: 'sha512' }], detached],
    ['ECDSA P-256', [signerOf(carol)], detached],
    ['ECDSA P-384', [signerOf(dave)], detached],
    ['by key identifier', [{ ...signerOf(alice), by: 'ski' }], detached],
    ['opaque', [signerOf(alice)], { detached: false }],
    ['two signers', [signerOf(alice), signerOf(carol)], detached],
    [
      'three signers, three digests',
      [signerOf(alice), signerOf(dave), { ...signerOf(carol), digest: 'sha512', by: 'ski' }],
      detached,
    ],
    ['without signed attributes', [signerOf(alice)], { detached: true, signedAttributes: false }],
    [
      'with an intermediate',
      [signerOf(alice)],
      { detached: true, extraCertificates: [rootCertificate, alice.certificate] },
    ],
    ['in indefinite lengths', [signerOf(alice), signerOf(carol)], { ...detached, ber: true }],
    ['opaque in indefinite lengths', [signerOf(alice)], { detached: false, ber: true }],
    ['another content type', [signerOf(alice)], { detached: false, contentType: OID.signedData }],
  ])('%s', (_, signers, options) => {
    const object = signData(content, signers, options);
    const found = verdicts(object, options.detached ? content : undefined);
    expect(found.map(({ ok }) => ok)).toEqual(signers.map(() => true));
    expect(found.map(({ certificate }) => certificate?.sha256)).toEqual(
      expect.arrayContaining(signers.map(({ certificate }) => certificate.sha256)),
    );
    const changed = Buffer.from(content);
    changed[5]! ^= 1;
    expect(verdicts(object, changed).every(({ ok }) => !ok)).toBe(true);
  });

  it('writes DER with the version, the time and the certificates of wire-facts §6.2', () => {
    const object = signData(content, [signerOf(alice)], {
      ...detached,
      extraCertificates: [rootCertificate],
    });
    readAsn1(object, { rules: 'der' });
    const signed = readSigned(object);
    expect(signed).toMatchObject({ version: 1, eContentType: OID.data, eContent: undefined, trailing: 0 });
    expect(signed.certificates.map((der) => Buffer.from(der))).toEqual([
      Buffer.from(alice.certificate.der),
      Buffer.from(rootCertificate.der),
    ]);
    expect(signed.signers[0]).toMatchObject({
      version: 1,
      signingTime: NOW,
      identity: { by: 'issuer-serial' },
    });
    expect(readSigned(signData(content, [{ ...signerOf(alice), by: 'ski' }], detached))).toMatchObject({
      version: 3,
    });
  });

  it('keeps the octets of certificates as they are', () => {
    const bytes = signData(content, [signerOf(alice)], { ...detached, ber: true });
    expect(Buffer.from(readSigned(bytes).certificates[0]!)).toEqual(Buffer.from(alice.certificate.der));
  });

  it.each([
    [0, Buffer.alloc(0)],
    [0, Buffer.from('\r\n')],
    [0, Buffer.from('\n')],
    [3, Buffer.from('abc')],
    [1, Buffer.from('a')],
  ])('counts %i trailing octets', (trailing, more) => {
    const object = signData(content, [signerOf(alice)], detached);
    expect(readSigned(Buffer.concat([object, more])).trailing).toBe(trailing);
  });

  it('refuses to sign without a signer, or with a key that cannot (REQ-AS-42)', () => {
    expect(() => signData(content, [], detached)).toThrow(
      expect.objectContaining({ name: 'CmsError', code: 'input' }),
    );
    expect(() => signData(content, [{ ...signerOf(carol), digest: 'md5' }], detached)).toThrow(CmsError);
  });

  it.each([
    ['sha-256', 'sha256'],
    ['SHA256', 'sha256'],
    ['sha-512', 'sha512'],
    ['sha1', 'sha1'],
    ['unknown', undefined],
  ])('micalg %s', (token, digest) => {
    expect(digestOfMicalg(token)).toBe(digest);
    expect(micalgToken('sha384')).toBe('sha-384');
  });
});

describe('what does not verify says why', () => {
  const object = signData(content, [signerOf(alice)], detached);

  it.each<[string, Uint8Array, Uint8Array | undefined, string, Certificate[]?]>([
    ['changed content', object, Buffer.from('other'), 'crypto.digest-mismatch'],
    ['no content at all', object, undefined, 'crypto.attribute-missing'],
    [
      'SHA-1',
      signData(content, [{ ...signerOf(alice), digest: 'sha1' }], detached),
      content,
      'crypto.digest-not-allowed',
    ],
    [
      'MD5',
      signData(content, [{ ...signerOf(alice), digest: 'md5' }], detached),
      content,
      'crypto.digest-not-allowed',
    ],
    [
      'no certificate',
      signData(content, [signerOf(alice)], { ...detached, embedSigners: false }),
      content,
      'crypto.signer-cert-missing',
    ],
    [
      'another key',
      signData(
        content,
        [{ ...signerOf(alice), privateKey: person('eve', 'rsa2048', 3).key.privateKey }],
        detached,
      ),
      content,
      'crypto.signature-invalid',
    ],
    [
      'a key of another kind',
      signData(content, [{ ...signerOf(carol), certificate: alice.certificate }], detached),
      content,
      'crypto.signature-invalid',
    ],
    [
      'another type without attributes',
      signData(content, [signerOf(alice)], {
        detached: true,
        signedAttributes: false,
        contentType: OID.signedData,
      }),
      content,
      'crypto.attribute-missing',
    ],
  ])('%s', (_, bytes, octets, code) => {
    const [verdict] = verdicts(bytes, octets);
    expect(verdict?.ok === false && verdict.cause.code).toBe(code);
  });

  it('weak digests verify when they are allowed, for diagnosis', () => {
    const weak = signData(content, [{ ...signerOf(alice), digest: 'sha1' }], detached);
    expect(verdicts(weak, content, [], { digests: ['sha1'] })[0]?.ok).toBe(true);
    expect(verdicts(weak, Buffer.from('x'), [], { digests: ['sha1'] })[0]?.ok).toBe(false);
  });

  it('a certificate from elsewhere serves when none is embedded', () => {
    const bare = signData(content, [signerOf(alice)], { ...detached, embedSigners: false });
    expect(verdicts(bare, content, [alice.certificate])[0]?.ok).toBe(true);
  });

  it('the caller may have bare LF turned into CRLF, once', () => {
    const received = Buffer.from(content.toString().replaceAll('\r\n', '\n'));
    const repair = (octets: Uint8Array) =>
      Buffer.from(Buffer.from(octets).toString().replace(/\r?\n/g, '\r\n'));
    expect(verdicts(object, received)[0]?.ok).toBe(false);
    expect(verdicts(object, received, [], { repair })[0]).toMatchObject({ ok: true, repaired: true });
    expect(verdicts(object, content, [], { repair })[0]).toMatchObject({ ok: true, repaired: false });
    const bare = signData(content, [signerOf(alice)], { detached: true, signedAttributes: false });
    expect(verdicts(bare, received, [], { repair })[0]).toMatchObject({ ok: true, repaired: true });
  });
});

/** A SignedData with attributes in a form of our own. */
function withAttributes(
  standing: Uint8Array[],
  hashed: Uint8Array,
  outer = encode(0xa0, ...standing),
): Uint8Array {
  const algorithm = signatureAlgorithm(alice.key.privateKey, { digest: 'sha256' });
  const info = sequence(
    integer(1),
    sequence(alice.certificate.issuerDer, alice.certificate.serialDer),
    digestAlgorithm('sha256'),
    outer,
    encodeSignatureAlgorithm(algorithm),
    octetString(sign(algorithm, hashed, alice.key.privateKey)),
  );
  return sequence(
    oid(OID.signedData),
    explicit(
      0,
      sequence(
        integer(1),
        setOf(digestAlgorithm('sha256')),
        sequence(oid(OID.data)),
        encode(0xa0, alice.certificate.der),
        setOf(info),
      ),
    ),
  );
}

describe('signed attributes', () => {
  const attribute = (type: string, ...values: Uint8Array[]) => sequence(oid(type), encode(0x31, ...values));
  const digest = octetString(createHash('sha256').update(content).digest());
  const type = attribute(OID.contentType, oid(OID.data));
  const hashOf = attribute(OID.messageDigest, digest);
  const sorted = setOf(type, hashOf);
  const standing = [hashOf, type];
  const protection = (signature: string, tag = 1) =>
    attribute(
      OID.algorithmProtection,
      sequence(digestAlgorithm('sha256'), encode(0xa0 | tag, oid(signature))),
    );

  it.each<[string, Uint8Array, string | true]>([
    [
      'are verified in the order in which they stand',
      withAttributes(standing, encode(0x31, ...standing)),
      true,
    ],
    ['are verified sorted when only sorting helps', withAttributes(standing, sorted), true],
    [
      'are verified in indefinite length',
      withAttributes(
        standing,
        encode(0x31, ...standing),
        Buffer.concat([Buffer.from([0xa0, 0x80]), ...standing, Buffer.from([0, 0])]),
      ),
      true,
    ],
    [
      'may protect the algorithms',
      withAttributes(
        [type, hashOf, protection('1.2.840.113549.1.1.11')],
        setOf(type, hashOf, protection('1.2.840.113549.1.1.11')),
      ),
      true,
    ],
    [
      'refuse other algorithms than the protected ones',
      withAttributes(
        [protection('1.2.840.10045.4.3.2'), type, hashOf],
        encode(0x31, protection('1.2.840.10045.4.3.2'), type, hashOf),
      ),
      'crypto.signature-invalid',
    ],
    [
      'refuse two digests',
      withAttributes([type, hashOf, hashOf], encode(0x31, type, hashOf, hashOf)),
      'crypto.attribute-duplicate',
    ],
    [
      'refuse one digest with two values',
      withAttributes(
        [type, attribute(OID.messageDigest, digest, digest)],
        encode(0x31, type, attribute(OID.messageDigest, digest, digest)),
      ),
      'crypto.attribute-duplicate',
    ],
    [
      'refuse two content types',
      withAttributes([type, type, hashOf], encode(0x31, type, type, hashOf)),
      'crypto.attribute-duplicate',
    ],
    ['need the digest', withAttributes([type], encode(0x31, type)), 'crypto.attribute-missing'],
    ['need the content type', withAttributes([hashOf], encode(0x31, hashOf)), 'crypto.attribute-missing'],
    [
      'need the content type of the content',
      withAttributes(
        [attribute(OID.contentType, oid(OID.signedData)), hashOf],
        encode(0x31, attribute(OID.contentType, oid(OID.signedData)), hashOf),
      ),
      'crypto.attribute-missing',
    ],
  ])('%s', (_, object, expected) => {
    const [verdict] = verdicts(object, content);
    expect(verdict?.ok === false ? verdict.cause.code : verdict?.ok).toBe(expected);
  });

  it('cannot be passed off as content', () => {
    const object = withAttributes([type, hashOf], sorted);
    const signerInfos = Buffer.from(object);
    const algorithm = encodeSignatureAlgorithm(
      signatureAlgorithm(alice.key.privateKey, { digest: 'sha256' }),
    );
    const infos = children(children(children(children(readAsn1(signerInfos))[1]!)[0]!).at(-1)!)[0]!;
    const [, , , , , signature] = children(infos);
    const forged = sequence(
      oid(OID.signedData),
      explicit(
        0,
        sequence(
          integer(1),
          setOf(digestAlgorithm('sha256')),
          sequence(oid(OID.data)),
          encode(0xa0, alice.certificate.der),
          setOf(
            sequence(
              integer(1),
              sequence(alice.certificate.issuerDer, alice.certificate.serialDer),
              digestAlgorithm('sha256'),
              algorithm,
              raw(signature!),
            ),
          ),
        ),
      ),
    );
    expect(verdicts(forged, sorted)[0]).toMatchObject({
      ok: false,
      cause: { code: 'crypto.signature-invalid' },
    });
  });

  it('plain r‖s is no ECDSA signature (peer-quirks E7)', () => {
    const object = signData(content, [signerOf(carol)], detached);
    const signer = readSigned(object).signers[0]!;
    const [r, s] = children(readAsn1(signer.signature)).map((node) => Buffer.from(raw(node)).subarray(2));
    const fixed = (value: Buffer) => Buffer.concat([Buffer.alloc(32), value]).subarray(-32);
    const plain = { ...signer, signature: Buffer.concat([fixed(r!), fixed(s!)]) };
    expect(verifySigner(readSigned(object), plain, content, [carol.certificate])).toMatchObject({
      ok: false,
      cause: { code: 'crypto.signature-invalid' },
    });
  });
});

describe('any octets', () => {
  const objects = [
    signData(content, [signerOf(alice), signerOf(carol)], detached),
    signData(content, [{ ...signerOf(alice), pss: true }], { detached: false, ber: true }),
  ];

  it('give an object or a CmsError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          readSigned(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CmsError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a changed object never vouches for changed content', () => {
    const changed = Buffer.from(content);
    changed[3]! ^= 1;
    fc.assert(
      fc.property(
        fc.nat(1),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (which, edits) => {
          const object = Buffer.from(objects[which]!);
          for (const [at, value] of edits) object[at % object.length] = value;
          try {
            expect(
              verdicts(object, changed, [alice.certificate, carol.certificate]).some(({ ok }) => ok),
            ).toBe(false);
          } catch (error) {
            if (!(error instanceof CmsError)) throw error;
          }
        },
      ),
      { numRuns: 700 },
    );
  });
});
