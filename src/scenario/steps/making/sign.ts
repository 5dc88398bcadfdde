/**
 * Signing a message of our own making, in every legal form and with every fault that a step asks for.
 *
 * @module
 */
import { encode, octetString, oid, sequence } from '../../../asn1/write.ts';
import { micalgToken } from '../../../cms/digests.ts';
import { OID } from '../../../cms/oids.ts';
import { type CmsSigner, type SignOptions, signData } from '../../../cms/sign.ts';
import { encodeBase64 } from '../../../mail/base64.ts';
import { multipart } from '../../../mail/compose.ts';
import { multipartSigned, opaqueSigned } from '../../../mail/wrap.ts';
import { writeCertsOnly } from '../../../pki/aia.ts';
import type { Delivery } from '../../deliver-schema.ts';
import type { StepContext } from '../step.ts';

/** @param content the entity to sign, in its exact octets */
export function signed(content: Uint8Array, delivery: Delivery, context: StepContext): Uint8Array {
  const faults = new Set(delivery.faults);
  const forms = new Set(delivery.forms);
  const { digest } = delivery;
  const boundary = `=_${context.random.uuid()}`;
  const signature = signatureOver(content, delivery, context);
  if (forms.has('opaque')) return opaqueSigned(signature);
  if (faults.has('three-parts')) {
    return composite(boundary, delivery, [STRANGER, content, signaturePart(signature)]);
  }
  if (faults.has('signature-first')) {
    return composite(boundary, delivery, [signaturePart(signature), content]);
  }
  const once = multipartSigned(content, signature, micalgToken(digest), boundary);
  if (!faults.has('signed-twice')) return once;
  const again = signatureOver(once, delivery, context);
  return multipartSigned(once, again, micalgToken(digest), `=_${context.random.uuid()}`);
}

const STRANGER = Buffer.from(
  'Content-Type: text/plain\r\n\r\nNobody signed this part, and it comes first.\r\n',
  'latin1',
);

const composite = (boundary: string, { digest }: Delivery, parts: readonly Uint8Array[]): Uint8Array =>
  multipart(
    'multipart/signed',
    { protocol: 'application/pkcs7-signature', micalg: micalgToken(digest) },
    boundary,
    parts,
  );

const signaturePart = (signature: Uint8Array): Uint8Array =>
  Buffer.concat([
    Buffer.from(
      'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\nContent-Transfer-Encoding: base64\r\n\r\n',
      'latin1',
    ),
    encodeBase64(signature),
  ]);

function signatureOver(
  content: Uint8Array,
  delivery: Delivery,
  { host, outside, case: caseId }: StepContext,
): Uint8Array {
  const faults = new Set(delivery.faults);
  const forms = new Set(delivery.forms);
  const signers = delivery.signers.map((role): CmsSigner => {
    const { certificate, key } = outside.signer(caseId, role);
    return {
      certificate,
      privateKey: key.privateKey,
      digest: delivery.digest,
      ...(forms.has('ski-signer') ? { by: 'ski' } : {}),
      ...(forms.has('pss') ? { pss: true } : {}),
    };
  });
  if (faults.has('no-signers')) return writeCertsOnly(signers.map(({ certificate }) => certificate));
  // The signature is right, for other content: a valid, trusted signer whose digest does not match.
  const about = faults.has('wrong-digest') ? Buffer.concat([content, Buffer.from('altered\r\n')]) : content;
  return signData(about, signers, {
    detached: !forms.has('opaque'),
    signerOrder: 'given',
    signingTime: host.now(),
    embedSigners: !faults.has('no-certificates'),
    ...berOf(delivery),
    ...attributesOf(delivery),
  });
}

function berOf({ forms }: Delivery): Pick<SignOptions, 'ber'> {
  if (forms.includes('ber-signature')) return { ber: true };
  return forms.includes('constructed-strings') ? { ber: 'constructed-strings' } : {};
}

const startsWith = (type: string) => {
  const head = Buffer.from(oid(type));
  return (attribute: Uint8Array): boolean => Buffer.from(attribute).includes(head);
};
const isContentType = startsWith(OID.contentType);

function attributesOf({ faults, forms, digest }: Delivery): Pick<SignOptions, 'attributes'> {
  if (faults.includes('no-content-type'))
    return { attributes: (given) => given.filter((one) => !isContentType(one)) };
  if (faults.includes('double-digest')) {
    const octets = { md5: 16, sha1: 20, sha256: 32, sha384: 48, sha512: 64 }[digest];
    const other = sequence(oid(OID.messageDigest), encode(0x31, octetString(new Uint8Array(octets))));
    return { attributes: (given) => [...given, other].toSorted(Buffer.compare) };
  }
  if (forms.includes('unsorted-attributes')) {
    return { attributes: (given) => given.toSorted(Buffer.compare).toReversed() };
  }
  return {};
}
