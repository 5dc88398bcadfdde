import { type CertificateSpec, type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { keyPool } from '../../src/pki/keys.ts';

export const DAY = 86_400_000;
/** The instant that the tests run at. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');

const times = { notBefore: NOW - 30 * DAY, notAfter: NOW + 700 * DAY };

/** EC keys keep the tests quick; RSA where it matters. */
export const root = (CN: string, key = 0, spec: Partial<CertificateSpec> = {}): Issued =>
  issueCertificate({
    profile: 'root',
    subject: { O: 'Test', CN },
    key: keyPool.take('p256', key),
    issuer: 'self',
    ...times,
    ...spec,
  });

export const intermediate = (
  issuer: Issued,
  CN: string,
  key = 1,
  spec: Partial<CertificateSpec> = {},
): Issued =>
  issueCertificate({
    profile: 'intermediate',
    subject: { O: 'Test', CN },
    key: keyPool.take('p256', key),
    issuer,
    ...times,
    ...spec,
  });

/** An address-bound leaf with an RSA key. */
export const leaf = (issuer: Issued | 'self', email: string, spec: Partial<CertificateSpec> = {}): Issued =>
  issueCertificate({
    profile: 'address',
    subject: { O: 'Clinic', CN: email.split('@')[0]! },
    key: keyPool.take('rsa2048', 0),
    issuer,
    emails: [email],
    ...times,
    ...spec,
  });

/** An EC leaf: signing only, quick to make. */
export const ecLeaf = (issuer: Issued, email: string, spec: Partial<CertificateSpec> = {}): Issued =>
  leaf(issuer, email, { key: keyPool.take('p256', 7), ...spec });

export const anchorOf = (
  { certificate }: Issued,
  extra: Partial<import('../../src/pki/path/anchor.ts').Anchor> = {},
) => ({ name: certificate.subject, spki: certificate.spki, certificate, source: 'manual', ...extra });
