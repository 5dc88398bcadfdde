/**
 * Floors for keys and signature algorithms (REQ-AS-19, -20, -21; AS 1.3 §2.8).
 *
 * @module
 */
import type { Digest, SignatureAlgorithm } from '../algorithms.ts';
import type { KeyFacts } from '../key-facts.ts';
import type { Profile } from './input.ts';

interface Floor {
  readonly rsaBits: number;
  readonly ecBits: number;
  readonly digests: readonly Digest[];
  /** Edwards curves and others: not in the Applicability Statements. */
  readonly otherKeys: boolean;
}

const FLOORS: Readonly<Record<Profile, Floor>> = {
  '1.3': { rsaBits: 2048, ecBits: 256, digests: ['sha256', 'sha384', 'sha512'], otherKeys: false },
  '1.2': { rsaBits: 1024, ecBits: 256, digests: ['sha1', 'sha256', 'sha384', 'sha512'], otherKeys: false },
  permissive: {
    rsaBits: 0,
    ecBits: 0,
    digests: ['md5', 'sha1', 'sha256', 'sha384', 'sha512'],
    otherKeys: true,
  },
};

/** Whether a key of this kind and size may be used. */
export function keyIsStrong(key: KeyFacts, profile: Profile): boolean {
  const floor = FLOORS[profile];
  if (key.kind === 'rsa') return key.bits >= floor.rsaBits;
  if (key.kind === 'ec') return key.bits >= floor.ecBits;
  return floor.otherKeys;
}

/** Whether a signature by this algorithm counts. */
export function signatureIsStrong(algorithm: SignatureAlgorithm, profile: Profile): boolean {
  const floor = FLOORS[profile];
  if (algorithm.scheme === 'eddsa') return floor.otherKeys;
  if (algorithm.scheme === 'dsa' && !floor.otherKeys) return false;
  return algorithm.digest !== undefined && floor.digests.includes(algorithm.digest);
}

/** For texts: `RSA`, `EC P-256`. */
export const keyName = (key: KeyFacts): string =>
  key.kind === 'ec' ? `EC ${key.curve ?? ''}`.trim() : key.kind === 'rsa' ? 'RSA' : key.kind;
