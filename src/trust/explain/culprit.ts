/**
 * Where along a chain its reason lies.
 *
 * @module
 */
import type { PathSummary } from '../decision.ts';

/**
 * The certificate that is at fault, by its place from the leaf upwards (one past the last is the anchor), or the link
 * from a certificate to its issuer.
 */
export interface Culprit {
  readonly node?: number;
  readonly edge?: number;
}

/** Of a path that is not good; undefined when the fault is none of its members', but that they lead nowhere. */
export function culpritOf({
  certificates,
  anchor,
  state,
  cause: reason,
  revocation,
}: PathSummary): Culprit | undefined {
  if (state === 'pass' || !reason) return undefined;
  const last = certificates.length - 1;
  switch (reason.code) {
    case 'trust.anchor-expired':
      return { node: certificates.length };
    case 'cert.revocation-unknown': {
      const open = revocation?.findIndex((one) => one.state === 'unknown') ?? -1;
      return { node: Math.max(0, open) };
    }
    case 'trust.constraint': {
      const { subject, which } = reason.params;
      const found = certificates.findIndex((certificate) => certificate.subject === subject);
      if (/signature does not verify/.test(which)) return { edge: found < 0 ? last : found };
      return { node: found < 0 ? certificates.length : found };
    }
    case 'trust.no-path':
    case 'trust.aia-failed': {
      const tip = certificates[last];
      // a root that nobody here trusts is the end itself
      return !anchor && tip && tip.subject === tip.issuer ? { node: last } : undefined;
    }
    default:
      return { node: 0 };
  }
}
