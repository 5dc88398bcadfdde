/**
 * OCSP responses as they are met (RFC 6960 §4.2): read, not judged.
 *
 * @module
 */
import { children, content, expect, is, isContext, type Node, raw, readAsn1, TAG } from '../asn1/read.ts';
import { readOctetString, readOid, readTime } from '../asn1/values.ts';
import { readSignatureAlgorithm, readSignatureValue, type SignatureAlgorithm } from './algorithms.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { type CrlReason, reasonOf } from './crl-entries.ts';
import { PkiError, reading } from './error.ts';
import { type Extension, readExtensions } from './extensions.ts';
import { type Name, readName } from './name.ts';
import { type CertId, nonceOf, OCSP, readCertId } from './ocsp-id.ts';

/** By number (RFC 6960 §4.2.1); 4 is not used. */
export const OCSP_STATUSES = [
  'successful',
  'malformedRequest',
  'internalError',
  'tryLater',
  'unused',
  'sigRequired',
  'unauthorized',
] as const;

export type OcspStatus = (typeof OCSP_STATUSES)[number];

export type CertStatus =
  | { readonly status: 'good' | 'unknown' }
  | { readonly status: 'revoked'; readonly at: number; readonly reason: CrlReason };

export interface SingleResponse {
  readonly id: CertId;
  readonly certificate: CertStatus;
  /** ms since 1970 UTC. */
  readonly thisUpdate: number;
  readonly nextUpdate?: number;
  readonly critical: readonly string[];
}

export interface BasicResponse {
  readonly responder: { readonly name: Name } | { readonly keyHash: Uint8Array };
  /** ms since 1970 UTC. */
  readonly producedAt: number;
  readonly responses: readonly SingleResponse[];
  readonly nonce?: Uint8Array;
  readonly critical: readonly string[];
  readonly signature: SignatureAlgorithm;
  readonly tbs: Uint8Array;
  readonly signatureValue: Uint8Array;
  /** Those that came along and can be read. */
  readonly certificates: readonly Certificate[];
}

export type OcspResponse =
  | { readonly status: 'successful'; readonly basic: BasicResponse }
  | { readonly status: Exclude<OcspStatus, 'successful'> };

const OCTETS = 256 * 1024;
const ANSWERS = 1000;
const CERTIFICATES = 20;

/** @throws {PkiError} */
export function parseOcspResponse(body: Uint8Array): OcspResponse {
  if (body.length > OCTETS) throw new PkiError('limit', `an OCSP response of ${body.length} octets`);
  return reading('OCSP response', 'structure', () => {
    const [code, wrapped] = children(
      expect(readAsn1(body, { trailing: 'allow' }), TAG.sequence, 'OCSPResponse'),
    );
    const number = content(expect(code, TAG.enumerated, 'responseStatus'))[0] ?? 255;
    const status = OCSP_STATUSES[number];
    if (!status) throw new PkiError('structure', `OCSP response status ${number}`);
    if (status !== 'successful') return { status };
    const bytes = children(expect(wrapped, 0, 'responseBytes', 'context'))[0];
    const [type, response] = children(expect(bytes, TAG.sequence, 'responseBytes'));
    if (readOid(type) !== OCSP.basic)
      throw new PkiError('structure', `an OCSP response of type ${readOid(type)}`);
    return { status, basic: readBasic(readAsn1(readOctetString(response, 'response'))) };
  });
}

function readBasic(node: Node): BasicResponse {
  const [tbs, algorithm, signature, wrapped] = children(expect(node, TAG.sequence, 'BasicOCSPResponse'));
  const fields = [...children(expect(tbs, TAG.sequence, 'tbsResponseData'))];
  if (isContext(fields[0], 0)) fields.shift();
  const [responder, producedAt, list, more] = fields;
  const answers = children(expect(list, TAG.sequence, 'responses'));
  if (answers.length > ANSWERS) throw new PkiError('limit', `${answers.length} answers in one OCSP response`);
  const extensions = extensionsOf(more, 1);
  const nonce = nonceOf(extensions);
  return {
    responder: readResponder(responder),
    producedAt: readTime(producedAt, 'producedAt'),
    responses: answers.map(readSingle),
    ...(nonce && { nonce }),
    critical: criticalOf(extensions.filter((one) => one.value !== nonce)),
    signature: readSignatureAlgorithm(algorithm),
    tbs: raw(tbs!),
    signatureValue: readSignatureValue(signature),
    certificates: wrapped ? readCertificates(expect(wrapped, 0, 'certs', 'context')) : [],
  };
}

function readResponder(node: Node | undefined): BasicResponse['responder'] {
  if (isContext(node, 1)) return { name: readName(children(node)[0], 'responder name') };
  const key = children(expect(node, 2, 'responderID', 'context'))[0];
  return { keyHash: readOctetString(key, 'responder key') };
}

function readSingle(node: Node): SingleResponse {
  const [id, status, thisUpdate, ...rest] = children(expect(node, TAG.sequence, 'SingleResponse'));
  const next = rest.find((part) => isContext(part, 0));
  const extensions = extensionsOf(
    rest.find((part) => isContext(part, 1)),
    1,
  );
  return {
    id: readCertId(id),
    certificate: readStatus(status),
    thisUpdate: readTime(thisUpdate, 'thisUpdate'),
    ...(next && { nextUpdate: readTime(children(next)[0], 'nextUpdate') }),
    critical: criticalOf(extensions),
  };
}

function readStatus(node: Node | undefined): CertStatus {
  if (isContext(node, 0)) return { status: 'good' };
  if (isContext(node, 2)) return { status: 'unknown' };
  const [at, reason] = children(expect(node, 1, 'certStatus', 'context'));
  const number = reason ? content(expect(children(reason)[0], TAG.enumerated, 'reason'))[0] : 0;
  return { status: 'revoked', at: readTime(at, 'revocationTime'), reason: reasonOf(number ?? 0) };
}

const extensionsOf = (node: Node | undefined, tag: number): Extension[] =>
  isContext(node, tag) ? readExtensions(children(node)[0]!) : [];

const criticalOf = (extensions: readonly Extension[]): string[] =>
  extensions.filter((one) => one.critical).map((one) => one.oid);

/** One that cannot be read cannot have signed the response either. */
function readCertificates(node: Node): Certificate[] {
  const list = children(expect(children(node)[0], TAG.sequence, 'certs'));
  if (list.length > CERTIFICATES)
    throw new PkiError('limit', `${list.length} certificates in one OCSP response`);
  return list.flatMap((one) => {
    if (!is(one, TAG.sequence)) return [];
    try {
      return [parseCertificate(raw(one))];
    } catch (error) {
      if (error instanceof PkiError) return [];
      throw error;
    }
  });
}
