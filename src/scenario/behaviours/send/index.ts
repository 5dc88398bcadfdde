/**
 * The behaviours of a system that sends.
 *
 * @module
 */
import { tripleDes } from './3des.ts';
import { badDigest } from './bad-digest.ts';
import { badDnOption } from './bad-dn-option.ts';
import { badMime } from './bad-mime.ts';
import { bareParams } from './bare-params.ts';
import { bccLeak } from './bcc-leak.ts';
import { cleartext } from './cleartext.ts';
import { cleartextFallback } from './cleartext-fallback.ts';
import { encryptsSignOnly } from './encrypts-sign-only.ts';
import { envelopeMismatch } from './envelope-mismatch.ts';
import { gcm } from './gcm.ts';
import { leaksSubject } from './leaks-subject.ts';
import { lfSigned } from './lf-signed.ts';
import { micalgLie } from './micalg-lie.ts';
import { noSignerCert } from './no-signer-cert.ts';
import { noSubject } from './no-subject.ts';
import { oneLineBase64 } from './one-line-base64.ts';
import { opaque } from './opaque.ts';
import { outerInnerDiffer } from './outer-inner-differ.ts';
import { pkcs1 } from './pkcs1.ts';
import { repeatId } from './repeat-id.ts';
import { sha1 } from './sha1.ts';
import { smallKey } from './small-key.ts';
import { staleCert } from './stale-cert.ts';
import { unsigned } from './unsigned.ts';
import { unwrapped } from './unwrapped.ts';
import { wildcardSigner } from './wildcard-signer.ts';
import { wrongCek } from './wrong-cek.ts';
import { wrongSigner } from './wrong-signer.ts';

export const sendBehaviours = [
  tripleDes,
  badDigest,
  badDnOption,
  badMime,
  bareParams,
  bccLeak,
  cleartextFallback,
  cleartext,
  encryptsSignOnly,
  envelopeMismatch,
  gcm,
  leaksSubject,
  lfSigned,
  micalgLie,
  noSignerCert,
  noSubject,
  oneLineBase64,
  opaque,
  outerInnerDiffer,
  pkcs1,
  repeatId,
  sha1,
  smallKey,
  staleCert,
  unsigned,
  unwrapped,
  wildcardSigner,
  wrongCek,
  wrongSigner,
] as const;
