/**
 * Which of several reasons is told first.
 *
 * @module
 */
import type { Cause, Code } from '../outcome/cause.ts';

/**
 * From the nearest miss to the farthest: the reason of the certificate that came closest to being used explains most
 * (wire-facts §3, hisp-behaviour §7).
 */
const NEAREST_FIRST: readonly (Code | 'trust')[] = [
  'cert.revocation-unknown',
  'cert.revoked',
  'cert.expired',
  'cert.not-yet-valid',
  'trust',
  'cert.policy',
  'cert.weak-signature',
  'cert.weak-key',
  'cert.ca-as-leaf',
  'cert.usage',
  'cert.binding',
  'cert.unparsable',
];

function rank(reason: Cause): number {
  const key = reason.code.startsWith('trust.') ? 'trust' : reason.code;
  const index = NEAREST_FIRST.indexOf(key);
  return index < 0 ? NEAREST_FIRST.length : index;
}

/** The reasons, nearest miss first, each once; equal ones stay in their order. */
export function nearestFirst(reasons: readonly Cause[]): Cause[] {
  const seen = new Set<string>();
  return reasons
    .toSorted((a, b) => rank(a) - rank(b))
    .filter((reason) => {
      const id = JSON.stringify(reason);
      return !seen.has(id) && seen.add(id);
    });
}
