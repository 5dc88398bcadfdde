/**
 * The OCSP responder of an authority (RFC 6960), over HTTP by GET and POST. A delegate signs, so that the authority's own
 * key is used once a month and not for every question; the delegate's key lives in memory alone.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { nullValue } from '../../asn1/write.ts';
import type { HttpReply, HttpRequest } from '../../http/server.ts';
import type { CrlReason } from '../../pki/crl.ts';
import { PkiError } from '../../pki/error.ts';
import { type Issued, issueCertificate } from '../../pki/issue.ts';
import { generateKey } from '../../pki/keys.ts';
import { answerOcsp, parseOcspRequest, requestOfPath } from '../../pki/ocsp.ts';
import { EXT } from '../../pki/oids.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Of the delegate's certificate; it is not revoked but replaced (id-pkix-ocsp-nocheck). */
const DELEGATE_LIFE = 30 * DAY;
const DELEGATE_RENEWAL = 3 * DAY;
/** An answer holds for a day, and is made anew when it is an hour old. */
const ANSWER_LIFE = DAY;
const ANSWER_AGE = HOUR;
const KEPT = 1000;
const REQUEST_LIMIT = 16 * 1024;

/** What is known of a serial number; undefined: never issued. */
export type StatusOf = (
  serial: string,
) => 'good' | { readonly at: number; readonly reason: CrlReason } | undefined;

export interface OcspServer {
  /** @param path what stands in the URL behind the responder's own path, without query */
  readonly reply: (request: HttpRequest, path: string) => HttpReply;
}

/**
 * @param now ms since 1970 UTC
 * @param state another object whenever `status` says something else: kept answers are made anew then
 */
export function ocspServer(
  issuer: Issued,
  status: StatusOf,
  now: () => number,
  state: () => object | undefined = () => undefined,
): OcspServer {
  const delegate = delegateOf(issuer, now);
  const kept = new Map<string, { readonly at: number; readonly der: Uint8Array }>();
  const answer = (body: Uint8Array, at: number): Uint8Array =>
    answerOcsp(
      body,
      { issuer: issuer.certificate, signer: delegate(), status, validMs: ANSWER_LIFE },
      // both clocks may differ a little
      at - 60_000,
    );
  let known = state();
  const keptAnswer = (body: Uint8Array, at: number): { readonly at: number; readonly der: Uint8Array } => {
    const current = state();
    if (current !== known) kept.clear();
    known = current;
    const id = createHash('sha256').update(body).digest('hex');
    const found = kept.get(id);
    if (found && at - found.at < ANSWER_AGE) return found;
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value!);
    const made = { at, der: answer(body, at) };
    kept.set(id, made);
    return made;
  };
  return {
    reply(request, path) {
      const { method } = request;
      if (method !== 'GET' && method !== 'HEAD' && method !== 'POST')
        return told(405, 'Only GET and POST.\n', { allow: 'GET, HEAD, POST' });
      const posted = method === 'POST';
      if (posted && request.headers['content-type']?.split(';')[0]?.trim() !== 'application/ocsp-request')
        return told(415, 'Expected application/ocsp-request.\n');
      const body = posted ? request.body : requestOfPath(path);
      if (!body) return told(400, 'Behind this path a request in base64 is expected (RFC 6960 A.1).\n');
      if (body.length > REQUEST_LIMIT) return told(413, `More than ${REQUEST_LIMIT} octets.\n`);
      const at = now();
      const type = { 'content-type': 'application/ocsp-response' };
      // what a nonce makes new, and what only one client can ask, is for no cache
      if (posted || hasNonce(body))
        return { status: 200, headers: { ...type, 'cache-control': 'no-store' }, body: answer(body, at) };
      const made = keptAnswer(body, at);
      const headers = cacheHeaders(made.der, made.at, made.at + ANSWER_AGE, at);
      if (isHeld(request, headers.etag)) return { status: 304, headers };
      return { status: 200, headers: { ...type, ...headers }, body: made.der };
    },
  };
}

/** Makes the delegate when it is first needed, and again before it ends. */
function delegateOf(issuer: Issued, now: () => number): () => Issued {
  let delegate: Issued | undefined;
  return () => {
    const at = now();
    if (!delegate || delegate.certificate.notAfter - at < DELEGATE_RENEWAL)
      delegate = issueCertificate({
        profile: 'ocsp-signer',
        subject: { CN: 'OCSP Responder' },
        key: generateKey({ kind: 'ec', curve: 'P-256' }),
        issuer,
        notBefore: at - DAY,
        notAfter: Math.min(at + DELEGATE_LIFE, issuer.certificate.notAfter),
        extensions: [{ oid: EXT.ocspNoCheck, critical: false, value: nullValue() }],
      });
    return delegate;
  };
}

function hasNonce(body: Uint8Array): boolean {
  try {
    return parseOcspRequest(body).nonce !== undefined;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

/** For caches (RFC 5019 §6.2): the ETag is the SHA-256 of the octets. @param until ms since 1970 UTC */
export function cacheHeaders(
  body: Uint8Array | string,
  made: number,
  until: number,
  now: number,
): Readonly<Record<'etag' | 'last-modified' | 'expires' | 'cache-control', string>> {
  const seconds = Math.max(0, Math.floor((until - now) / 1000));
  return {
    etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`,
    'last-modified': new Date(made).toUTCString(),
    expires: new Date(until).toUTCString(),
    'cache-control': `max-age=${seconds}, public, no-transform, must-revalidate`,
  };
}

/** Whether the client has these octets already (RFC 9110 §13.1.2). */
export function isHeld({ headers }: HttpRequest, etag: string): boolean {
  const known = (headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return known.includes(etag) || known[0] === '*';
}

const told = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpReply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body,
});
