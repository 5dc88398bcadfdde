/**
 * Trust decided right: the checks in order, from what a certificate says of itself to what others say of it. The
 * first that refuses gives the reason of the certificate.
 *
 * @module
 */
import { readIssuers } from '../pki/aia.ts';
import { createRevocationCache } from '../pki/revocation.ts';
import type { NamedCheck } from './check.ts';
import {
  bindingCheck,
  caCheck,
  parseCheck,
  referenceBinding,
  strengthCheck,
  timeCheck,
  usageCheck,
} from './local-checks.ts';
import { pathCheck, REFERENCE_PATH_CHECKS } from './path-check.ts';
import { referenceRevocation, revocationCheck } from './revocation-check.ts';
import { digestCheck, signatureCheck } from './signature-checks.ts';
import type { IssuerParts, TrustCache } from './sources.ts';

/** Of a certificate that somebody published. */
export const candidateChecks: readonly NamedCheck[] = [
  parseCheck,
  bindingCheck(referenceBinding),
  usageCheck,
  caCheck,
  strengthCheck,
  timeCheck,
  pathCheck(REFERENCE_PATH_CHECKS),
  revocationCheck(referenceRevocation),
];

/** Of a certificate that signed a message. */
export const signerChecks: readonly NamedCheck[] = [signatureCheck, digestCheck, ...candidateChecks];

/** Every http URL of AIA, every form of body (wire-facts §10). */
export const referenceIssuers: IssuerParts = {
  urls: (certificate) => certificate.caIssuersUrls.filter((url) => /^https?:/i.test(url)),
  read: readIssuers,
};

export const createTrustCache = (): TrustCache => ({
  revocation: createRevocationCache(),
  issuers: new Map(),
});
