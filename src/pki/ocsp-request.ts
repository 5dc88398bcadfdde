/**
 * OCSP requests (RFC 6960 §4.1): one question for each certificate, and perhaps a nonce.
 *
 * @module
 */
import { children, expect, is, isContext, type Node, readAsn1, TAG } from '../asn1/read.ts';
import { type Der, explicit, octetString, sequence } from '../asn1/write.ts';
import type { Digest } from './algorithms.ts';
import { PkiError, reading } from './error.ts';
import { readExtensions } from './extensions.ts';
import { type CertId, encodeCertId, type IssuerId, nonceExtension, nonceOf, readCertId } from './ocsp-id.ts';

export interface OcspRequest {
  readonly ids: readonly CertId[];
  /** Octets of the nonce extension, as they stand. */
  readonly nonce?: Uint8Array;
  /** Critical extensions; none is known to us. */
  readonly critical: readonly string[];
}

const OCTETS = 64 * 1024;
const QUESTIONS = 100;

/**
 * One request.
 *
 * @param serials whole INTEGERs, as `Certificate.serialDer`
 * @param options.nonce fresh octets: the answer has to repeat them
 */
export function encodeOcspRequest(
  issuer: IssuerId,
  serials: readonly Uint8Array[],
  options: { readonly digest?: Digest; readonly nonce?: Uint8Array } = {},
): Der {
  const questions = serials.map((serial) => sequence(encodeCertId(issuer, serial, options.digest)));
  const extensions = options.nonce ? [explicit(2, sequence(nonceExtension(octetString(options.nonce))))] : [];
  return sequence(sequence(sequence(...questions), ...extensions));
}

/** A signature on the request is not looked at: our answers do not depend on who asks. @throws {PkiError} */
export function parseOcspRequest(body: Uint8Array): OcspRequest {
  if (body.length > OCTETS) throw new PkiError('limit', `an OCSP request of ${body.length} octets`);
  return reading('OCSP request', 'structure', () => {
    const [tbs] = children(expect(readAsn1(body), TAG.sequence, 'OCSPRequest'));
    const fields = children(expect(tbs, TAG.sequence, 'tbsRequest'));
    const list = fields.find((node): node is Node => is(node, TAG.sequence));
    const questions = children(expect(list, TAG.sequence, 'requestList'));
    if (questions.length === 0 || questions.length > QUESTIONS)
      throw new PkiError('limit', `an OCSP request with ${questions.length} questions`);
    const wrapped = fields.find((node) => isContext(node, 2));
    const extensions = wrapped ? readExtensions(children(wrapped)[0]!) : [];
    const nonce = nonceOf(extensions);
    return {
      ids: questions.map((one) => readCertId(children(expect(one, TAG.sequence, 'Request'))[0])),
      ...(nonce && { nonce }),
      critical: extensions.filter((one) => one.critical && one.value !== nonce).map((one) => one.oid),
    };
  });
}

/** Where to GET the answer (RFC 6960 §A.1); only right for short requests, which one question is. */
export const ocspGetUrl = (url: string, request: Uint8Array): string =>
  `${url.replace(/\/$/, '')}/${encodeURIComponent(Buffer.from(request).toString('base64'))}`;

/** The request in the path of such a GET; undefined when it is none. @param path behind the responder's own, or whole */
export function requestOfPath(path: string): Uint8Array | undefined {
  let text: string;
  try {
    text = decodeURIComponent(path.replace(/^\/+/, ''));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
  // some clients do not escape the slashes of base64, so what stands before the first octet is found by its tag
  const start = text.search(/(^|\/)M[A-Za-z0-9+/]{10,}={0,2}$/);
  if (start < 0) return undefined;
  return Buffer.from(text.slice(text[start] === '/' ? start + 1 : start), 'base64');
}
