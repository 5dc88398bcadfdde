/**
 * A certificate as rules see it: with what it is for, and its issuer where that is known.
 *
 * @module
 */
import { verifySignature } from '../../pki/algorithms.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { sameName } from '../../pki/name.ts';
import { EKU } from '../../pki/oids.ts';
import { defineRule, type Params, type Rule, type RuleContext, type RuleParts } from '../rule.ts';

export type Role =
  /** Of an address or a domain, for Direct mail. */
  | 'direct'
  /** Issues certificates. */
  | 'authority'
  /** For something else: TLS, signing lists, answers or bundles. */
  | 'service';

export interface CertificateSubject {
  readonly certificate: Certificate;
  readonly role: Role;
  readonly issuer?: Certificate;
}

/**
 * @param options.as what it is published or used as, where that is known
 * @param options.known certificates among which its issuer may be
 */
export function certificateSubject(
  certificate: Certificate,
  options: { readonly as?: Role; readonly known?: readonly Certificate[] } = {},
): CertificateSubject {
  const issuer = options.known?.find((other) => isIssuedBy(certificate, other));
  return { certificate, role: options.as ?? roleOf(certificate), ...(issuer && { issuer }) };
}

const MAIL: ReadonlySet<string> = new Set([EKU.emailProtection, EKU.any]);

function roleOf(certificate: Certificate): Role {
  const { isCa, keyUsage, eku, emails, dnsNames } = certificate;
  if (isCa || keyUsage?.has('keyCertSign')) return 'authority';
  if (emails.length > 0) return 'direct';
  if (eku && !eku.some((purpose) => MAIL.has(purpose))) return 'service';
  if (dnsNames.length > 0) return 'direct';
  const mails = keyUsage?.has('digitalSignature') || keyUsage?.has('keyEncipherment');
  return mails && eku ? 'direct' : keyUsage && !mails ? 'service' : 'direct';
}

function isIssuedBy(certificate: Certificate, other: Certificate): boolean {
  if (other.sha256 === certificate.sha256 || !sameName(certificate.issuer, other.subject)) return false;
  try {
    const { signature, tbs, signatureValue } = certificate;
    return verifySignature(signature, tbs, signatureValue, other.publicKey);
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

type Parts<P extends Params> = Omit<
  RuleParts<CertificateSubject, Certificate, P>,
  'items' | 'madeAt' | 'where' | 'check'
> & {
  /** Default: to every certificate. */
  readonly applies?: (subject: CertificateSubject) => boolean;
  /** What is wrong with the certificate. */
  readonly check: (
    certificate: Certificate,
    subject: CertificateSubject,
    context: RuleContext,
  ) => P | undefined;
};

export const certificateRule = <P extends Params>({
  applies,
  ...parts
}: Parts<P>): Rule<CertificateSubject> =>
  defineRule<CertificateSubject, Certificate, P>({
    ...parts,
    items: (subject) => (!applies || applies(subject) ? [subject.certificate] : []),
    madeAt: ({ certificate }) => certificate.notBefore,
  });

export const isDirect = ({ role }: CertificateSubject): boolean => role === 'direct';

export const isAuthority = ({ role }: CertificateSubject): boolean => role === 'authority';

/** Signed by its own key, as far as its names say. */
export const isSelfIssued = ({ certificate }: CertificateSubject): boolean =>
  sameName(certificate.subject, certificate.issuer);
