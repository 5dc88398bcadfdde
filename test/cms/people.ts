import type { Certificate } from '../../src/pki/certificate.ts';
import { type Issued, issueCertificate } from '../../src/pki/issue.ts';
import { type KeyKind, keyPool } from '../../src/pki/keys.ts';

/** When everything in these tests happens. */
export const NOW = Date.UTC(2026, 0, 5, 15, 0, 0);
const YEAR = 365 * 86_400_000;

const root = issueCertificate({
  profile: 'root',
  subject: { CN: 'Test Root', O: 'Example', C: 'US' },
  key: keyPool.take('rsa2048', 0),
  issuer: 'self',
  notBefore: NOW - YEAR,
  notAfter: NOW + YEAR,
});

export const rootCertificate: Certificate = root.certificate;

/** An end entity with its key; the same name and kind give the same key but a new certificate. */
export function person(name: string, kind: KeyKind = 'rsa2048', index = 1): Issued {
  return issueCertificate({
    profile: 'address',
    subject: { CN: name },
    key: keyPool.take(kind, index),
    issuer: root,
    notBefore: NOW - YEAR,
    notAfter: NOW + YEAR,
    emails: [`${name}@direct.a.example`],
  });
}

export const signerOf = (issued: Issued) => ({
  certificate: issued.certificate,
  privateKey: issued.key.privateKey,
});
