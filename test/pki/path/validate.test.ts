import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitString, nullValue, oid, sequence } from '../../../src/asn1/write.ts';
import type { Code } from '../../../src/outcome/cause.ts';
import { sentence } from '../../../src/outcome/cause.ts';
import { type Certificate, parseCertificate } from '../../../src/pki/certificate.ts';
import { type CertificateSpec, type Issued, issueCertificate } from '../../../src/pki/issue.ts';
import { encodeSubject } from '../../../src/pki/issue-name.ts';
import { keyPool } from '../../../src/pki/keys.ts';
import { parseName } from '../../../src/pki/name.ts';
import type { Anchor } from '../../../src/pki/path/anchor.ts';
import { PATH_CHECKS } from '../../../src/pki/path/checks.ts';
import type { PathInput } from '../../../src/pki/path/input.ts';
import { referencePolicy, validatePath } from '../../../src/pki/path/validate.ts';
import { anchorOf, DAY, ecLeaf, intermediate, leaf, NOW, root } from '../fixtures.ts';

const R = root('R', 0);
const I = intermediate(R, 'I', 1);
const J = intermediate(I, 'J', 2);
const bob = 'bob@d.example';
const good = ecLeaf(I, bob);
const ca5 = intermediate(R, 'Five', 5);
const good5 = ecLeaf(ca5, bob);
const anchor = anchorOf(R);

/** Paths are written as they are read: leaf first. */
const path = (...issued: Issued[]): Certificate[] => issued.map(({ certificate }) => certificate);

const validate = (input: Partial<PathInput> & Pick<PathInput, 'path'>) =>
  validatePath({ ...referencePolicy('1.3'), anchor, at: NOW, ...input });

type Row = [
  title: string,
  cites: string,
  input: Partial<PathInput> & Pick<PathInput, 'path'>,
  expected: 'ok' | { code: Code; at: number; check: string; says?: RegExp },
];

const no = (code: Code, at: number, check: string, says?: RegExp) => ({
  code,
  at,
  check,
  ...(says && { says }),
});
const constraint = (at: number, check: string, says?: RegExp) => no('trust.constraint', at, check, says);

const under = (spec: Partial<CertificateSpec>): Issued => intermediate(R, 'X', 3, spec);
const chain = (ca: Issued): Certificate[] => path(ecLeaf(ca, bob), ca);

const rows: Row[] = [
  ['leaf under the anchor', '§6.1', { path: path(ecLeaf(R, bob)) }, 'ok'],
  ['leaf under an intermediate', '§6.1', { path: path(good, I) }, 'ok'],
  ['two intermediates', '§6.1', { path: path(ecLeaf(J, bob), J, I) }, 'ok'],
  ['an RSA leaf', 'REQ-AS-20', { path: path(leaf(I, bob), I) }, 'ok'],
  [
    'the anchor is an intermediate, its root unknown',
    'REQ-AS-33',
    { path: path(good), anchor: anchorOf(I) },
    'ok',
  ],
  [
    'the anchor is a name and a key, without certificate',
    'RFC 5280 §6.1.1 d',
    { path: path(good, I), anchor: { name: anchor.name, spki: anchor.spki, source: 'manual' } },
    'ok',
  ],
  [
    'the issuer name is written in other string types, case and blanks',
    'RFC 5280 §7.1',
    {
      path: path(ecLeaf(R, bob, { issuerName: encodeSubject({ O: ' TEST', CN: 'r ' }) })),
    },
    'ok',
  ],
  [
    'the issuer name is another',
    '§6.1.3 a 4',
    { path: path(good), anchor },
    constraint(0, 'issuer-name', /issuer is CN=I/),
  ],
  [
    'right name, wrong key',
    'REQ-AS-34',
    { path: path(good), anchor: anchorOf(intermediate(R, 'I', 5)) },
    constraint(0, 'signature'),
  ],
  [
    "a leaf made by oneself with the anchor's name and key identifier",
    'REQ-AS-34, XR-01',
    {
      path: path(
        ecLeaf(R, bob, {
          signWith: keyPool.take('p256', 6),
          ski: R.certificate.ski!,
          aki: R.certificate.ski!,
        }),
      ),
    },
    constraint(0, 'signature'),
  ],
  ['the anchor itself as leaf', 'RFC 5280 §6.1', { path: path(R) }, constraint(0, 'not-the-anchor')],
  ['the anchor in the path', 'RFC 5280 §6.1', { path: path(good, I, R) }, constraint(2, 'not-the-anchor')],
  // validity
  [
    'expired leaf',
    'REQ-AS-30',
    { path: path(ecLeaf(R, bob, { notAfter: NOW - 30 * DAY })) },
    no('cert.expired', 0, 'validity'),
  ],
  [
    'leaf not yet valid',
    'XD-03',
    { path: path(ecLeaf(R, bob, { notBefore: NOW + DAY })) },
    no('cert.not-yet-valid', 0, 'validity'),
  ],
  [
    'expired by four minutes',
    'hisp-behaviour §4',
    { path: path(ecLeaf(R, bob, { notAfter: NOW - 240_000 })) },
    'ok',
  ],
  [
    'expired by six minutes',
    'hisp-behaviour §4',
    { path: path(ecLeaf(R, bob, { notAfter: NOW - 360_000 })) },
    no('cert.expired', 0, 'validity'),
  ],
  [
    'expired intermediate',
    'XR-03',
    { path: chain(under({ notAfter: NOW - DAY })) },
    constraint(1, 'validity', /CN=X.*expired on 2026-02-28/),
  ],
  [
    'expired anchor',
    'wire-facts §10',
    { path: path(good, I), at: NOW + 710 * DAY, anchor: anchorOf(R) },
    no('trust.anchor-expired', 2, 'anchor'),
  ],
  // CA
  [
    'leaf issued by a leaf',
    'XD-06, REQ-AS-35',
    { path: path(ecLeaf(good, 'eve@d.example'), good, I) },
    constraint(1, 'basic-constraints'),
  ],
  ['CA without cA', 'XR-03', { path: chain(under({ isCa: false })) }, constraint(1, 'basic-constraints')],
  [
    'CA without basicConstraints',
    'RFC 5280 §6.1.4 k',
    { path: chain(under({ isCa: null })) },
    constraint(1, 'basic-constraints'),
  ],
  [
    'CA of version 1',
    'RFC 5280 §6.1.4 k',
    { path: chain(under({ version: 1 })) },
    constraint(1, 'basic-constraints'),
  ],
  [
    'CA whose key may not sign certificates',
    'REQ-AS-35',
    { path: chain(under({ keyUsage: ['cRLSign'] })) },
    constraint(1, 'key-usage'),
  ],
  ['CA without keyUsage', 'RFC 5280 §6.1.4 n', { path: chain(under({ keyUsage: null })) }, 'ok'],
  [
    'anchor that is no CA',
    'REQ-TB-11',
    { path: path(ecLeaf(good, bob)), anchor: anchorOf(good) },
    constraint(1, 'anchor'),
  ],
  // path length
  ['pathLen 0 above the leaf', 'RFC 5280 §6.1.4 l', { path: chain(under({ pathLen: 0 })) }, 'ok'],
  [
    'pathLen exceeded',
    'XR-03',
    (() => {
      const short = under({ pathLen: 0 });
      const below = intermediate(short, 'Y', 4);
      return { path: path(ecLeaf(below, bob), below, short) };
    })(),
    constraint(1, 'path-length'),
  ],
  [
    'pathLen not used up by a self-issued certificate',
    'RFC 5280 §6.1.4 l',
    (() => {
      const short = under({ pathLen: 0 });
      const next = intermediate(short, 'X', 5);
      return { path: path(ecLeaf(next, bob), next, short) };
    })(),
    'ok',
  ],
  [
    "the anchor's own pathLen",
    'RFC 5937 §3',
    (() => {
      const short = root('Short', 0, { pathLen: 0 });
      const below = intermediate(short, 'Y', 4);
      return { path: path(ecLeaf(below, bob), below), anchor: anchorOf(short) };
    })(),
    constraint(1, 'path-length'),
  ],
  // strength
  [
    'RSA 1024',
    'REQ-AS-20, XD-05',
    { path: path(leaf(R, bob, { key: keyPool.take('rsa1024') })) },
    no('cert.weak-key', 0, 'strength', /RSA 1024 bits/),
  ],
  [
    'RSA 2047',
    'XD-05',
    { path: path(leaf(R, bob, { key: keyPool.take('rsa2047') })) },
    no('cert.weak-key', 0, 'strength', /2047/),
  ],
  [
    'RSA 1024 in 1.2',
    'REQ-AS-20',
    { path: path(leaf(R, bob, { key: keyPool.take('rsa1024') })), profile: '1.2' },
    'ok',
  ],
  [
    'signed with SHA-1',
    'REQ-AS-19, XD-05',
    { path: path(ecLeaf(R, bob, { digest: 'sha1' })) },
    no('cert.weak-signature', 0, 'strength', /ecdsa-with-SHA1/),
  ],
  [
    'signed with SHA-1 in 1.2',
    'REQ-AS-19',
    { path: path(ecLeaf(R, bob, { digest: 'sha1' })), profile: '1.2' },
    'ok',
  ],
  [
    'intermediate signed with SHA-1',
    'hisp-behaviour §4',
    { path: chain(under({ digest: 'sha1' })) },
    constraint(1, 'strength'),
  ],
  [
    'P-384 and SHA-384',
    'REQ-AS-21',
    { path: path(ecLeaf(R, bob, { key: keyPool.take('p384'), digest: 'sha384' })) },
    'ok',
  ],
  [
    'critical extension that nobody knows',
    'RFC 5280 §6.1.4 o',
    { path: path(ecLeaf(R, bob, { extensions: [{ oid: '1.2.3.4', critical: true, value: nullValue() }] })) },
    constraint(0, 'critical-extensions', /1\.2\.3\.4/),
  ],
  [
    'the same, not critical',
    'RFC 5280 §4.2',
    { path: path(ecLeaf(R, bob, { extensions: [{ oid: '1.2.3.4', critical: false, value: nullValue() }] })) },
    'ok',
  ],
];

describe('path validation (RFC 5280 §6.1)', () => {
  it.each(rows)('%s (%s)', (_title, _cites, input, expected) => {
    const result = validate(input);
    if (expected === 'ok') {
      expect(result).toMatchObject({ ok: true, path: input.path });
      return;
    }
    const { says, ...where } = expected;
    expect(result.ok ? result : { code: result.cause.code, at: result.at, check: result.check }).toEqual(
      where,
    );
    if (says && !result.ok) expect(sentence(result.cause)).toMatch(says);
  });

  it('verifies MD5 signatures only where anything goes (XD-05)', () => {
    const rsaRoot = root('RSA', 0, { key: keyPool.take('rsa2048', 1) });
    const weak = leaf(rsaRoot, bob, { digest: 'md5' });
    const at = (profile: PathInput['profile']) =>
      validate({ path: path(weak), anchor: anchorOf(rsaRoot), profile });
    expect(at('permissive')).toMatchObject({ ok: true });
    expect(at('1.2')).toMatchObject({ ok: false, cause: { code: 'cert.weak-signature' } });
    expect(at('1.3')).toMatchObject({ ok: false, cause: { code: 'cert.weak-signature' } });
  });

  it('verifies PSS, and does not take an algorithm for a key of another kind', () => {
    const rsaRoot = root('RSA', 0, { key: keyPool.take('rsa2048', 1), pss: true });
    const signed = leaf(rsaRoot, bob, { pss: true, digest: 'sha384' });
    expect(validate({ path: path(signed), anchor: anchorOf(rsaRoot) })).toMatchObject({ ok: true });
    // an EC signature under the identifier of an RSA one
    const mixed = { ...good.certificate, signature: signed.certificate.signature };
    expect(validate({ path: [mixed, I.certificate] })).toMatchObject({ ok: false });
  });

  it('refuses a certificate whose two algorithm fields disagree (RFC 5280 §4.1.1.2)', () => {
    const odd = { ...ecLeaf(R, bob).certificate, signatureAgrees: false };
    expect(validate({ path: [odd] })).toMatchObject({ ok: false, check: 'signature' });
  });

  it('trusts an end entity that is pinned, as it stands and no further', () => {
    const self = leaf('self', bob, { key: keyPool.take('p256', 6) });
    const pin: Anchor = anchorOf(self, { pinned: true });
    expect(validate({ path: path(self), anchor: pin })).toMatchObject({ ok: true });
    expect(validate({ path: path(self), anchor: anchorOf(self) })).toMatchObject({ ok: false });
    expect(validate({ path: path(self), anchor: pin, at: NOW + 800 * DAY })).toMatchObject({
      ok: false,
      cause: { code: 'cert.expired' },
    });
    expect(validate({ path: path(ecLeaf(self, bob)), anchor: pin })).toMatchObject({
      ok: false,
      check: 'anchor',
    });
    const again = leaf('self', bob, { key: keyPool.take('p256', 6) });
    expect(validate({ path: path(again), anchor: pin })).toMatchObject({ ok: false });
  });

  it('asks each check by itself: without one, only its fault passes', () => {
    const faults: [string, Partial<PathInput> & Pick<PathInput, 'path'>][] = [
      ['validity', { path: chain(under({ notAfter: NOW - DAY })) }],
      ['basic-constraints', { path: chain(under({ isCa: false })) }],
      ['key-usage', { path: chain(under({ keyUsage: ['cRLSign'] })) }],
      ['strength', { path: chain(under({ digest: 'sha1' })) }],
    ];
    for (const [name, input] of faults) {
      const checks = PATH_CHECKS.filter((check) => check.name !== name);
      expect(validate(input)).toMatchObject({ ok: false, check: name });
      expect(validate({ ...input, checks })).toMatchObject({ ok: true });
    }
  });

  it('is total for keys that cannot be loaded', () => {
    const noKey = sequence(sequence(oid('1.2.840.10045.2.1')), bitString(new Uint8Array(0)));
    const broken = issueCertificate({
      profile: 'intermediate',
      subject: { CN: 'Broken' },
      key: { ...keyPool.take('p256', 5), spki: noKey },
      issuer: R,
      ski: '00',
      notBefore: NOW - DAY,
      notAfter: NOW + DAY,
    });
    const under5 = ecLeaf({ ...broken, key: keyPool.take('p256', 5) }, bob);
    const result = validate({ path: path(under5, broken), profile: 'permissive' });
    expect(result).toMatchObject({ ok: false, at: 1, cause: { code: 'trust.constraint' } });
    const name = parseName(encodeSubject({ CN: 'Nobody' }));
    const none = { name, spki: Uint8Array.of(0x30, 0), source: 'manual' };
    expect(validate({ path: path(good), anchor: none })).toMatchObject({ ok: false, at: 1, check: 'anchor' });
  });

  it('gives a result for any certificates whatever (REQ-SEC-04)', () => {
    const base = ca5.certificate.der;
    const edits = fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(edits, fc.constantFrom('leaf' as const, 'issuer' as const), (list, place) => {
        const octets = Uint8Array.from(base);
        for (const [index, octet] of list) octets[index] = octet;
        let mutated: Certificate;
        try {
          mutated = parseCertificate(octets);
        } catch {
          return;
        }
        const chainOf = place === 'leaf' ? [mutated] : [good5.certificate, mutated];
        const result = validate({ path: chainOf, profile: 'permissive' });
        // nobody can change a certificate and have it still trusted
        expect(result.ok && mutated.sha256 !== ca5.certificate.sha256).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
