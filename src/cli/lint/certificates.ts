/**
 * Certificates in a file, held against their rules.
 *
 * @module
 */
import { readPem } from '../../asn1/pem.ts';
import { readIssuers } from '../../pki/aia.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { formatName } from '../../pki/name.ts';
import {
  CERTIFICATE_RULES,
  certificateSubject,
  lint,
  type Role,
  type RuleContext,
} from '../../rule/index.ts';
import { type Linted, unreadable } from './linted.ts';

/** DER, PEM, or a certs-only object with several. */
export function lintCertificates(file: string, bytes: Uint8Array, context: RuleContext): Linted[] {
  let certificates: readonly Certificate[];
  try {
    certificates = readIssuers(bytes);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const der = readPem(Buffer.from(bytes).toString('latin1'))[0]?.bytes ?? bytes;
    return [unreadable(file, 'certificate', error.message, der)];
  }
  return certificates.map((certificate) => lintCertificate(file, certificate, certificates, context));
}

/** @param as what the certificate is published as, where that is known */
export function lintCertificate(
  file: string,
  certificate: Certificate,
  known: readonly Certificate[],
  context: RuleContext,
  as?: Role,
): Linted {
  const subject = certificateSubject(certificate, { known, ...(as && { as }) });
  const names = [...certificate.emails, ...certificate.dnsNames].join(', ');
  return {
    file,
    kind: 'certificate',
    title: `${formatName(certificate.subject)}${names ? ` (${names})` : ''}`,
    sha256: certificate.sha256,
    results: lint(CERTIFICATE_RULES, subject, context),
  };
}
