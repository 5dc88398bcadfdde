import { describe, expect, it } from 'vitest';
import { cause, sentence } from '../../src/outcome/cause.ts';
import { type CertificateSpec, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { PATH_CHECKS } from '../../src/pki/path/checks.ts';
import { anchorOf } from '../../src/trust/anchors.ts';
import { bindingCheck, referenceBinding } from '../../src/trust/local-checks.ts';
import { replaced, without } from '../../src/trust/named.ts';
import { pathCheck, REFERENCE_PATH_CHECKS } from '../../src/trust/path-check.ts';
import { candidateChecks, createTrustCache, referenceIssuers } from '../../src/trust/reference.ts';
import { referenceRevocation, revocationCheck } from '../../src/trust/revocation-check.ts';
import {
  CRL,
  crlOf,
  DAY,
  fetcher,
  INTERMEDIATE,
  INTERMEDIATE_CRL,
  intermediate,
  judge,
  leaf,
  NOW,
  root,
  stranger,
} from './fixtures.ts';

const good = leaf();
const wasExpired = { notBefore: NOW - 395 * DAY, notAfter: NOW - 30 * DAY };

/** A fault of the certificate, the first cause it gives, and the check whose removal lets it pass. */
const FAULTS: readonly [string, Partial<CertificateSpec>, string, string][] = [
  ['expired', wasExpired, 'cert.expired', 'time'],
  ['zero length', { notBefore: NOW - DAY, notAfter: NOW - DAY }, 'cert.expired', 'time'],
  ['not yet valid', { notBefore: NOW + DAY, notAfter: NOW + 2 * DAY }, 'cert.not-yet-valid', 'time'],
  ['of another address', { emails: ['eve@b.example'] }, 'cert.binding', 'binding'],
  ['of another domain', { emails: [], dnsNames: ['c.example'] }, 'cert.binding', 'binding'],
  ['of the parent domain', { emails: [], dnsNames: ['example'] }, 'cert.binding', 'binding'],
  ['of a wildcard', { emails: [], dnsNames: ['*.example'] }, 'cert.binding', 'binding'],
  ['of nobody', { emails: [] }, 'cert.binding', 'binding'],
  [
    'of a subject only',
    { emails: [], subject: { CN: 'bob', E: 'bob@b.example' } },
    'cert.binding',
    'binding',
  ],
  ['to sign only', { keyUsage: ['digitalSignature'] }, 'cert.usage', 'usage'],
  ['with an EC key', { key: keyPool.take('p256') }, 'cert.usage', 'usage'],
  ['for TLS', { eku: ['1.3.6.1.5.5.7.3.1'] }, 'cert.usage', 'usage'],
  ['RSA 1024', { key: keyPool.take('rsa1024') }, 'cert.weak-key', 'strength'],
  ['RSA 2047', { key: keyPool.take('rsa2047') }, 'cert.weak-key', 'strength'],
  ['signed with SHA-1', { digest: 'sha1' }, 'cert.weak-signature', 'strength'],
  ['signed with MD5', { digest: 'md5' }, 'cert.weak-signature', 'strength'],
  ['a CA', { isCa: true }, 'cert.ca-as-leaf', 'ca'],
];

describe('one certificate', () => {
  it('that is good is used, by the anchor of a bundle', async () => {
    const decision = await judge([good]);
    expect(decision).toMatchObject({ verdict: 'trusted', usable: [good.certificate.sha256], causes: [] });
    expect(decision.candidates[0]).toMatchObject({
      state: 'usable',
      fate: 'usable',
      anchorFrom: 'community',
    });
    expect(decision.candidates[0]!.paths).toMatchObject([
      { state: 'pass', anchor: { source: 'community' }, revocation: [{ state: 'good' }] },
    ]);
    expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
  });

  it.each(FAULTS)('%s', async (_, spec, code, check) => {
    const bad = leaf(spec);
    const decision = await judge([bad]);
    expect(decision).toMatchObject({ verdict: 'refused', usable: [], firstCause: { code }, cure: { code } });
    expect(decision.cure!.text.length).toBeGreaterThan(20);
    expect(sentence(decision.firstCause!)).not.toContain('undefined');
    const blind = await judge([bad], { checks: without(candidateChecks, check) });
    expect(blind).toMatchObject({ verdict: 'trusted', usable: [bad.certificate.sha256] });
  });

  it.each([
    ['an upper-case local part', { emails: ['BOB@b.example'] }],
    ['an upper-case domain', { emails: [], dnsNames: ['B.Example'] }],
    ['the second of several names', { emails: ['eve@b.example', 'bob@b.example'] }],
    ['no key usage', { keyUsage: null }],
  ])('with %s is used', async (_, spec) => {
    expect((await judge([leaf(spec as Partial<CertificateSpec>)])).verdict).toBe('trusted');
  });

  it('under a stranger has no path; nothing but the path check holds it back', async () => {
    const bad = leaf({}, stranger);
    const decision = await judge([bad]);
    expect(decision).toMatchObject({
      verdict: 'refused',
      firstCause: { code: 'trust.no-path', params: { domain: 'a.example', sources: ['community'] } },
      cure: { who: 'truster', domain: 'a.example' },
    });
    expect((await judge([bad], { checks: without(candidateChecks, 'path') })).verdict).toBe('trusted');
  });

  it('without anchors', async () => {
    const anchors = { domain: 'a.example', direction: 'outgoing' as const, list: [] };
    expect((await judge([good], { anchors })).firstCause).toEqual(
      cause('trust.no-anchors', { domain: 'a.example', direction: 'outgoing' }),
    );
  });

  it('with another address in the subject: 1.3 notes it, 1.2 refuses it (REQ-AS-05)', async () => {
    const odd = leaf({ subject: { CN: 'bob', E: 'eve@b.example' } });
    const now = await judge([odd]);
    expect(now.verdict).toBe('trusted');
    expect(now.candidates[0]!.notes.map(({ code }) => code)).toEqual(['noted.subject-email']);
    expect((await judge([odd], { profile: '1.2' })).firstCause?.code).toBe('cert.binding');
    expect((await judge([odd], { report: () => [] })).candidates[0]!.notes).toEqual([]);
  });

  it('dn-binding is the binding rules with another name', async () => {
    const bySubject = replaced(
      candidateChecks,
      'binding',
      bindingCheck({
        ...referenceBinding,
        addresses: ({ subjectEmails }) => subjectEmails,
        subjectCounts: () => true,
      }),
    );
    const only = leaf({ emails: [], subject: { CN: 'bob', E: 'bob@b.example' } });
    expect((await judge([only], { checks: bySubject })).verdict).toBe('trusted');
    expect((await judge([good], { checks: bySubject })).verdict).toBe('refused');
  });

  it('issued by a leaf passes only without basic constraints', async () => {
    const issuer = leaf({ key: keyPool.take('rsa2048', 4), emails: ['eve@b.example'], caIssuersUrls: [] });
    const bad = leaf({ issuer });
    const pool = [issuer.certificate];
    const web = { [CRL]: crlOf(issuer) };
    expect((await judge([bad], { pool, web })).firstCause?.code).toBe('trust.constraint');
    const careless = without(without(REFERENCE_PATH_CHECKS, 'basic-constraints'), 'key-usage');
    const checks = without(replaced(candidateChecks, 'path', pathCheck(careless)), 'revocation');
    expect((await judge([bad], { pool, checks })).verdict).toBe('trusted');
  });

  it('asks along a path all that the reference of pki asks', () => {
    expect(REFERENCE_PATH_CHECKS.map(({ name }) => name)).toEqual(PATH_CHECKS.map(({ name }) => name));
  });

  it('under an expired anchor', async () => {
    const short = issueCertificate({
      profile: 'root',
      subject: { CN: 'Short' },
      key: keyPool.take('rsa2048', 5),
      issuer: 'self',
      notBefore: NOW - 365 * DAY,
      notAfter: NOW - DAY,
    });
    const anchors = {
      domain: 'a.example',
      direction: 'outgoing' as const,
      list: [anchorOf(short.certificate, 'manual')],
    };
    const decision = await judge([leaf({}, short)], { anchors });
    expect(decision.firstCause?.code).toBe('trust.anchor-expired');
  });
});

describe('an issuer that is not at hand', () => {
  const under = leaf({}, intermediate);
  const published = { [INTERMEDIATE]: intermediate.certificate.der };

  it('is fetched by AIA, once', async () => {
    const web = fetcher({ ...published, [CRL]: crlOf(root), [INTERMEDIATE_CRL]: crlOf(intermediate) });
    const sources = { fetcher: web, cache: createTrustCache(), issuers: referenceIssuers };
    expect((await judge([under], { sources })).verdict).toBe('trusted');
    expect((await judge([under], { sources })).verdict).toBe('trusted');
    expect(web.asked.filter((url) => url === INTERMEDIATE)).toHaveLength(1);
  });

  it('that does not answer leaves the matter open', async () => {
    expect(await judge([under])).toMatchObject({
      verdict: 'undetermined',
      firstCause: { code: 'trust.aia-failed', params: { url: INTERMEDIATE } },
      cure: { who: 'authority' },
    });
  });

  it('no-aia asks nobody', async () => {
    const web = fetcher(published);
    const sources = {
      fetcher: web,
      cache: createTrustCache(),
      issuers: { ...referenceIssuers, urls: () => [] },
    };
    expect(await judge([under], { sources })).toMatchObject({
      verdict: 'refused',
      firstCause: { code: 'trust.no-path' },
    });
    expect(web.asked).toEqual([]);
  });

  it('is not asked for when the certificate is refused anyway', async () => {
    const web = fetcher(published);
    const sources = { fetcher: web, cache: createTrustCache(), issuers: referenceIssuers };
    await judge([leaf({ ...wasExpired }, intermediate)], { sources });
    expect(web.asked).toEqual([]);
  });
});

describe('revocation (REQ-AS-31)', () => {
  it('of the leaf', async () => {
    expect(await judge([good], { web: { [CRL]: crlOf(root, [good]) } })).toMatchObject({
      verdict: 'refused',
      firstCause: { code: 'cert.revoked', params: { reason: 'keyCompromise' } },
    });
  });

  it('is what no-crl leaves out', async () => {
    const checks = without(candidateChecks, 'revocation');
    expect((await judge([good], { web: { [CRL]: crlOf(root, [good]) }, checks })).verdict).toBe('trusted');
  });

  it('of a CA on the way; crl-leaf-only does not see it', async () => {
    const under = leaf({}, intermediate);
    const web = { [CRL]: crlOf(root, [intermediate]), [INTERMEDIATE]: intermediate.certificate.der };
    expect((await judge([under], { web })).firstCause?.code).toBe('trust.constraint');
    const leafOnly = revocationCheck({
      ...referenceRevocation,
      of: ({ certificates }) => certificates.slice(0, 1),
    });
    const checks = replaced(candidateChecks, 'revocation', leafOnly);
    expect((await judge([under], { web, checks })).verdict).toBe('trusted');
  });

  const stale = crlOf(root, [], { thisUpdate: NOW - 3 * DAY, nextUpdate: NOW - 3_600_000 });
  const longGone = crlOf(root, [], { thisUpdate: NOW - 9 * DAY, nextUpdate: NOW - 8 * DAY });
  const staleRevoked = crlOf(root, [good], { thisUpdate: NOW - 3 * DAY, nextUpdate: NOW - 3_600_000 });
  it.each([
    ['unreachable', undefined, 'undetermined', 'trusted'],
    ['no list', Buffer.from('hello'), 'undetermined', 'trusted'],
    ['by another issuer', crlOf(stranger), 'undetermined', 'trusted'],
    ['stale', stale, 'undetermined', 'trusted'],
    ['stale for days', longGone, 'undetermined', 'undetermined'],
    ['stale, and it was listed', staleRevoked, 'refused', 'refused'],
  ] as const)('list %s: require %3$s, soft %4$s', async (_, body, require, soft) => {
    const web = { [CRL]: body };
    expect((await judge([good], { web })).verdict).toBe(require);
    const softly = await judge([good], { web, revocation: 'soft' });
    expect(softly.verdict).toBe(soft);
    if (soft === 'trusted') {
      expect(softly.candidates[0]!.notes.map(({ code }) => code)).toEqual(['cert.revocation-unknown']);
    }
  });

  it('that no certificate can tell will not be told later', async () => {
    expect(await judge([leaf({ crlUrls: [] })])).toMatchObject({
      verdict: 'refused',
      firstCause: { code: 'cert.revocation-unknown' },
    });
  });
});

describe('several certificates', () => {
  const old = leaf(wasExpired);
  const foreign = leaf({ emails: ['eve@b.example'] });
  const untrusted = leaf({}, stranger);
  const garbage = { sha256: '00', where: 'bob.b.example', unreadable: 'not DER', notes: [] };

  it('all that remain are used', async () => {
    const other = leaf();
    const decision = await judge([old, good, foreign, other, garbage]);
    expect(decision.usable).toEqual([good.certificate.sha256, other.certificate.sha256]);
    expect(decision.candidates.map(({ state }) => state)).toEqual([
      'refused',
      'usable',
      'refused',
      'usable',
      'refused',
    ]);
  });

  it.each([
    [[garbage, foreign], 'cert.binding'],
    [[foreign, untrusted], 'trust.no-path'],
    [[untrusted, old], 'cert.expired'],
    [[garbage], 'cert.unparsable'],
  ])('the nearest miss is told first', async (all, code) => {
    for (const list of [all, all.toReversed()]) {
      const decision = await judge(list);
      expect(decision.firstCause?.code).toBe(code);
      expect(decision.causes).toHaveLength(all.length);
    }
  });

  it('a revoked one is nearer than an expired one', async () => {
    const decision = await judge([old, good], { web: { [CRL]: crlOf(root, [good]) } });
    expect(decision.causes.map(({ code }) => code)).toEqual(['cert.revoked', 'cert.expired']);
  });

  it('reject-if-any-bad is another selection', async () => {
    const all = (
      judged: Parameters<typeof judge>[1] extends infer _ ? readonly { state: string }[] : never,
    ) => judged.every(({ state }) => state === 'usable');
    const decision = await judge([old, good], { select: (judged) => (all(judged) ? judged : []) });
    expect(decision).toMatchObject({ verdict: 'refused', firstCause: { code: 'cert.expired' } });
  });

  it('none at all: what discovery says', async () => {
    const none = { cause: cause('discovery.none', { names: ['x'], servers: [] }), temporary: false };
    expect(await judge([], { missing: none })).toMatchObject({
      verdict: 'refused',
      firstCause: { code: 'discovery.none' },
    });
    const later = { cause: cause('discovery.temporary', { stage: 'srv', why: 'SERVFAIL' }), temporary: true };
    expect(await judge([], { missing: later })).toMatchObject({
      verdict: 'undetermined',
      cure: { who: 'network' },
    });
  });
});

it('a step that is not there cannot be left out', () => {
  expect(() => without(candidateChecks, 'bindings')).toThrow(/no step 'bindings' in parse, binding/);
});
