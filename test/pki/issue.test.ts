import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifySignature } from '../../src/pki/algorithms.ts';
import { type CertificateSpec, issueCertificate } from '../../src/pki/issue.ts';
import { createKeyPool, keyPool } from '../../src/pki/keys.ts';
import { EXT } from '../../src/pki/oids.ts';
import { DAY, ecLeaf, intermediate, leaf, NOW, root } from './fixtures.ts';

const R = root('R');
const bob = 'bob@direct.b.example';
const critical = (issued: ReturnType<typeof root>): string[] =>
  issued.certificate.extensions.filter((extension) => extension.critical).map((extension) => extension.oid);

describe('issuing (REQ-CERT)', () => {
  it('a root: a critical CA that signs certificates and lists, with its own key identifiers', () => {
    expect(R.certificate).toMatchObject({ version: 3, isCa: true, ski: R.certificate.aki });
    expect([...R.certificate.keyUsage!]).toEqual(['keyCertSign', 'cRLSign']);
    expect(critical(R)).toEqual([EXT.basicConstraints, EXT.keyUsage]);
    expect(R.certificate.subject.key).toBe(R.certificate.issuer.key);
  });

  it('an intermediate: the identifier of its issuer, and a path length if asked', () => {
    const I = intermediate(R, 'I', 1, { pathLen: 0, policies: ['1.2.3'] }).certificate;
    expect(I).toMatchObject({ isCa: true, pathLen: 0, aki: R.certificate.ski, policies: ['1.2.3'] });
    expect(I.ski).not.toBe(R.certificate.ski);
  });

  it('an address-bound leaf: rfc822Name, both usages, emailProtection, no CA (REQ-CERT-01..05)', () => {
    const issued = leaf(R, bob);
    expect(issued.certificate).toMatchObject({
      emails: [bob],
      dnsNames: [],
      isCa: false,
      basicConstraints: true,
      eku: ['1.3.6.1.5.5.7.3.4'],
      signature: { digest: 'sha256' },
    });
    expect([...issued.certificate.keyUsage!]).toEqual(['digitalSignature', 'keyEncipherment']);
    expect(critical(issued)).toEqual([EXT.keyUsage]);
  });

  it('a domain-bound leaf, and one for TLS', () => {
    const domain = leaf(R, '', { profile: 'domain', emails: [], dnsNames: ['direct.b.example'] }).certificate;
    expect(domain).toMatchObject({ emails: [], dnsNames: ['direct.b.example'], eku: ['1.3.6.1.5.5.7.3.4'] });
    const tls = leaf(R, '', { profile: 'tls', emails: [], dnsNames: ['mx.b.example'] }).certificate;
    expect(tls.eku).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });

  it('an EC leaf: a key that cannot encipher keys does not say it can', () => {
    expect([...ecLeaf(R, bob).certificate.keyUsage!]).toEqual(['digitalSignature']);
  });

  it('serial numbers: positive, at most 20 octets, none twice (REQ-CERT-01)', () => {
    const serials = Array.from({ length: 200 }, () => ecLeaf(R, bob).certificate.serial);
    expect(new Set(serials).size).toBe(200);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{31}$/);
  });

  it('an empty subject makes the alternative name critical (REQ-CERT-02)', () => {
    expect(critical(ecLeaf(R, bob, { subject: {} }))).toContain(EXT.subjectAltName);
  });

  it('validity over the year 2050 (RFC 5280 §4.1.2.5)', () => {
    const notAfter = Date.parse('2055-05-05T05:05:05Z');
    expect(root('Long', 0, { notAfter }).certificate.notAfter).toBe(notAfter);
  });
});

const deviations: [title: string, spec: Partial<CertificateSpec>, fields: object][] = [
  ['expired', { notBefore: NOW - 395 * DAY, notAfter: NOW - 30 * DAY }, { notAfter: NOW - 30 * DAY }],
  ['of no duration', { notBefore: NOW, notAfter: NOW }, { notBefore: NOW, notAfter: NOW }],
  ['not yet valid', { notBefore: NOW + DAY }, { notBefore: NOW + DAY }],
  ['without alternative name', { emails: [] }, { san: [], emails: [] }],
  ['E= only', { emails: [], subject: { CN: 'b', E: bob } }, { san: [], subjectEmails: [bob] }],
  [
    'with another address in E=',
    { subject: { CN: 'b', E: 'eve@x.example' } },
    { emails: [bob], subjectEmails: ['eve@x.example'] },
  ],
  [
    'several names',
    { emails: ['a@b.c', bob], dnsNames: ['b.c'] },
    { emails: ['a@b.c', bob], dnsNames: ['b.c'] },
  ],
  ['a wildcard', { emails: [], dnsNames: ['*.b.example'] }, { dnsNames: ['*.b.example'] }],
  ['RSA 1024', { key: keyPool.take('rsa1024') }, { key: { bits: 1024 } }],
  ['RSA 2047', { key: keyPool.take('rsa2047') }, { key: { bits: 2047 } }],
  ['a CA as leaf', { isCa: true }, { isCa: true, emails: [bob] }],
  ['no basicConstraints', { isCa: null }, { basicConstraints: false }],
  ['no keyUsage', { keyUsage: null }, { keyUsage: undefined }],
  ['no EKU', { eku: null }, { eku: undefined }],
  ['a forged key identifier', { ski: 'aabb', aki: 'ccdd' }, { ski: 'aabb', aki: 'ccdd' }],
  ['no key identifiers', { ski: null, aki: null }, { ski: undefined, aki: undefined }],
  ['version 1', { version: 1 }, { version: 1, extensions: [] }],
  ['serial zero', { serial: 0 }, { serial: '00' }],
  ['a negative serial', { serial: -1 }, { serial: '-01' }],
  [
    'a replaced extension',
    { extensions: [{ oid: EXT.keyUsage, critical: false, value: Uint8Array.of(3, 2, 7, 0x80) }] },
    { keyUsage: new Set(['digitalSignature']) },
  ],
  [
    'name constraints, policies and their limits',
    {
      nameConstraints: {
        permitted: [{ type: 'email', value: 'b.example' }],
        excluded: [{ type: 'dns', value: 'x' }],
      },
      policyMappings: [{ issuer: '1.2.3', subject: '1.2.4' }],
      policyConstraints: { requireExplicit: 2, inhibitMapping: 0 },
      inhibitAnyPolicy: 300,
    },
    {
      nameConstraints: {
        permitted: [{ base: { type: 'email', value: 'b.example' }, plain: true }],
        excluded: [{ base: { type: 'dns', value: 'x' }, plain: true }],
      },
      policyMappings: [{ issuer: '1.2.3', subject: '1.2.4' }],
      policyConstraints: { requireExplicit: 2, inhibitMapping: 0 },
      inhibitAnyPolicy: 300,
    },
  ],
];

describe('deviations on purpose (suites.md §1.2, XD-02 … XD-06, XR-01 … XR-04)', () => {
  it.each(deviations)('a leaf %s', (_, spec, fields) => {
    const { certificate } = ecLeaf(R, bob, spec);
    for (const [field, value] of Object.entries(fields))
      expect(certificate[field as keyof typeof certificate]).toEqual(
        typeof value === 'object' && field === 'key' ? expect.objectContaining(value) : value,
      );
    expect(
      verifySignature(certificate.signature, certificate.tbs, certificate.signatureValue, R.key.publicKey),
    ).toBe(true);
  });

  it.each(['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const)('signed with %s', (digest) => {
    const ca = root('RSA', 0, { key: keyPool.take('rsa2048'), digest });
    expect(ca.certificate.signature).toMatchObject({ name: `${digest}WithRSAEncryption`, digest });
    expect(new X509Certificate(ca.certificate.der).verify(ca.key.publicKey)).toBe(true);
    const pss = root('PSS', 0, {
      key: keyPool.take('rsa2048'),
      digest: digest === 'md5' ? 'sha256' : digest,
      pss: true,
    });
    expect(new X509Certificate(pss.certificate.der).verify(ca.key.publicKey)).toBe(true);
  });

  it('signed by somebody else', () => {
    const forged = ecLeaf(R, bob, { signWith: keyPool.take('p256', 6) }).certificate;
    expect(verifySignature(forged.signature, forged.tbs, forged.signatureValue, R.key.publicKey)).toBe(false);
  });

  it('a key that has no algorithm with the digest is the error of the layer', () => {
    expect(() => root('X', 0, { digest: 'md5' })).toThrow(
      expect.objectContaining({ name: 'PkiError', code: 'algorithm' }),
    );
  });

  it('Ed25519 signs whatever digest is named', () => {
    const ed = issueCertificate({
      profile: 'root',
      subject: { CN: 'Ed' },
      key: keyPool.take('ed25519'),
      issuer: 'self',
      notBefore: NOW,
      notAfter: NOW + DAY,
    });
    expect(ed.certificate).toMatchObject({ signature: { name: 'Ed25519' }, key: { kind: 'ed25519' } });
    expect(new X509Certificate(ed.certificate.der).verify(ed.key.publicKey)).toBe(true);
  });
});

describe('the key pool', () => {
  it('makes few keys, the same for the same number, others when asked for a fresh one', () => {
    const pool = createKeyPool({ p256: 2 });
    expect(pool.take('p256', 0)).toBe(pool.take('p256', 2));
    expect(pool.take('p256', 1)).not.toBe(pool.take('p256', 0));
    expect(pool.fresh('p256')).not.toBe(pool.take('p256', 0));
  });
});
