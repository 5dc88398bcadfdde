/**
 * Further behaviours of a system that receives: what it does with forms, envelopes, keys and limits.
 *
 * @module
 */
import { tripleDesOk } from './3des-ok.ts';
import { aes128Only } from './aes128-only.ts';
import { aiaAnyScheme } from './aia-any-scheme.ts';
import { altersPayload } from './alters-payload.ts';
import { dedupeById } from './dedupe-by-id.ts';
import { derOnly } from './der-only.ts';
import { displayName } from './display-name.ts';
import { dropsOldKey } from './drops-old-key.ts';
import { exactType } from './exact-type.ts';
import { firstFrom } from './first-from.ts';
import { fromIsMailFrom } from './from-is-mail-from.ts';
import { globalTrust } from './global-trust.ts';
import { issuerSerialOnly } from './issuer-serial-only.ts';
import { lastPartWins } from './last-part-wins.ts';
import { noDedupe } from './no-dedupe.ts';
import { noEnvelopeCheck } from './no-envelope-check.ts';
import { noLimits } from './no-limits.ts';
import { noOpaque } from './no-opaque.ts';
import { noQpWrap } from './no-qp-wrap.ts';
import { oaepStrict } from './oaep-strict.ts';
import { outerHeaders } from './outer-headers.ts';
import { rewritesBody } from './rewrites-body.ts';
import { rsaOnly } from './rsa-only.ts';
import { showsUnverified } from './shows-unverified.ts';
import { strictPurpose } from './strict-purpose.ts';
import { unsignedOk } from './unsigned-ok.ts';

export const receivingBehaviours = [
  tripleDesOk,
  aes128Only,
  altersPayload,
  displayName,
  firstFrom,
  fromIsMailFrom,
  aiaAnyScheme,
  dedupeById,
  derOnly,
  dropsOldKey,
  exactType,
  globalTrust,
  issuerSerialOnly,
  lastPartWins,
  noDedupe,
  noEnvelopeCheck,
  noLimits,
  noOpaque,
  noQpWrap,
  oaepStrict,
  outerHeaders,
  rewritesBody,
  rsaOnly,
  showsUnverified,
  strictPurpose,
  unsignedOk,
] as const;
