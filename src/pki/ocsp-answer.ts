/**
 * An OCSP responder as a function: request octets in, response octets out (RFC 6960 §2, §4.2).
 *
 * @module
 */
import {
  bitString,
  type Der,
  encode,
  explicit,
  generalizedTime,
  implicit,
  octetString,
  oid,
  sequence,
} from '../asn1/write.ts';
import { type Digest, encodeSignatureAlgorithm, signatureAlgorithm } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import { type CrlReason, reasonNumber } from './crl-entries.ts';
import { PkiError } from './error.ts';
import { keyIdentifier } from './keys.ts';
import { type CertId, isOfIssuer, nonceExtension, OCSP } from './ocsp-id.ts';
import { parseOcspRequest } from './ocsp-request.ts';
import { OCSP_STATUSES, type OcspStatus } from './ocsp-response.ts';
import { kindOf, type Signatory, type Signing, signedAnywhere, signedHere } from './private-key.ts';

export interface Responder {
  /** Whose certificates it speaks of. */
  readonly issuer: Certificate;
  /** The issuer itself, or a delegate: certified by the issuer for OCSP signing. */
  readonly signer: Signatory;
  /** What is known of a serial number (`Certificate.serial`); undefined: never issued. */
  readonly status: (
    serial: string,
  ) => 'good' | { readonly at: number; readonly reason: CrlReason } | undefined;
  /** How long an answer holds, ms; `null`: newer information is always at hand, so no nextUpdate. */
  readonly validMs: number | null;
  /** Name the responder by its key (default) or by its subject. */
  readonly by?: 'key' | 'name';
  readonly digest?: Digest;
  /** Default true; false is for responders that sign ahead. */
  readonly echoNonce?: boolean;
}

/** An answer without content. */
export const ocspFailure = (status: Exclude<OcspStatus, 'successful'>): Der =>
  sequence(encode(0x0a, Uint8Array.of(OCSP_STATUSES.indexOf(status))));

/**
 * Answers a request; what is not a request is answered as such. A certificate of another issuer is `unknown`.
 *
 * @param at ms since 1970 UTC
 */
export const answerOcsp = (body: Uint8Array, responder: Responder, at: number): Der =>
  signedHere(answerOf(body, responder, at));

/** As `answerOcsp`, by a key wherever it is. @throws what the holder of the key says */
export const answerOcspAnywhere = (body: Uint8Array, responder: Responder, at: number): Promise<Der> =>
  signedAnywhere(answerOf(body, responder, at));

function* answerOf(body: Uint8Array, responder: Responder, at: number): Signing<Der> {
  let request: ReturnType<typeof parseOcspRequest>;
  try {
    request = parseOcspRequest(body);
  } catch (error) {
    if (error instanceof PkiError) return ocspFailure('malformedRequest');
    throw error;
  }
  if (request.critical.length > 0) return ocspFailure('malformedRequest');
  const { signer } = responder;
  const nonce = responder.echoNonce === false ? undefined : request.nonce;
  const tbs = sequence(
    responder.by === 'name'
      ? explicit(1, signer.certificate.subjectDer)
      : explicit(2, octetString(keyIdentifier(signer.certificate.spki))),
    generalizedTime(at),
    sequence(...request.ids.map((id) => single(id, responder, at))),
    ...(nonce ? [explicit(1, sequence(nonceExtension(nonce)))] : []),
  );
  const key = signer.key.privateKey;
  const algorithm = signatureAlgorithm(kindOf(key), { digest: responder.digest });
  const delegated = signer.certificate.sha256 !== responder.issuer.sha256;
  const basic = sequence(
    tbs,
    encodeSignatureAlgorithm(algorithm),
    bitString(yield { key, algorithm, data: tbs }),
    ...(delegated ? [explicit(0, sequence(signer.certificate.der))] : []),
  );
  return sequence(encode(0x0a, Uint8Array.of(0)), explicit(0, sequence(oid(OCSP.basic), octetString(basic))));
}

function single(id: CertId, responder: Responder, at: number): Der {
  const { issuer, validMs } = responder;
  const ours = isOfIssuer(id, { nameDer: issuer.subjectDer, spki: issuer.spki });
  return sequence(
    id.der,
    statusOf(ours ? responder.status(id.serial) : undefined),
    generalizedTime(at),
    ...(validMs === null ? [] : [explicit(0, generalizedTime(at + validMs))]),
  );
}

function statusOf(known: ReturnType<Responder['status']>): Der {
  if (known === undefined) return implicit(2, new Uint8Array(0));
  if (known === 'good') return implicit(0, new Uint8Array(0));
  const reason = encode(0x0a, Uint8Array.of(reasonNumber(known.reason)));
  // unspecified is left out, as in lists (RFC 5280 §5.3.1)
  return explicit(
    1,
    generalizedTime(known.at),
    ...(known.reason === 'unspecified' ? [] : [explicit(0, reason)]),
  );
}
