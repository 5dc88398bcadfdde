/**
 * The rules of Direct messages. A rule is one file, and one line in this list.
 *
 * @module
 */
import type { Rule } from '../rule.ts';
import { base64Lines } from './base64-lines.ts';
import { bodyReadable } from './body-readable.ts';
import { contentCipher } from './content-cipher.ts';
import { contextForm } from './context-form.ts';
import { contextPart } from './context-part.ts';
import { date } from './date.ts';
import { deliveryRequest } from './delivery-request.ts';
import { deliveryRequestTo } from './delivery-request-to.ts';
import { encrypted } from './encrypted.ts';
import { envelopeEnd } from './envelope-end.ts';
import { fieldsAscii } from './fields-ascii.ts';
import { fieldsOnce } from './fields-once.ts';
import { fileName } from './file-name.ts';
import { from } from './from.ts';
import { fromAgrees } from './from-agrees.ts';
import { keyTransport } from './key-transport.ts';
import { keyTransportOaep } from './key-transport-oaep.ts';
import { lineLength } from './line-length.ts';
import { messageId } from './message-id.ts';
import { micalg } from './micalg.ts';
import { mimeFields } from './mime-fields.ts';
import { mimeVersion } from './mime-version.ts';
import { noBcc } from './no-bcc.ts';
import { oaepDigests } from './oaep-digests.ts';
import { outerContext } from './outer-context.ts';
import { outerEncoding } from './outer-encoding.ts';
import { outerFields } from './outer-fields.ts';
import { outerSubject } from './outer-subject.ts';
import { outerType } from './outer-type.ts';
import { packageSubject } from './package-subject.ts';
import { recipientInfos } from './recipient-infos.ts';
import { recipientKeySize } from './recipient-key-size.ts';
import { recipients } from './recipients.ts';
import { recipientsAgree } from './recipients-agree.ts';
import { signatureDigest } from './signature-digest.ts';
import { signatureVerifies } from './signature-verifies.ts';
import { signed } from './signed.ts';
import { signedAttributes } from './signed-attributes.ts';
import { signedForm } from './signed-form.ts';
import { signedLineEnds } from './signed-line-ends.ts';
import { signedParts } from './signed-parts.ts';
import { signedProtocol } from './signed-protocol.ts';
import { signedSevenBit } from './signed-seven-bit.ts';
import { signerBinding } from './signer-binding.ts';
import { signerCertificate } from './signer-certificate.ts';
import { signerInForce } from './signer-in-force.ts';
import { signerKeySize } from './signer-key-size.ts';
import { signerUsage } from './signer-usage.ts';
import { signers } from './signers.ts';
import { smimeType } from './smime-type.ts';
import type { MessageSubject } from './subject.ts';
import { wrapped } from './wrapped.ts';
import { wrappedEncoding } from './wrapped-encoding.ts';

export const MESSAGE_RULES: readonly Rule<MessageSubject>[] = [
  encrypted,
  outerType,
  smimeType,
  outerEncoding,
  lineLength,
  base64Lines,
  fileName,
  from,
  recipients,
  date,
  messageId,
  mimeVersion,
  fieldsOnce,
  fieldsAscii,
  outerSubject,
  outerFields,
  noBcc,
  outerContext,
  contentCipher,
  recipientInfos,
  keyTransport,
  keyTransportOaep,
  oaepDigests,
  recipientKeySize,
  envelopeEnd,
  signed,
  signedForm,
  signedProtocol,
  signedParts,
  micalg,
  signatureDigest,
  signers,
  signerCertificate,
  signedAttributes,
  signatureVerifies,
  signedLineEnds,
  signedSevenBit,
  signerKeySize,
  signerBinding,
  signerUsage,
  signerInForce,
  wrapped,
  wrappedEncoding,
  fromAgrees,
  recipientsAgree,
  mimeFields,
  bodyReadable,
  packageSubject,
  deliveryRequest,
  deliveryRequestTo,
  contextPart,
  contextForm,
];
