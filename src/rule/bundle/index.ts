/**
 * The rules of trust bundles. A rule is one file, and one line in this list.
 *
 * @module
 */
import type { Rule } from '../rule.ts';
import { anchorDuplicate } from './anchor-duplicate.ts';
import { anchorEarly } from './anchor-early.ts';
import { anchorExpired } from './anchor-expired.ts';
import { anchorExpiring } from './anchor-expiring.ts';
import { anchorList } from './anchor-list.ts';
import { anchorNegativeSerial } from './anchor-negative-serial.ts';
import { anchorNoCertSign } from './anchor-no-cert-sign.ts';
import { anchorNotCa } from './anchor-not-ca.ts';
import { anchorRevoked } from './anchor-revoked.ts';
import { anchorUnreadable } from './anchor-unreadable.ts';
import { anchorWeakKey } from './anchor-weak-key.ts';
import { anchorWeakSignature } from './anchor-weak-signature.ts';
import { concatenated } from './concatenated.ts';
import { distributionPoint } from './distribution-point.ts';
import { embeddedExtra } from './embedded-extra.ts';
import { encoding } from './encoding.ts';
import { metadataFault } from './metadata-fault.ts';
import { metadataSafe } from './metadata-safe.ts';
import { namedSigned } from './named-signed.ts';
import { notAuthenticated } from './not-authenticated.ts';
import { notEmpty } from './not-empty.ts';
import { readable } from './readable.ts';
import { signature } from './signature.ts';
import { signedNotPinned } from './signed-not-pinned.ts';
import { signerExpired } from './signer-expired.ts';
import type { BundleSubject } from './subject.ts';
import { trailing } from './trailing.ts';
import { unsorted } from './unsorted.ts';
import { validityAhead } from './validity-ahead.ts';
import { validityPassed } from './validity-passed.ts';

export const BUNDLE_RULES: readonly Rule<BundleSubject>[] = [
  readable,
  notEmpty,
  signature,
  metadataSafe,
  encoding,
  concatenated,
  trailing,
  unsorted,
  namedSigned,
  embeddedExtra,
  notAuthenticated,
  signedNotPinned,
  signerExpired,
  anchorUnreadable,
  anchorDuplicate,
  anchorExpired,
  anchorEarly,
  anchorExpiring,
  anchorNotCa,
  anchorNoCertSign,
  anchorWeakKey,
  anchorWeakSignature,
  anchorNegativeSerial,
  anchorRevoked,
  metadataFault,
  validityPassed,
  validityAhead,
  distributionPoint,
  anchorList,
];
