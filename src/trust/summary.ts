/**
 * Certificates and chains in the terms of a reader, for decisions.
 *
 * @module
 */
import type { Cause } from '../outcome/cause.ts';
import type { Certificate } from '../pki/certificate.ts';
import { formatName } from '../pki/name.ts';
import type { Anchor } from '../pki/path/anchor.ts';
import type { CertificateSummary, PathSummary } from './decision.ts';
import { iso } from './local-checks.ts';

export function summarize(certificate: Certificate): CertificateSummary {
  return {
    sha256: certificate.sha256,
    subject: formatName(certificate.subject),
    issuer: formatName(certificate.issuer),
    serial: certificate.serial,
    notBefore: iso(certificate.notBefore),
    notAfter: iso(certificate.notAfter),
    names: [...certificate.emails, ...certificate.dnsNames],
  };
}

/** A chain; without an anchor when it did not come so far. */
export const summarizePath = (
  path: { readonly certificates: readonly Certificate[]; readonly anchor?: Anchor },
  state: PathSummary['state'],
  reason?: Cause,
): PathSummary => ({
  certificates: path.certificates.map(summarize),
  ...(path.anchor && {
    anchor: {
      name: formatName(path.anchor.name),
      source: path.anchor.source,
      ...(path.anchor.certificate && { sha256: path.anchor.certificate.sha256 }),
    },
  }),
  state,
  ...(reason && { cause: reason }),
});
