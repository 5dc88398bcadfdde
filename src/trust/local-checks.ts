/**
 * What a certificate says about itself: whose it is, what for, how strong, for how long.
 *
 * @module
 */
import { cause } from '../outcome/cause.ts';
import type { Finding } from '../outcome/check.ts';
import type { Certificate } from '../pki/certificate.ts';
import { keyIsStrong, keyName, signatureIsStrong } from '../pki/path/strength.ts';
import { type CheckContext, type CheckOutcome, fail, type NamedCheck, pass } from './check.ts';
import type { Profile } from './decision.ts';

/** Clocks of two parties may differ by this much (hisp-behaviour §4), ms. */
export const CLOCK_SKEW = 5 * 60_000;

type LocalCheck = (certificate: Certificate, context: CheckContext) => CheckOutcome;

/** A local check; a certificate that cannot be read has nothing to look at, and `parse` says so. */
const local = (name: string, check: LocalCheck): NamedCheck => ({
  name,
  reach: 'local',
  check: (context) => (context.certificate ? check(context.certificate, context) : pass),
});

export const parseCheck: NamedCheck = {
  name: 'parse',
  reach: 'local',
  check: ({ certificate, unreadable }) =>
    certificate ? pass : fail(cause('cert.unparsable', { why: unreadable ?? 'no certificate' })),
};

/** How names are compared, and which of a certificate's names count. */
export interface BindingRules {
  readonly addresses: (certificate: Certificate) => readonly string[];
  readonly domains: (certificate: Certificate) => readonly string[];
  readonly same: (found: string, wanted: string) => boolean;
  /** Whether an emailAddress in the subject that disagrees refuses the certificate. */
  readonly subjectCounts: (profile: Profile) => boolean;
}

/** All subject alternative names, in any case; the subject never binds (REQ-AS-04, -05, -08, REQ-DNS-14). */
export const referenceBinding: BindingRules = {
  addresses: (certificate) => certificate.emails,
  domains: (certificate) => certificate.dnsNames,
  same: (found, wanted) => found.toLowerCase() === wanted.toLowerCase(),
  subjectCounts: (profile) => profile === '1.2',
};

/** Whether the certificate belongs to the address, or else to its domain: exact, without wildcards (REQ-AS-06). */
export const bindingCheck = (rules: BindingRules): NamedCheck =>
  local('binding', (certificate, { wanted, profile }) => {
    const addresses = rules.addresses(certificate);
    const domains = rules.domains(certificate);
    const byAddress = addresses.some((found) => rules.same(found, wanted.address));
    if (!byAddress && !domains.some((found) => rules.same(found, wanted.domain))) {
      const found = [...addresses, ...domains].join(', ') || 'nobody (it has no usable alternative name)';
      return fail(cause('cert.binding', { found, wanted: wanted.address }));
    }
    const stranger = certificate.subjectEmails.find((email) => !rules.same(email, wanted.address));
    if (byAddress && stranger !== undefined && rules.subjectCounts(profile)) {
      return fail(cause('cert.binding', { found: `${stranger} (in its subject)`, wanted: wanted.address }));
    }
    const names = [...certificate.emails, ...certificate.dnsNames];
    return {
      state: 'pass',
      notes: [
        ...(byAddress && stranger !== undefined
          ? [finding('noted.subject-email', { subject: stranger, wanted: wanted.address }, 'REQ-AS-05')]
          : []),
        ...(names.length > 1 ? [finding('noted.several-names', { names }, 'REQ-AS-07')] : []),
      ],
    };
  });

const finding = (code: string, params: object, ...cites: string[]): Finding =>
  ({ code, params, level: 'warn', cites, evidence: [] }) as unknown as Finding;

const EMAIL_PURPOSES = new Set(['1.3.6.1.5.5.7.3.4', '2.5.29.37.0']);
const USE = {
  encrypt: { bit: 'keyEncipherment', wanted: 'encryption' },
  sign: { bit: 'digitalSignature', wanted: 'signing' },
} as const;

/** Key usage by purpose (REQ-AS-41); absent says both. An EC key can sign, but nobody can encrypt to it (REQ-AS-21). */
export const usageCheck: NamedCheck = local('usage', (certificate, { use }) => {
  const { bit, wanted } = USE[use];
  const refuse = (found: string) => fail(cause('cert.usage', { found, wanted }));
  if (certificate.keyUsage && !certificate.keyUsage.has(bit)) {
    return refuse([...certificate.keyUsage].join(', ') || 'nothing');
  }
  if (use === 'encrypt' && certificate.key.kind !== 'rsa')
    return refuse(`signing, with a ${certificate.key.kind} key`);
  if (certificate.eku && !certificate.eku.some((purpose) => EMAIL_PURPOSES.has(purpose))) {
    return refuse(`the purposes ${certificate.eku.join(', ')}, not mail`);
  }
  return certificate.keyUsage
    ? pass
    : { state: 'pass', notes: [finding('noted.no-key-usage', {}, 'REQ-CERT-03')] };
});

/** A CA certificate is nobody's own (REQ-CERT-05). */
export const caCheck: NamedCheck = local('ca', (certificate) =>
  certificate.isCa ? fail(cause('cert.ca-as-leaf', {})) : pass,
);

/** Floors of the profile for the certificate's own key and signature (REQ-AS-19, -20); `path` asks the CAs' ones. */
export const strengthCheck: NamedCheck = local('strength', ({ key, signature }, { profile }) => {
  if (!keyIsStrong(key, profile))
    return fail(cause('cert.weak-key', { bits: key.bits, algorithm: keyName(key) }));
  if (!signatureIsStrong(signature, profile)) {
    return fail(cause('cert.weak-signature', { algorithm: signature.name }));
  }
  return pass;
});

/** REQ-AS-30; both ends with the allowed skew. */
export const timeCheck: NamedCheck = local('time', ({ notBefore, notAfter }, { at }) => {
  if (at > notAfter + CLOCK_SKEW) return fail(cause('cert.expired', { notAfter: iso(notAfter) }));
  if (at < notBefore - CLOCK_SKEW) return fail(cause('cert.not-yet-valid', { notBefore: iso(notBefore) }));
  return pass;
});

const LATEST = 8.64e15;
/** ISO 8601 UTC of a time in ms. */
export const iso = (ms: number): string => new Date(Math.max(-LATEST, Math.min(LATEST, ms))).toISOString();
