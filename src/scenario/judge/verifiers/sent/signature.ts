/**
 * Stage Digital signature: its form, its digest, its mathematics (REQ-AS-09, -17, -18, -19).
 *
 * @module
 */
import { digestOfMicalg } from '../../../../cms/digests.ts';
import { smimeKind } from '../../../../mail/signed.ts';
import { cause } from '../../../../outcome/cause.ts';
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
    else if (parameters['protocol']?.toLowerCase() !== 'application/pkcs7-signature') {
      differs('fail', 'the protocol', 'application/pkcs7-signature', parameters['protocol'] ?? 'none');
    }
    if ('value' in signature && signature.value.verdicts.length === 0)
      say('fail', cause('crypto.no-signers', {}));
    seen('the signature', `${type}; protocol=${parameters['protocol']}`);
  },
);

const STRONG: readonly string[] = ['sha256', 'sha384', 'sha512'];

export const sentDigest = sentCheck(
  'sent-digest',
  'Digital signature: the digest is SHA-256, SHA-384 or SHA-512, and micalg says which',
  ({ signature }) => signature,
  ({ signed: { signers }, detached }, { say, differs, seen }) => {
    const digests = signers.map(({ digestAlgorithm }) => digestAlgorithm.digest ?? digestAlgorithm.oid);
    const own = signers.flatMap(({ signatureAlgorithm }) => signatureAlgorithm.digest ?? []);
    for (const algorithm of new Set([...digests, ...own])) {
      if (!STRONG.includes(algorithm)) say('fail', cause('crypto.digest-not-allowed', { algorithm }));
    }
    if (detached) {
      const told = detached.micalg.map((token) => digestOfMicalg(token) ?? token);
      const used = [...new Set(digests)];
      if (used.some((digest) => !told.includes(digest)) || told.some((token) => !used.includes(token))) {
        differs('warn', 'micalg', used.join(', '), detached.micalg.join(', ') || 'none');
      }
    }
    seen('the digest', [...new Set(digests)].join(', '));
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
