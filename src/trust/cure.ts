/**
 * What would make it pass: one sentence for each reason that a trust decision can end with.
 *
 * @module
 */
import type { Cause, CauseParams, Code } from '../outcome/cause.ts';
import type { Cure } from './decision.ts';

/** Who is who in the decision. */
export interface Parties {
  /** The address that the certificate is wanted for. */
  readonly address: string;
  /** The domain that publishes the certificate or signs with it. */
  readonly publisher: string;
  /** The domain whose anchors count. */
  readonly truster: string;
  readonly use: 'encrypt' | 'sign';
}

interface Advice<C extends Code> {
  readonly who: Cure['who'];
  readonly text: (params: CauseParams[C], parties: Parties) => string;
}

const renew = (parties: Parties, how: string): string =>
  `${parties.publisher} ${parties.use === 'encrypt' ? 'publishes' : 'signs with'} a certificate for ${parties.address} ${how}`;

const ADVICE: { readonly [C in Code]?: Advice<C> } = {
  'cert.expired': {
    who: 'publisher',
    text: (_, who) => renew(who, 'that has not expired, and takes the old one away'),
  },
  'cert.not-yet-valid': {
    who: 'publisher',
    text: (p, who) => renew(who, `that is valid now, or both wait until ${p.notBefore.slice(0, 10)}`),
  },
  'cert.revoked': {
    who: 'publisher',
    text: (_, who) => renew(who, 'that is not revoked, and takes the old one away'),
  },
  'cert.revocation-unknown': {
    who: 'authority',
    text: (p) =>
      p.url === ''
        ? 'the certificate authority issues certificates that name a revocation list that can be fetched'
        : `the certificate authority makes a current revocation list available at ${p.url}`,
  },
  'cert.binding': {
    who: 'publisher',
    text: (_, who) => renew(who, `whose alternative name is ${who.address} (or the domain ${who.publisher})`),
  },
  'cert.usage': { who: 'publisher', text: (p, who) => renew(who, `whose key usage allows ${p.wanted}`) },
  'cert.weak-key': { who: 'publisher', text: (_, who) => renew(who, 'with an RSA key of 2048 bits or more') },
  'cert.weak-signature': {
    who: 'publisher',
    text: (_, who) => renew(who, 'that is signed with SHA-256 or stronger'),
  },
  'cert.ca-as-leaf': { who: 'publisher', text: (_, who) => renew(who, 'that is not a CA certificate') },
  'cert.policy': { who: 'publisher', text: (p, who) => renew(who, `that meets ${p.name}`) },
  'cert.unparsable': {
    who: 'publisher',
    text: (_, who) => renew(who, 'in its DER encoding, without anything around it'),
  },
  'trust.no-anchors': {
    who: 'truster',
    text: (p) => `${p.domain} takes a trust bundle, or an anchor, for ${p.direction} mail`,
  },
  'trust.no-path': {
    who: 'truster',
    text: (p, who) =>
      `${p.domain} trusts an anchor above ${p.issuer}, or ${who.publisher} uses a certificate from an authority that ${p.domain} trusts`,
  },
  'trust.aia-failed': {
    who: 'authority',
    text: (p) => `the certificate authority makes the certificate of ${p.issuer} available at ${p.url}`,
  },
  'trust.constraint': {
    who: 'authority',
    text: (p) =>
      p.which.startsWith('this CA was revoked')
        ? `the certificate authority issues the certificate anew, below a CA that is not revoked in place of ${p.subject}`
        : `the certificate authority replaces ${p.subject} by a certificate that keeps the rules of the chain`,
  },
  'trust.anchor-expired': {
    who: 'truster',
    text: (p, who) => `${who.truster} replaces the expired anchor ${p.anchor} by its successor`,
  },
  'discovery.none': {
    who: 'publisher',
    text: (_, who) =>
      `${who.publisher} publishes a certificate for ${who.address}${who.address.includes('@') ? ' or for the domain' : ''}, in DNS or LDAP`,
  },
  'discovery.temporary': {
    who: 'network',
    text: (_, who) => `the name servers and directories of ${who.publisher} answer again; we keep asking`,
  },
  'crypto.digest-mismatch': {
    who: 'publisher',
    text: (_, who) => `${who.publisher} signs exactly the octets that it sends`,
  },
  'crypto.signature-invalid': {
    who: 'publisher',
    text: (_, who) => `${who.publisher} signs with the private key of the certificate that it sends along`,
  },
  'crypto.digest-not-allowed': {
    who: 'publisher',
    text: (_, who) => `${who.publisher} signs with SHA-256 or stronger`,
  },
  'crypto.signer-cert-missing': {
    who: 'publisher',
    text: (_, who) => `${who.publisher} puts the signer's certificate into the signature`,
  },
};

/** The cure of a reason; undefined where there is none to name. */
export function cureOf(reason: Cause, parties: Parties): Cure | undefined {
  const advice = ADVICE[reason.code] as Advice<Code> | undefined;
  if (!advice) return undefined;
  const domain = advice.who === 'truster' ? parties.truster : parties.publisher;
  return { code: reason.code, who: advice.who, domain, text: advice.text(reason.params, parties) };
}
