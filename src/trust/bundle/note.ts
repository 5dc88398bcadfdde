/**
 * What can be noted about a bundle, once, with its parameters, its sentence and where it is asked for.
 *
 * A note never stops a bundle from being read; what does is a `BundleError`. The sentence is derived from code and
 * parameters.
 *
 * @module
 */
import type { FindingLevel } from '../../outcome/check.ts';

/** Parameters of each code. Times are ISO 8601 UTC. */
export interface BundleNoteParams {
  // how it is packed
  'bundle.encoding': { found: string };
  'bundle.concatenated': { count: number };
  'bundle.trailing': { octets: number };
  'bundle.unsorted': Record<never, never>;
  'bundle.named-signed': { name: string };
  'bundle.embedded-extra': { count: number };
  // who vouches for it
  'bundle.not-authenticated': { url: string };
  'bundle.signed-not-pinned': { signer: string };
  'bundle.signer-expired': { signer: string; notAfter: string };
  // its anchors
  'bundle.anchor-unreadable': { position: number; why: string };
  'bundle.anchor-duplicate': { subject: string };
  'bundle.anchor-expired': { subject: string; notAfter: string };
  'bundle.anchor-early': { subject: string; notBefore: string };
  'bundle.anchor-expiring': { subject: string; notAfter: string; days: number };
  'bundle.anchor-not-ca': { subject: string };
  'bundle.anchor-no-cert-sign': { subject: string; found: string };
  'bundle.anchor-weak-key': { subject: string; algorithm: string; bits: number };
  'bundle.anchor-weak-signature': { subject: string; algorithm: string };
  'bundle.anchor-negative-serial': { subject: string; serial: string };
  'bundle.anchor-revoked': { subject: string; why: string };
  // its metadata
  'bundle.metadata-fault': { why: string };
  'bundle.validity-passed': { validTo: string };
  'bundle.validity-ahead': { validFrom: string };
  'bundle.distribution-point': { stated: string[]; fetched: string };
  'bundle.anchor-list': { unlisted: string[]; absent: string[] };
}

export type BundleNoteCode = keyof BundleNoteParams;

/** One note. `where` is the SHA-256 of the certificate that it speaks of. */
export type BundleNote<C extends BundleNoteCode = BundleNoteCode> = {
  [K in C]: {
    readonly code: K;
    readonly params: BundleNoteParams[K];
    readonly level: FindingLevel;
    readonly where?: string;
    readonly cites: readonly string[];
  };
}[C];

interface Meaning<P> {
  readonly level: FindingLevel;
  readonly cites: readonly string[];
  readonly text: (params: P) => string;
}

const day = (iso: string): string => iso.slice(0, 10);

const NOTES: { readonly [C in BundleNoteCode]: Meaning<BundleNoteParams[C]> } = {
  'bundle.encoding': {
    level: 'info',
    cites: ['REQ-TB-04'],
    text: (p) => `the bundle is ${p.found}, not DER`,
  },
  'bundle.concatenated': {
    level: 'warn',
    cites: ['REQ-TB-01', 'REQ-TB-04'],
    text: (p) => `${p.count} PEM certificates one after another are not a bundle, though they can be read`,
  },
  'bundle.trailing': {
    level: 'warn',
    cites: ['REQ-TB-02'],
    text: (p) => `${p.octets} octets follow the bundle`,
  },
  'bundle.unsorted': {
    level: 'info',
    cites: ['REQ-TB-12'],
    text: () => 'the certificates are not in the order of DER, so the same set can have several checksums',
  },
  'bundle.named-signed': {
    level: 'warn',
    cites: ['REQ-TB-03', 'REQ-TB-16'],
    text: (p) => `${p.name} is named as a signed bundle and carries no signature`,
  },
  'bundle.embedded-extra': {
    level: 'info',
    cites: ['REQ-TB-16'],
    text: (p) => `${p.count} certificates beside the signature are the signer's and no anchors`,
  },
  'bundle.not-authenticated': {
    level: 'warn',
    cites: ['REQ-TB-07'],
    text: (p) => `${p.url} gives the bundle without TLS, and no signer is pinned`,
  },
  'bundle.signed-not-pinned': {
    level: 'warn',
    cites: ['REQ-TB-16'],
    text: (p) => `the bundle is signed by ${p.signer}, who is not pinned: the signature proves nothing`,
  },
  'bundle.signer-expired': {
    level: 'warn',
    cites: ['REQ-TB-16'],
    text: (p) => `the certificate of the pinned signer ${p.signer} expired on ${day(p.notAfter)}`,
  },
  'bundle.anchor-unreadable': {
    level: 'fail',
    cites: ['REQ-TB-17'],
    text: (p) => `certificate ${p.position} cannot be read: ${p.why}`,
  },
  'bundle.anchor-duplicate': {
    level: 'warn',
    cites: ['REQ-TB-11'],
    text: (p) => `${p.subject} stands more than once`,
  },
  'bundle.anchor-expired': {
    level: 'fail',
    cites: ['REQ-TB-11', 'REQ-TB-17'],
    text: (p) => `${p.subject} expired on ${day(p.notAfter)}`,
  },
  'bundle.anchor-early': {
    level: 'fail',
    cites: ['REQ-TB-11', 'REQ-TB-17'],
    text: (p) => `${p.subject} is not valid before ${day(p.notBefore)}`,
  },
  'bundle.anchor-expiring': {
    level: 'warn',
    cites: ['REQ-TB-11'],
    text: (p) => `${p.subject} expires in ${p.days} days (${day(p.notAfter)})`,
  },
  'bundle.anchor-not-ca': {
    level: 'fail',
    cites: ['REQ-TB-11', 'REQ-TB-17'],
    text: (p) => `${p.subject} is no CA certificate`,
  },
  'bundle.anchor-no-cert-sign': {
    level: 'fail',
    cites: ['REQ-TB-11'],
    text: (p) => `the key of ${p.subject} may not sign certificates (it may be used for ${p.found})`,
  },
  'bundle.anchor-weak-key': {
    level: 'fail',
    cites: ['REQ-TB-11'],
    text: (p) => `the key of ${p.subject} is weak: ${p.algorithm} ${p.bits} bits`,
  },
  'bundle.anchor-weak-signature': {
    level: 'warn',
    cites: ['REQ-TB-11'],
    text: (p) => `${p.subject} is signed with ${p.algorithm}`,
  },
  'bundle.anchor-negative-serial': {
    level: 'warn',
    cites: ['REQ-TB-11'],
    text: (p) => `${p.subject} has a serial number that is not positive: ${p.serial}`,
  },
  'bundle.anchor-revoked': {
    level: 'fail',
    cites: ['REQ-TB-11'],
    text: (p) => `${p.subject} is revoked: ${p.why}`,
  },
  'bundle.metadata-fault': {
    level: 'warn',
    cites: ['REQ-TB-05'],
    text: (p) => `the metadata do not follow their schema: ${p.why}`,
  },
  'bundle.validity-passed': {
    level: 'warn',
    cites: ['REQ-TB-17'],
    text: (p) => `by its metadata the bundle was valid until ${day(p.validTo)}`,
  },
  'bundle.validity-ahead': {
    level: 'warn',
    cites: ['REQ-TB-17'],
    text: (p) => `by its metadata the bundle is not valid before ${day(p.validFrom)}`,
  },
  'bundle.distribution-point': {
    level: 'warn',
    cites: ['REQ-TB-17'],
    text: (p) =>
      `the metadata name ${p.stated.join(', ') || 'no place'}; the bundle was found at ${p.fetched}`,
  },
  'bundle.anchor-list': {
    level: 'warn',
    cites: ['REQ-TB-17'],
    text: (p) =>
      [
        p.unlisted.length > 0 ? `the metadata do not list ${p.unlisted.join(', ')}` : '',
        p.absent.length > 0 ? `the metadata list what is not in the bundle: ${p.absent.join(', ')}` : '',
      ]
        .filter(Boolean)
        .join('; '),
  },
};

/** A note at its usual level, or at another. */
export const bundleNote = <C extends BundleNoteCode>(
  code: C,
  params: BundleNoteParams[C],
  more: { readonly where?: string; readonly level?: FindingLevel } = {},
): BundleNote<C> =>
  ({
    code,
    params,
    level: more.level ?? NOTES[code].level,
    ...(more.where === undefined ? {} : { where: more.where }),
    cites: NOTES[code].cites,
  }) as unknown as BundleNote<C>;

/** The note in one sentence, without a full stop. */
export const noteText = (note: BundleNote): string =>
  (NOTES[note.code].text as (params: BundleNoteParams[BundleNoteCode]) => string)(note.params);

/** The usual level of a note, and what it rests on. */
export const noteMeaning = (code: BundleNoteCode): Pick<Meaning<never>, 'level' | 'cites'> => NOTES[code];

export const BUNDLE_NOTE_CODES = Object.keys(NOTES) as readonly BundleNoteCode[];
