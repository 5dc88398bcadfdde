/**
 * The checks of the send suite, in the order of its stages.
 *
 * @module
 */
import { sentPublished, sentRepeat } from './afterwards.ts';
import {
  sentBase64,
  sentCipher,
  sentDecrypts,
  sentEncrypted,
  sentKeyTransport,
  sentRecipients,
} from './encryption.ts';
import { sentEnvelope, sentNames, sentOuter } from './outside.ts';
import { sentDigest, sentLineEnds, sentSignature, sentSigned } from './signature.ts';
import { sentCertificate, sentSigner } from './signer.ts';
import { sentHeaders, sentMime, sentRequest, sentSubject, sentWrapped } from './wrapped.ts';

export const sentChecks = [
  sentEncrypted,
  sentBase64,
  sentCipher,
  sentKeyTransport,
  sentRecipients,
  sentDecrypts,
  sentNames,
  sentOuter,
  sentEnvelope,
  sentSigned,
  sentDigest,
  sentSignature,
  sentCertificate,
  sentSigner,
  sentLineEnds,
  sentWrapped,
  sentHeaders,
  sentMime,
  sentSubject,
  sentRequest,
  sentPublished,
  sentRepeat,
] as const;
