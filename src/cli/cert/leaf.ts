/**
 * What is asked of the leaf itself, before any path: its time and whose it is.
 *
 * @module
 */
import { type Cause, cause } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Profile } from '../../pki/path/input.ts';

const SKEW = 300_000;

/** Clocks of two parties may differ by five minutes. */
export function timeCause({ notBefore, notAfter }: Certificate, at: number): Cause | undefined {
  if (at > notAfter + SKEW) return cause('cert.expired', { notAfter: new Date(notAfter).toISOString() });
  if (at < notBefore - SKEW)
    return cause('cert.not-yet-valid', { notBefore: new Date(notBefore).toISOString() });
  return undefined;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Whether the certificate belongs to the address, to the address's domain, or to the domain: by its alternative names
 * alone, exactly, without wildcards (REQ-AS-04, -05, -06, -08).
 */
export function bindingCause(certificate: Certificate, wanted: string, profile: Profile): Cause | undefined {
  const { emails, dnsNames, subjectEmails } = certificate;
  const domain = wanted.slice(wanted.lastIndexOf('@') + 1);
  const byAddress = wanted.includes('@') && emails.some((email) => same(email, wanted));
  if (!byAddress && !dnsNames.some((name) => same(name, domain))) {
    const found = [...emails, ...dnsNames].join(', ') || 'nobody (it has no usable alternative name)';
    return cause('cert.binding', { found, wanted });
  }
  const stranger = subjectEmails.find((email) => !same(email, wanted));
  return byAddress && stranger !== undefined && profile === '1.2'
    ? cause('cert.binding', { found: `${stranger} (in its subject)`, wanted })
    : undefined;
}
