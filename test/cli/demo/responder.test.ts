import { describe, expect, it } from 'vitest';
import { ocspServer } from '../../../src/cli/demo/responder.ts';
import type { HttpRequest } from '../../../src/http/server.ts';
import { issuerFacts } from '../../../src/pki/crl-acceptance.ts';
import { checkOcsp, encodeOcspRequest, ocspGetUrl, parseOcspResponse } from '../../../src/pki/ocsp.ts';
import { DAY, ecLeaf, leaf, NOW, root } from '../../pki/fixtures.ts';

const ca = root('CA');
const one = ecLeaf(ca, 'one@d.example', { ocspUrls: ['http://pki.d.example/ca/ocsp'] });
const gone = leaf(ca, 'gone@d.example', { ocspUrls: ['http://pki.d.example/ca/ocsp'] });
const stranger = ecLeaf(ca, 'x@d.example', { ocspUrls: ['http://pki.d.example/ca/ocsp'] });
const issuer = { nameDer: ca.certificate.subjectDer, spki: ca.certificate.spki };
let clock = NOW;
const server = ocspServer(
  ca,
  (serial) =>
    serial === one.certificate.serial
      ? 'good'
      : serial === gone.certificate.serial
        ? { at: NOW - DAY, reason: 'keyCompromise' }
        : undefined,
  () => clock,
);

const request = (more: Partial<HttpRequest>): HttpRequest => ({
  method: 'GET',
  url: '/ca/ocsp',
  headers: {},
  peer: { host: '127.0.0.1', port: 1 },
  ...more,
});
const post = (body: Uint8Array, type = 'application/ocsp-request') =>
  server.reply(request({ method: 'POST', headers: { 'content-type': type }, body }), '');
const get = (body: Uint8Array, headers = {}) => server.reply(request({ headers }), ocspGetUrl('', body));
const ask = encodeOcspRequest(issuer, [one.certificate.serialDer]);

describe('the OCSP responder of the demo authorities', () => {
  it.each([
    ['what it issued', one, { state: 'good' }],
    ['what is revoked', gone, { state: 'revoked' }],
    ['what it never issued', stranger, { state: 'unknown' }],
  ] as const)('speaks of %s, and our own client believes it', async (_, leaf, expected) => {
    const state = await checkOcsp(leaf.certificate, issuerFacts(ca.certificate), NOW, 300_000, {
      ask: async (_, body) => ({ ok: true, body: get(body).body as Uint8Array }),
    });
    expect(state).toMatchObject(expected);
  });

  it('answers GET for caches, with an ETag that comes back as 304', () => {
    const first = get(ask);
    expect(first).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'application/ocsp-response',
        'cache-control': 'max-age=3600, public, no-transform, must-revalidate',
      },
    });
    clock += 60_000;
    expect(get(ask).body).toBe(first.body);
    expect(get(ask, { 'if-none-match': first.headers!['etag'] })).toMatchObject({ status: 304 });
    clock += 2 * 3_600_000;
    expect(get(ask, { 'if-none-match': first.headers!['etag'] })).toMatchObject({ status: 200 });
  });

  it('answers POST, and repeats a nonce, for nobody else', () => {
    const nonce = Buffer.from('0123456789abcdef');
    for (const reply of [post(encodeOcspRequest(issuer, [one.certificate.serialDer], { nonce }))]) {
      expect(reply.headers).toMatchObject({ 'cache-control': 'no-store' });
      const told = parseOcspResponse(reply.body as Uint8Array);
      expect(told.status).toBe('successful');
      expect(Buffer.from(reply.body as Uint8Array).includes(nonce)).toBe(true);
    }
  });

  it('a delegate signs, made anew before it ends', () => {
    const signer = () => {
      const told = parseOcspResponse(post(ask).body as Uint8Array);
      return told.status === 'successful' ? told.basic.certificates[0]! : undefined;
    };
    const first = signer();
    expect(first).toMatchObject({ eku: ['1.3.6.1.5.5.7.3.9'], isCa: false });
    expect(first!.extensions.some(({ oid }) => oid === '1.3.6.1.5.5.7.48.1.5')).toBe(true);
    expect(signer()).toBe(first);
    clock += 28 * DAY;
    expect(signer()!.sha256).not.toBe(first!.sha256);
  });

  it.each([
    ['another method', () => server.reply(request({ method: 'PUT' }), ''), 405],
    ['another media type', () => post(ask, 'text/plain'), 415],
    ['no request', () => server.reply(request({}), '/'), 400],
    ['too much', () => post(new Uint8Array(20_000)), 413],
  ])('refuses %s', (_, reply, status) => {
    expect(reply().status).toBe(status);
  });

  it('octets that are no request get the answer of OCSP for that', () => {
    expect(parseOcspResponse(post(Buffer.from('hello')).body as Uint8Array)).toEqual({
      status: 'malformedRequest',
    });
  });
});
