/**
 * Stage Digital signature: its form, its digest, its mathematics (REQ-AS-09, -17, -18, -19).
 *
 * @module
 */
import { smimeKind } from '../../../../mail/signed.ts';
import { cause } from '../../../../outcome/cause.ts';
import {
  digestsOf,
  micalgFault,
  namesProtocol,
  SIGNATURE_TYPE,
  weakDigests,
} from '../../../../rule/message/facts/signature.ts';
import type { Signature } from '../../letter.ts';
import { sentCheck } from './sent-check.ts';

export const sentSigned = sentCheck(
  'sent-signed',
  'Digital signature: multipart/signed of two parts with protocol application/pkcs7-signature',
  ({ entity }) => entity,
  (entity, { letter: { signature }, say, differs, seen }) => {
    const { type, parameters } = entity.contentType;
    const kind = smimeKind(entity);
    if (kind === undefined) say('fail', cause('crypto.not-signed', { found: type }));
    else if (kind !== 'multipart-signed') differs('fail', 'the signature', 'multipart/signed', type);
    else if ('missing' in signature)
      differs('fail', 'multipart/signed', 'content and signature', signature.missing);
    else if (!namesProtocol(entity))
      differs('fail', 'the protocol', SIGNATURE_TYPE, parameters['protocol'] ?? 'none');
    if ('value' in signature && signature.value.verdicts.length === 0)
      say('fail', cause('crypto.no-signers', {}));
    seen('the signature', `${type}; protocol=${parameters['protocol']}`);
  },
);

export const sentDigest = sentCheck(
  'sent-digest',
  'Digital signature: the digest is SHA-256, SHA-384 or SHA-512, and micalg says which',
  ({ signature }) => signature,
  (signature, { say, differs, seen }) => {
    for (const algorithm of weakDigests(signature.signed))
      say('fail', cause('crypto.digest-not-allowed', { algorithm }));
    const fault = micalgFault(signature);
    if (fault) differs('warn', fault.what, fault.expected, fault.found);
    seen('the digest', digestsOf(signature.signed).join(', '));
  },
);

/** A signer whose certificate did not come along cannot be verified. */
const withCertificates = (signature: Signature): Signature['verdicts'] =>
  signature.verdicts.filter(({ certificate }) => certificate !== undefined);

export const sentSignature = sentCheck(
  'sent-signature',
  'Digital signature: it verifies, and contentType and messageDigest are signed',
  ({ signature }) => {
    if ('missing' in signature) return signature;
    const verdicts = withCertificates(signature.value);
    return verdicts.length > 0
      ? { value: verdicts }
      : { missing: 'the certificate of the signer is not in the message' };
  },
  (verdicts, { say, seen }) => {
    for (const verdict of verdicts) {
      if (!verdict.ok) say('fail', verdict.cause);
      else if (!verdict.signer.signedAttributes) {
        say('fail', cause('crypto.attribute-missing', { attribute: 'contentType and messageDigest' }));
      } else
        seen('the signature', `verifies, made by ${verdict.certificate.subject.key || 'an unnamed signer'}`);
    }
  },
);

export const sentLineEnds = sentCheck(
  'sent-line-ends',
  'Digital signature: it verifies over the octets as they came, without repair of line ends',
  ({ signature }) => {
    if ('missing' in signature) return signature;
    const verified = signature.value.verdicts.filter((verdict) => verdict.ok);
    return verified.length > 0 ? { value: verified } : { missing: 'no signature verifies' };
  },
  (verified, { say, seen }) => {
    if (verified.some(({ repaired }) => repaired))
      say('warn', { code: 'noted.repaired-line-ends', params: {} });
    seen('line ends', 'signed as they came');
  },
);
