/**
 * What the mathematics of a signature came to, as checks of its signer.
 *
 * @module
 */
import { type Cause, cause } from '../outcome/cause.ts';
import { fail, type NamedCheck, pass } from './check.ts';
import type { Profile } from './decision.ts';

/** What is known of the signature that a certificate made. */
export interface SignatureFacts {
  /** Names of the digests that it stands on, `sha256`; another text for one that we do not know. */
  readonly digests: readonly string[];
  /** Why it does not verify; undefined when it does. */
  readonly broken?: Cause;
}

/** The digest fits the content, and the signature fits the key. */
export const signatureCheck: NamedCheck = {
  name: 'signature',
  reach: 'local',
  check: ({ signature }) => (signature?.broken ? fail(signature.broken) : pass),
};

const SHA2 = ['sha256', 'sha384', 'sha512'];
/** REQ-AS-19: SHA-1 was still listed in 1.2. */
const ALLOWED: Readonly<Record<Profile, readonly string[]>> = {
  '1.3': SHA2,
  '1.2': [...SHA2, 'sha1'],
  permissive: [...SHA2, 'sha1', 'md5'],
};

/** The first of the digests that is not good enough under the profile. */
export const weakDigest = (digests: readonly string[], profile: Profile): string | undefined =>
  digests.find((digest) => !ALLOWED[profile].includes(digest));

export const digestCheck: NamedCheck = {
  name: 'digest',
  reach: 'local',
  check: ({ signature, profile }) => {
    const weak = weakDigest(signature?.digests ?? [], profile);
    return weak === undefined ? pass : fail(cause('crypto.digest-not-allowed', { algorithm: weak }));
  },
};
