import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issueCrl } from '../../src/pki/crl.ts';
import { issuerFacts } from '../../src/pki/crl-acceptance.ts';
import { PkiError } from '../../src/pki/error.ts';
import { type CertificateSpec, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import {
  type AskOcsp,
  answerOcsp,
  checkOcsp,
  createOcspCache,
  encodeOcspRequest,
  type OcspOptions,
  ocspFailure,
  ocspGetUrl,
  parseOcspRequest,
  parseOcspResponse,
  type Responder,
  requestOfPath,
} from '../../src/pki/ocsp.ts';
import { checkRevocation, createRevocationCache } from '../../src/pki/revocation.ts';
import { DAY, ecLeaf, intermediate, NOW, root } from './fixtures.ts';

const URL = 'http://ocsp.example/';
const ca = root('CA');
const of = ecLeaf(ca, 'bob@d.example', { serial: 5, ocspUrls: [URL] });
const asked = { nameDer: ca.certificate.subjectDer, spki: ca.certificate.spki };
const request = encodeOcspRequest(asked, [of.certificate.serialDer]);

const delegate = (spec: Partial<CertificateSpec> = {}) =>
  issueCertificate({
    profile: 'ocsp-signer',
    subject: { CN: 'Responder' },
    key: keyPool.take('p256', 5),
    issuer: ca,
    notBefore: NOW - DAY,
    notAfter: NOW + DAY,
    ...spec,
  });

const responder = (parts: Partial<Responder> = {}): Responder => ({
  issuer: ca.certificate,
  signer: ca,
  status: (serial) => (serial === '05' ? 'good' : undefined),
  validMs: DAY,
  ...parts,
});

const answering =
  (parts: Partial<Responder> = {}, at = NOW): AskOcsp =>
  async (_, body) => ({ ok: true, body: answerOcsp(body, responder(parts), at) });

const ask = (how: AskOcsp, options: Partial<OcspOptions> = {}, at = NOW, target = of) =>
  checkOcsp(target.certificate, issuerFacts(ca.certificate), at, 300_000, { ask: how, ...options });

const nonce = () => Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const other = root('Other', 3);

const rows: [string, AskOcsp, object, Partial<OcspOptions>?][] = [
  ['good', answering(), { state: 'good', by: 'ocsp', source: URL, nextUpdate: NOW + DAY }],
  ['good, named by subject', answering({ by: 'name' }), { state: 'good' }],
  ['without nextUpdate', answering({ validMs: null }), { state: 'good' }],
  [
    'revoked',
    answering({ status: () => ({ at: NOW - DAY, reason: 'keyCompromise' }) }),
    { state: 'revoked', by: 'ocsp', at: NOW - DAY, reason: 'keyCompromise' },
  ],
  [
    'revoked without reason',
    answering({ status: () => ({ at: NOW - DAY, reason: 'unspecified' }) }),
    { state: 'revoked', reason: 'unspecified' },
  ],
  ['never issued', answering({ status: () => undefined }), { state: 'unknown', code: 'scope' }],
  ['a delegate', answering({ signer: delegate() }), { state: 'good' }],
  ['a delegate, by name', answering({ signer: delegate(), by: 'name' }), { state: 'good' }],
  [
    'a certificate of the issuer that is not for OCSP',
    answering({ signer: delegate({ eku: null }) }),
    { state: 'unknown', code: 'signature' },
  ],
  [
    'a delegate of another issuer',
    answering({ signer: delegate({ issuer: other }) }),
    { state: 'unknown', code: 'signature' },
  ],
  [
    'a delegate that the issuer did not sign',
    answering({ signer: delegate({ signWith: keyPool.take('p256', 6) }) }),
    { state: 'unknown', code: 'signature' },
  ],
  [
    'a delegate that expired',
    answering({ signer: delegate({ notBefore: NOW - 3 * DAY, notAfter: NOW - DAY }) }),
    { state: 'unknown', code: 'signature' },
  ],
  ['another issuer altogether', answering({ signer: other }), { state: 'unknown', code: 'signature' }],
  ['yesterday’s answer', answering({}, NOW - 2 * DAY), { state: 'unknown', code: 'stale' }],
  [
    'yesterday’s answer without nextUpdate',
    answering({ validMs: null }, NOW - 2 * DAY),
    { state: 'unknown', code: 'stale' },
  ],
  ['tomorrow’s answer', answering({}, NOW + DAY), { state: 'unknown', code: 'not-yet' }],
  ['the nonce comes back', answering(), { state: 'good' }, { nonce, requireNonce: true }],
  [
    'the nonce does not, and has to',
    answering({ echoNonce: false }),
    { state: 'unknown', code: 'signature' },
    { nonce, requireNonce: true },
  ],
  ['the nonce does not', answering({ echoNonce: false }), { state: 'good' }, { nonce }],
  [
    'a replayed answer',
    async () => ({
      ok: true,
      body: answerOcsp(
        encodeOcspRequest(asked, [of.certificate.serialDer], { nonce: Buffer.alloc(16, 9) }),
        responder(),
        NOW,
      ),
    }),
    { state: 'unknown', code: 'signature' },
    { nonce },
  ],
  [
    'an answer about another certificate',
    async () => ({
      ok: true,
      body: answerOcsp(encodeOcspRequest(asked, [Uint8Array.of(2, 1, 6)]), responder(), NOW),
    }),
    { state: 'unknown', code: 'scope' },
  ],
  [
    'try later',
    async () => ({ ok: true, body: ocspFailure('tryLater') }),
    { state: 'unknown', code: 'unreachable', why: 'the responder answered tryLater' },
  ],
  ['nobody', async () => ({ ok: false, why: 'HTTP 503' }), { state: 'unknown', why: 'HTTP 503' }],
  [
    'a page',
    async () => ({ ok: true, body: Buffer.from('<html>') }),
    { state: 'unknown', code: 'unreadable' },
  ],
];

describe('asking a responder (RFC 6960; REQ-AS-31)', () => {
  it.each(rows)('%s', async (_, how, expected, options) => {
    expect(await ask(how, options)).toMatchObject(expected);
  });

  it('keeps an answer until the next one is due', async () => {
    const cache = createOcspCache();
    let asks = 0;
    const counting: AskOcsp = (url, body) => {
      asks++;
      return answering({}, NOW)(url, body);
    };
    await ask(counting, { cache });
    await ask(counting, { cache }, NOW + DAY - 1);
    expect(asks).toBe(1);
    expect(await ask(counting, { cache }, NOW + 2 * DAY)).toMatchObject({ code: 'stale' });
    expect(asks).toBe(2);
  });

  it('goes on to the next responder', async () => {
    const two = ecLeaf(ca, 'bob@d.example', { serial: 5, ocspUrls: ['ldap://x/', 'http://gone/', URL] });
    const how: AskOcsp = async (url, body) =>
      url === URL ? answering()(url, body) : { ok: false, why: 'gone' };
    expect(await ask(how, {}, NOW, two)).toMatchObject({ state: 'good', source: URL });
  });
});

describe('lists and responders together', () => {
  const CRL = 'http://pki.example/ca.crl';
  const both = ecLeaf(ca, 'bob@d.example', { serial: 5, ocspUrls: [URL], crlUrls: [CRL] });
  const list = issueCrl({ issuer: ca, number: 1, thisUpdate: NOW, nextUpdate: NOW + DAY, revoked: [] });
  const check = (body: Uint8Array | undefined, how: AskOcsp, first = false) =>
    checkRevocation(
      both.certificate,
      ca.certificate,
      async () => (body ? { ok: true, body } : { ok: false, why: 'gone' }),
      NOW,
      createRevocationCache(),
      { ocsp: { ask: how, first } },
    );
  const silent: AskOcsp = async () => ({ ok: false, why: 'silent' });
  const revokes = answering({ status: () => ({ at: NOW, reason: 'superseded' }) });

  it.each<[string, Uint8Array | undefined, AskOcsp, boolean, object]>([
    ['the list tells, and nobody else is asked', list, revokes, false, { state: 'good', by: 'crl' }],
    ['no list: the responder tells', undefined, revokes, false, { state: 'revoked', by: 'ocsp' }],
    ['the responder first', list, revokes, true, { state: 'revoked', by: 'ocsp' }],
    ['the responder first, but silent', list, silent, true, { state: 'good', by: 'crl' }],
    ['neither', undefined, silent, false, { state: 'unknown', url: CRL }],
  ])('%s', async (_, body, how, first, expected) => {
    expect(await check(body, how, first)).toMatchObject(expected);
  });
});

describe('the octets', () => {
  it('a request has its questions and its nonce', () => {
    const read = parseOcspRequest(
      encodeOcspRequest(asked, [of.certificate.serialDer, Uint8Array.of(2, 1, 9)], {
        nonce: nonce(),
        digest: 'sha256',
      }),
    );
    expect(read.ids.map(({ serial, digest }) => [serial, digest])).toEqual([
      ['05', 'sha256'],
      ['09', 'sha256'],
    ]);
    expect(read.nonce).toBeDefined();
  });

  it('travels in the path of a GET, escaped or not', () => {
    const path = ocspGetUrl('http://ocsp.example/status/', request).slice('http://ocsp.example'.length);
    expect(requestOfPath(path)).toEqual(Buffer.from(request));
    expect(requestOfPath(`/${Buffer.from(request).toString('base64')}`)).toEqual(Buffer.from(request));
    expect(requestOfPath('/ca.crl')).toBeUndefined();
    expect(requestOfPath('/%')).toBeUndefined();
  });

  it('what is no request is answered as such', () => {
    for (const body of [new Uint8Array(0), Buffer.from('GET /'), request.subarray(0, -1)]) {
      expect(parseOcspResponse(answerOcsp(body, responder(), NOW))).toEqual({ status: 'malformedRequest' });
    }
  });

  it('any octets give a value or a PkiError', () => {
    const good = answerOcsp(request, responder({ signer: delegate() }), NOW);
    const total = (read: (bytes: Uint8Array) => unknown, bytes: Uint8Array) => {
      try {
        read(bytes);
      } catch (error) {
        if (!(error instanceof PkiError)) throw error;
      }
    };
    const mutated = (from: Uint8Array) =>
      fc
        .array(fc.tuple(fc.nat(from.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
        .map((edits) => {
          const bytes = Uint8Array.from(from);
          for (const [at, octet] of edits) bytes[at] = octet;
          return bytes;
        });
    fc.assert(
      fc.property(fc.oneof(mutated(good), fc.uint8Array({ maxLength: 80 })), (bytes) => {
        total(parseOcspResponse, bytes);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.oneof(mutated(request), fc.uint8Array({ maxLength: 80 })), (bytes) => {
        total(parseOcspRequest, bytes);
        parseOcspResponse(answerOcsp(bytes, responder(), NOW));
      }),
      { numRuns: 300 },
    );
  });

  it('a changed answer never vouches', async () => {
    const good = answerOcsp(request, responder(), NOW);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const body = Uint8Array.from(good);
        body[at] = body[at]! ^ flip;
        const state = await ask(async () => ({ ok: true, body }));
        // an ECDSA signature may be written with other lengths; what is signed may not change
        if (state.state !== 'unknown') expect(state).toMatchObject({ state: 'good', nextUpdate: NOW + DAY });
      }),
      { numRuns: 300 },
    );
  });

  it('an intermediate speaks for its own certificates only', async () => {
    const below = intermediate(ca, 'Below', 4);
    const stranger = ecLeaf(below, 'eve@d.example', { serial: 5, ocspUrls: [URL] });
    expect(
      await checkOcsp(stranger.certificate, issuerFacts(below.certificate), NOW, 0, { ask: answering() }),
    ).toMatchObject({ state: 'unknown' });
  });
});
