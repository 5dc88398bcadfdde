/**
 * Asking a responder, and believing it only when it may be believed (RFC 6960 §3.2): the right certificate, a signature
 * by the issuer or by a delegate that the issuer certified for it, the right time, our own nonce.
 *
 * @module
 */
import { createHash, type KeyObject } from 'node:crypto';
import { octetString } from '../asn1/write.ts';
import { verifySignature } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import type { IssuerFacts } from './crl-acceptance.ts';
import { PkiError } from './error.ts';
import { keyIdentifier, loadPublicKey } from './keys.ts';
import { sameName } from './name.ts';
import { type IssuerId, isOfIssuer } from './ocsp-id.ts';
import { encodeOcspRequest } from './ocsp-request.ts';
import { type BasicResponse, parseOcspResponse, type SingleResponse } from './ocsp-response.ts';
import { EKU } from './oids.ts';
import type { RevState, UnknownCode } from './revocation.ts';

/** Sends a request, by POST or by GET (`ocspGetUrl`). */
export type AskOcsp = (
  url: string,
  request: Uint8Array,
) => Promise<{ readonly ok: true; readonly body: Uint8Array } | { readonly ok: false; readonly why: string }>;

export interface OcspOptions {
  readonly ask: AskOcsp;
  /** Ask before looking at lists. Default: only when lists do not tell. */
  readonly first?: boolean;
  /** Fresh octets for each request; without it none is sent, and answers may come from a cache. */
  readonly nonce?: () => Uint8Array;
  /** An answer without our nonce does not count. Default false: many responders sign ahead. */
  readonly requireNonce?: boolean;
  readonly cache?: OcspCache;
}

export interface OcspCache {
  readonly get: (id: string, at: number) => Extract<RevState, { state: 'good' | 'revoked' }> | undefined;
  readonly put: (id: string, state: Extract<RevState, { state: 'good' | 'revoked' }>, until: number) => void;
}

const DAY = 86_400_000;
const URLS = 4;

/** Genuine answers until their nextUpdate, a day at most; the least recently kept goes first. */
export function createOcspCache(limit = 10_000): OcspCache {
  const kept = new Map<string, { state: Parameters<OcspCache['put']>[1]; until: number }>();
  return {
    get(id, at) {
      const found = kept.get(id);
      if (found && at >= found.until) kept.delete(id);
      return found && at < found.until ? found.state : undefined;
    },
    put(id, state, until) {
      kept.delete(id);
      if (kept.size >= limit) kept.delete(kept.keys().next().value!);
      kept.set(id, { state, until });
    },
  };
}

type Unknown = Extract<RevState, { state: 'unknown' }>;

const unknown = (url: string, code: UnknownCode, why: string): Unknown => ({
  state: 'unknown',
  url,
  code,
  why,
});

/**
 * Asks the responders that the certificate names, one after the other, until one tells.
 *
 * @param at ms since 1970 UTC
 */
export async function checkOcsp(
  certificate: Certificate,
  issuer: IssuerFacts,
  at: number,
  skewMs: number,
  options: OcspOptions,
): Promise<RevState> {
  const urls = certificate.ocspUrls.filter((url) => /^https?:/i.test(url)).slice(0, URLS);
  if (urls.length === 0) return unknown('', 'none-named', 'the certificate names no OCSP responder');
  const id = createHash('sha256').update(issuer.id).update(certificate.serialDer).digest('hex');
  const kept = options.cache?.get(id, at);
  if (kept) return kept;
  let first: Unknown | undefined;
  for (const url of urls) {
    const answered = await askOne(url, certificate, issuer, at, skewMs, options);
    if (answered.state.state !== 'unknown') {
      options.cache?.put(id, answered.state, Math.min(answered.until ?? at, at + DAY));
      return answered.state;
    }
    first ??= answered.state;
  }
  return first!;
}

interface Answered {
  readonly state: RevState;
  readonly until?: number;
}

async function askOne(
  url: string,
  certificate: Certificate,
  issuer: IssuerFacts,
  at: number,
  skewMs: number,
  options: OcspOptions,
): Promise<Answered> {
  try {
    // the hash of the name is over its octets as the certificate has them
    const asked: IssuerId = { nameDer: certificate.issuerDer, spki: issuer.spki };
    const nonce = options.nonce?.();
    const request = encodeOcspRequest(asked, [certificate.serialDer], nonce ? { nonce } : {});
    const fetched = await options.ask(url, request);
    if (!fetched.ok) return { state: unknown(url, 'unreachable', fetched.why) };
    const response = parseOcspResponse(fetched.body);
    if (response.status !== 'successful')
      return { state: unknown(url, 'unreachable', `the responder answered ${response.status}`) };
    const { basic } = response;
    const single = basic.responses.find(
      (one) => one.id.serial === certificate.serial && isOfIssuer(one.id, asked),
    );
    if (!single) return { state: unknown(url, 'scope', 'the answer is about another certificate') };
    const problem =
      nonceProblem(basic, nonce, options) ??
      signatureProblem(basic, issuer, at, skewMs) ??
      timeProblem(single, at, skewMs);
    if (problem) return { state: unknown(url, problem.code, problem.why) };
    return told(url, single);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { state: unknown(url, 'unreadable', error.message) };
  }
}

function told(url: string, { certificate, nextUpdate }: SingleResponse): Answered {
  const until = nextUpdate === undefined ? {} : { until: nextUpdate };
  if (certificate.status === 'unknown')
    return { state: unknown(url, 'scope', 'the responder does not know the certificate') };
  if (certificate.status === 'revoked') {
    const { at, reason } = certificate;
    return { state: { state: 'revoked', by: 'ocsp', source: url, at, reason }, ...until };
  }
  return {
    state: { state: 'good', by: 'ocsp', source: url, ...(nextUpdate !== undefined && { nextUpdate }) },
    ...until,
  };
}

interface Problem {
  readonly code: UnknownCode;
  readonly why: string;
}

function nonceProblem(
  basic: BasicResponse,
  nonce: Uint8Array | undefined,
  options: OcspOptions,
): Problem | undefined {
  const [critical] = [...basic.critical, ...basic.responses.flatMap((one) => one.critical)];
  if (critical !== undefined)
    return { code: 'unsupported', why: `the answer has the critical extension ${critical}` };
  if (!nonce) return undefined;
  if (!basic.nonce)
    return options.requireNonce
      ? { code: 'signature', why: 'the answer does not repeat our nonce: it may be an old one' }
      : undefined;
  const same = Buffer.compare(basic.nonce, octetString(nonce)) === 0;
  return same ? undefined : { code: 'signature', why: 'the answer has another nonce than the question' };
}

/** The issuer's key, or a certificate of the issuer's for OCSP signing (RFC 6960 §4.2.2.2). */
function signatureProblem(
  basic: BasicResponse,
  issuer: IssuerFacts,
  at: number,
  skewMs: number,
): Problem | undefined {
  if (basic.signature.digest === 'md5') return { code: 'signature', why: 'the answer is signed with MD5' };
  const by = (key: KeyObject): boolean =>
    verifySignature(basic.signature, basic.tbs, basic.signatureValue, key);
  const issuerKey = loadPublicKey(issuer.spki);
  if (by(issuerKey)) return undefined;
  const delegates = basic.certificates.filter((signer) => isResponder(signer, basic));
  const good = delegates.some(
    (signer) =>
      sameName(signer.issuer, issuer.name) &&
      signer.eku?.includes(EKU.ocspSigning) &&
      (signer.keyUsage?.has('digitalSignature') ?? true) &&
      at >= signer.notBefore - skewMs &&
      at <= signer.notAfter + skewMs &&
      signer.criticalUnknown.length === 0 &&
      signer.signatureAgrees &&
      signer.signature.digest !== 'md5' &&
      verifySignature(signer.signature, signer.tbs, signer.signatureValue, issuerKey) &&
      by(signer.publicKey),
  );
  if (good) return undefined;
  const why =
    delegates.length > 0
      ? 'the responder was not certified by the issuer for OCSP signing'
      : 'the signature of the answer does not verify with the key of the issuer';
  return { code: 'signature', why };
}

const isResponder = (signer: Certificate, { responder }: BasicResponse): boolean =>
  'name' in responder
    ? sameName(signer.subject, responder.name)
    : Buffer.compare(keyIdentifier(signer.spki), responder.keyHash) === 0;

function timeProblem(single: SingleResponse, at: number, skewMs: number): Problem | undefined {
  const iso = (ms: number): string => new Date(ms).toISOString();
  const { thisUpdate, nextUpdate } = single;
  if (at < thisUpdate - skewMs)
    return { code: 'not-yet', why: `the answer is not in force before ${iso(thisUpdate)}` };
  // without nextUpdate newer information is always at hand: an answer of yesterday was kept by somebody
  const end = nextUpdate ?? thisUpdate + DAY;
  return at >= end + skewMs ? { code: 'stale', why: `the answer ran out on ${iso(end)}` } : undefined;
}
