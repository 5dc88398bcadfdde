import { describe, expect, it } from 'vitest';
import { explicit, implicit, nullValue, sequence } from '../../src/asn1/write.ts';
import { type CrlSpec, issueCrl } from '../../src/pki/crl.ts';
import { encodeGeneralName, type GeneralName } from '../../src/pki/general-name.ts';
import { type CertificateSpec, type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { EXT } from '../../src/pki/oids.ts';
import {
  checkRevocation,
  createRevocationCache,
  type FetchList,
  type RevState,
} from '../../src/pki/revocation.ts';
import { anchorOf, DAY, ecLeaf, intermediate, NOW, root } from './fixtures.ts';

const URL = 'http://pki.example/ca.crl';
const ca = root('CA');
const certificate = (spec: Partial<CertificateSpec> = {}) =>
  ecLeaf(ca, 'bob@d.example', { serial: 5, crlUrls: [URL], ...spec });

const crl = (spec: Partial<CrlSpec> = {}): Uint8Array =>
  issueCrl({ issuer: ca, number: 1, thisUpdate: NOW - 1000, nextUpdate: NOW + DAY, revoked: [], ...spec });

const revoked = (reason?: CrlSpec['revoked'][number]['reason'], serial = '05') => ({
  revoked: [{ serial, at: NOW - DAY, ...(reason && { reason }) }],
});

interface Web {
  [url: string]: Uint8Array | string;
}

const fetchFrom =
  (web: Web, asked: string[] = []): FetchList =>
  async (url) => {
    asked.push(url);
    const body = web[url];
    return body instanceof Uint8Array ? { ok: true, body } : { ok: false, why: body ?? 'HTTP 404' };
  };

const ask = (web: Web, of: Issued = certificate(), options: Parameters<typeof checkRevocation>[5] = {}) =>
  checkRevocation(of.certificate, ca.certificate, fetchFrom(web), NOW, createRevocationCache(), options);

/** A distribution point with what `@peculiar/x509` does not write. */
const point = (parts: { urls?: string[]; reasons?: number; crlIssuer?: GeneralName }): Uint8Array =>
  sequence(
    ...(parts.urls
      ? [explicit(0, explicit(0, ...parts.urls.map((value) => encodeGeneralName({ type: 'uri', value }))))]
      : []),
    // one octet of flags is enough for the reasons that are used here
    ...(parts.reasons === undefined ? [] : [implicit(1, Uint8Array.of(0, parts.reasons))]),
    ...(parts.crlIssuer ? [explicit(2, encodeGeneralName(parts.crlIssuer))] : []),
  );

const withPoints = (...points: Uint8Array[]): Issued =>
  certificate({
    crlUrls: [],
    extensions: [{ oid: EXT.cRLDistributionPoints, critical: false, value: sequence(...points) }],
  });

const rows: [title: string, body: Uint8Array | string, expected: object][] = [
  ['not listed', crl(), { state: 'good', by: 'crl', source: URL, nextUpdate: NOW + DAY }],
  [
    'listed',
    crl(revoked('keyCompromise')),
    { state: 'revoked', by: 'crl', source: URL, at: NOW - DAY, reason: 'keyCompromise' },
  ],
  ['listed without reason', crl(revoked()), { state: 'revoked', reason: 'unspecified' }],
  [
    'listed as unspecified (DCDT says good)',
    crl(revoked('unspecified')),
    { state: 'revoked', reason: 'unspecified' },
  ],
  ['on hold', crl(revoked('certificateHold')), { state: 'revoked', reason: 'certificateHold' }],
  ['removed from the list', crl(revoked('removeFromCRL')), { state: 'good' }],
  ['another serial number', crl(revoked('keyCompromise', '06')), { state: 'good' }],
  ['a list of version 1', crl({ ...revoked(), version: 1 }), { state: 'revoked' }],
  [
    'nobody answers',
    'connection refused',
    { state: 'unknown', url: URL, code: 'unreachable', why: 'connection refused' },
  ],
  ['an HTML page', Buffer.from('<html>'), { state: 'unknown', code: 'unreadable' }],
  [
    'expired',
    crl({ nextUpdate: NOW - 600_000 }),
    { state: 'unknown', code: 'stale', last: { state: 'good', nextUpdate: NOW - 600_000 } },
  ],
  ['expired by less than the skew', crl({ nextUpdate: NOW - 60_000 }), { state: 'good' }],
  [
    'expired, and lists it',
    crl({ ...revoked('superseded'), nextUpdate: NOW - 600_000 }),
    { state: 'revoked' },
  ],
  [
    'expired, and has it on hold',
    crl({ ...revoked('certificateHold'), nextUpdate: NOW - 600_000 }),
    { state: 'unknown', code: 'stale', last: { state: 'revoked' } },
  ],
  [
    'from tomorrow on',
    crl({ thisUpdate: NOW + DAY, nextUpdate: NOW + 2 * DAY }),
    { state: 'unknown', code: 'not-yet' },
  ],
  ['fresh, without nextUpdate', crl({ nextUpdate: null }), { state: 'good' }],
  [
    'two days old, without nextUpdate',
    crl({ nextUpdate: null, thisUpdate: NOW - 2 * DAY }),
    { state: 'unknown', code: 'stale' },
  ],
  ['wrong signature', crl({ signWith: keyPool.take('p256', 6) }), { state: 'unknown', code: 'signature' }],
  [
    'wrong signature, and lists it: no denial by forgery',
    crl({ ...revoked('keyCompromise'), signWith: keyPool.take('p256', 6) }),
    { state: 'unknown', code: 'signature' },
  ],
  ['of another issuer', crl({ issuer: root('Other', 3) }), { state: 'unknown', code: 'wrong-issuer' }],
  ['a delta', crl({ deltaBase: 1 }), { state: 'unknown', code: 'unsupported' }],
  ['of end entities', crl({ scope: { onlyUserCerts: true } }), { state: 'good' }],
  ['of authorities', crl({ scope: { onlyCaCerts: true } }), { state: 'unknown', code: 'scope' }],
  [
    'of attribute certificates',
    crl({ scope: { onlyAttributeCerts: true } }),
    { state: 'unknown', code: 'scope' },
  ],
  ['of this distribution point', crl({ scope: { urls: [URL] } }), { state: 'good' }],
  [
    'of another distribution point',
    crl({ scope: { urls: ['http://pki.example/2.crl'] } }),
    { state: 'unknown', code: 'scope' },
  ],
  ['of some reasons, not listed', crl({ scope: { onlyReasons: 0b10 } }), { state: 'unknown', code: 'scope' }],
  [
    'of some reasons, listed',
    crl({ ...revoked('keyCompromise'), scope: { onlyReasons: 0b10 } }),
    { state: 'revoked' },
  ],
  [
    'with a critical extension',
    crl({ extensions: [{ oid: '1.2.3', critical: true, value: nullValue() }] }),
    { state: 'unknown', code: 'unsupported' },
  ],
];

describe('revocation by list (REQ-AS-31, REQ-CERT-08, XR-16)', () => {
  it.each(rows)('%s', async (_, body, expected) => {
    expect(await ask({ [URL]: body })).toMatchObject(expected);
  });

  it('is unknown for a certificate that names no list', async () => {
    expect(await ask({}, certificate({ crlUrls: [] }))).toEqual({
      state: 'unknown',
      url: '',
      code: 'none-named',
      why: 'the certificate names no revocation list',
    });
  });

  it('goes on to the next distribution point, and reports the first failure when none helps', async () => {
    const two = certificate({ crlUrls: ['http://gone.example/', URL] });
    expect(await ask({ [URL]: crl() }, two)).toMatchObject({ state: 'good', source: URL });
    expect(await ask({}, two)).toMatchObject({ state: 'unknown', url: 'http://gone.example/' });
    const names = withPoints(point({ urls: ['http://gone.example/', URL] }));
    expect(await ask({ [URL]: crl(revoked()) }, names)).toMatchObject({ state: 'revoked', source: URL });
  });

  it('puts lists of different reasons together (RFC 5280 §6.3.3)', async () => {
    const some = 0b0_0000_0110;
    const rest = 0b1_1111_1000;
    const web = {
      'http://a/': crl({ scope: { onlyReasons: some, urls: ['http://a/'] } }),
      'http://b/': crl({ scope: { onlyReasons: rest, urls: ['http://b/'] } }),
    };
    const both = certificate({ crlUrls: ['http://a/', 'http://b/'] });
    expect(await ask(web, both)).toMatchObject({ state: 'good' });
    expect(await ask(web, certificate({ crlUrls: ['http://a/'] }))).toMatchObject({
      state: 'unknown',
      code: 'scope',
    });
  });

  it('asks of an issuer that its key may sign lists', async () => {
    const mute = intermediate(ca, 'Mute', 3, { keyUsage: ['keyCertSign'] });
    const of = ecLeaf(mute, 'bob@d.example', { crlUrls: [URL] });
    const body = issueCrl({ issuer: mute, number: 1, thisUpdate: NOW, nextUpdate: NOW + DAY, revoked: [] });
    const state = (issuer: Parameters<typeof checkRevocation>[1]) =>
      checkRevocation(of.certificate, issuer, fetchFrom({ [URL]: body }), NOW, createRevocationCache());
    expect(await state(mute.certificate)).toMatchObject({ state: 'unknown', code: 'signature' });
    // an anchor of name and key alone says nothing about usage
    const bare = { name: mute.certificate.subject, spki: mute.certificate.spki, source: 'manual' };
    expect(await state(bare)).toMatchObject({ state: 'good' });
    expect(await state(anchorOf(mute))).toMatchObject({ state: 'unknown' });
  });

  it('takes a list of a delegate that the issuer certified, and of nobody else', async () => {
    const delegate = (spec: Partial<CertificateSpec> = {}) =>
      issueCertificate({
        profile: 'crl-signer',
        subject: { CN: 'CRL Signer' },
        key: keyPool.take('p256', 5),
        issuer: ca,
        notBefore: NOW - DAY,
        notAfter: NOW + DAY,
        ...spec,
      });
    const good = delegate();
    const name: GeneralName = { type: 'directory', name: good.certificate.subject };
    const of = withPoints(point({ urls: [URL], crlIssuer: name }));
    const entry = { serial: of.certificate.serial, at: NOW, certificateIssuer: ca.certificate.subject };
    const list = (spec: Partial<CrlSpec> = {}) => crl({ issuer: good, scope: { indirect: true }, ...spec });
    const state = (body: Uint8Array, ...signers: Issued[]): Promise<RevState> =>
      ask({ [URL]: body }, of, { signers: signers.map((signer) => signer.certificate) });
    expect(await state(list(), good)).toMatchObject({ state: 'good' });
    expect(await state(list({ revoked: [entry] }), good)).toMatchObject({ state: 'revoked' });
    expect(await state(list())).toMatchObject({ state: 'unknown', code: 'signature' });
    expect(await state(crl({ issuer: good }), good)).toMatchObject({
      state: 'unknown',
      code: 'wrong-issuer',
    });
    expect(await state(list(), delegate({ keyUsage: ['digitalSignature'] }))).toMatchObject({
      state: 'unknown',
    });
    expect(await state(list(), delegate({ signWith: keyPool.take('p256', 6) }))).toMatchObject({
      state: 'unknown',
    });
    expect(await state(list(), delegate({ notAfter: NOW - DAY / 2 }))).toMatchObject({ state: 'unknown' });
  });

  it('calls an entry that cannot be read neither good nor revoked', async () => {
    const odd = { oid: EXT.reasonCode, critical: false, value: Uint8Array.of(0x30, 0) };
    const body = crl({ revoked: [{ serial: '05', at: NOW, extensions: [odd] }] });
    expect(await ask({ [URL]: body })).toMatchObject({ state: 'unknown', code: 'unreadable' });
  });

  it('says what it cannot follow', async () => {
    expect(
      await ask({}, withPoints(point({ crlIssuer: { type: 'directory', name: ca.certificate.subject } }))),
    ).toMatchObject({
      state: 'unknown',
      code: 'unsupported',
    });
  });
});

describe('keeping lists (wire-facts §10)', () => {
  const setUp = (web: Web) => {
    const asked: string[] = [];
    const cache = createRevocationCache();
    const of = certificate().certificate;
    return {
      web,
      asked,
      at: (at: number, target = of) =>
        checkRevocation(target, ca.certificate, fetchFrom(web, asked), at, cache),
    };
  };

  it('until the next one is due, a day at most', async () => {
    const { web, asked, at } = setUp({ [URL]: crl({ nextUpdate: NOW + 30 * DAY }) });
    await at(NOW);
    await at(NOW + DAY - 1);
    expect(asked).toHaveLength(1);
    web[URL] = crl({ ...revoked(), thisUpdate: NOW + DAY, nextUpdate: NOW + 2 * DAY });
    expect(await at(NOW + DAY)).toMatchObject({ state: 'revoked' });
    expect(asked).toHaveLength(2);
    web[URL] = crl({ thisUpdate: NOW + 2 * DAY, nextUpdate: NOW + 3 * DAY });
    expect(await at(NOW + 2 * DAY)).toMatchObject({ state: 'good' });
    expect(asked).toHaveLength(3);
  });

  it('a list in force serves on when its source is gone; once it is stale the state is unknown', async () => {
    const { web, at } = setUp({ [URL]: crl({ nextUpdate: NOW + 3 * DAY }) });
    await at(NOW);
    web[URL] = 'timeout';
    expect(await at(NOW + 2 * DAY)).toMatchObject({ state: 'good' });
    expect(await at(NOW + 4 * DAY)).toMatchObject({
      state: 'unknown',
      code: 'unreachable',
      why: 'timeout',
      last: { state: 'good', nextUpdate: NOW + 3 * DAY },
    });
  });

  it('an older list, or a forged one, does not take the place of a newer (replay)', async () => {
    const { web, at } = setUp({ [URL]: crl({ ...revoked('keyCompromise'), nextUpdate: NOW + DAY }) });
    expect(await at(NOW)).toMatchObject({ state: 'revoked' });
    web[URL] = crl({ signWith: keyPool.take('p256', 6), thisUpdate: NOW + DAY, nextUpdate: NOW + 9 * DAY });
    expect(await at(NOW + DAY + 1)).toMatchObject({ state: 'revoked' });
    expect(await at(NOW + 5 * DAY)).toMatchObject({ state: 'revoked' });
  });

  it('one list serves all certificates of an issuer, and no other issuer', async () => {
    const { asked, at } = setUp({ [URL]: crl(revoked()) });
    expect(await at(NOW)).toMatchObject({ state: 'revoked' });
    expect(await at(NOW, certificate({ serial: 6 }).certificate)).toMatchObject({ state: 'good' });
    expect(asked).toHaveLength(1);
    // the same name, another key: the list proves nothing there
    const impostor = root('CA', 4);
    const cache = createRevocationCache();
    const of = certificate();
    await checkRevocation(of.certificate, ca.certificate, fetchFrom({ [URL]: crl() }), NOW, cache);
    expect(
      await checkRevocation(of.certificate, impostor.certificate, fetchFrom({ [URL]: crl() }), NOW, cache),
    ).toMatchObject({ state: 'unknown', code: 'signature' });
  });

  it('fetches a list once for all who ask at the same time', async () => {
    const { asked, at } = setUp({ [URL]: crl() });
    const states = await Promise.all([1, 2, 3].map(() => at(NOW)));
    expect(states.map(({ state }) => state)).toEqual(['good', 'good', 'good']);
    expect(asked).toHaveLength(1);
  });

  it('is bounded in number and octets', async () => {
    const cache = createRevocationCache({ lists: 2 });
    const asked: string[] = [];
    const web: Web = { 'http://1/': crl(), 'http://2/': crl(), 'http://3/': crl() };
    for (const url of ['http://1/', 'http://2/', 'http://1/', 'http://3/', 'http://1/', 'http://2/']) {
      const of = certificate({ crlUrls: [url] });
      await checkRevocation(of.certificate, ca.certificate, fetchFrom(web, asked), NOW, cache);
    }
    expect(asked).toEqual(['http://1/', 'http://2/', 'http://3/', 'http://2/']);
  });
});
