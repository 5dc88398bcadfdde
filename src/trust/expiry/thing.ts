/**
 * Things of a trust network that end on a date: what happens then, and what to do before.
 *
 * @module
 */
import type { Certificate } from '../../pki/certificate.ts';
import { formatName } from '../../pki/name.ts';
import { type Accreditation, accreditationEnd, accreditationText } from '../accreditation.ts';

export const THING_KINDS = {
  leaf: 'Certificate of an address or domain',
  ca: 'Issuing authority',
  anchor: 'Trust anchor',
  crl: 'Revocation list',
  'ocsp-signer': 'Signer of OCSP answers',
  bundle: 'Trust bundle',
  'bundle-signer': 'Signer of a bundle',
  tls: 'TLS certificate',
  accreditation: 'Accreditation record',
} as const;

export type ThingKind = keyof typeof THING_KINDS;

/** Times are ms since 1970 UTC. */
export interface DatedThing {
  /** The same thing has the same key; a renewed certificate is another thing. */
  readonly key: string;
  readonly kind: ThingKind;
  readonly title: string;
  /** The HISP that it concerns. */
  readonly holder: string;
  /** Whose postmaster is told. */
  readonly domain: string;
  readonly begins?: number;
  readonly ends: number;
  /** What happens then; a sentence without its full stop. */
  readonly effect: string;
  /** What to do; a sentence without its full stop. */
  readonly todo: string;
}

/** Whom it concerns: a HISP, and the domain whose postmaster is told. */
export interface Concern {
  readonly holder: string;
  readonly domain: string;
}

const OUTCOME = {
  leaf: (of: string) => ({
    effect: `Nobody encrypts to ${of} any more, and its signatures are refused`,
    todo: 'Issue the next certificate and publish it beside this one, so that peers have both for a while',
  }),
  ca: (of: string) => ({
    effect: `Every certificate that ${of} issued is refused, also those that last longer`,
    todo: 'Renew the authority, and issue certificates anew that outlast it',
  }),
  anchor: (of: string) => ({
    effect: `No chain ends at ${of} any more: mail with everybody below it is refused`,
    todo: 'Have the next anchor in every bundle before, and take the old one out after',
  }),
  'ocsp-signer': (of: string) => ({
    effect: `OCSP answers by ${of} count for nothing; revocation cannot be told`,
    todo: 'Issue the next signer; nobody has to be told',
  }),
  'bundle-signer': (of: string) => ({
    effect: `Bundles signed by ${of} are noted as signed by an expired certificate`,
    todo: 'Agree with the publisher on the next signer and pin it before',
  }),
  tls: (of: string) => ({
    effect: `Clients that check ${of} refuse to connect`,
    todo: 'Install the next certificate',
  }),
} as const satisfies Partial<Record<ThingKind, (of: string) => { effect: string; todo: string }>>;

/** The end of a certificate. @param of how it is spoken of; default: its subject */
export function datedCertificate(
  kind: keyof typeof OUTCOME,
  { sha256, notBefore, notAfter, subject }: Certificate,
  { holder, domain }: Concern,
  of: string = formatName(subject),
): DatedThing {
  return {
    key: `${kind}|${holder}|${sha256}`,
    kind,
    title: of,
    holder,
    domain,
    begins: notBefore,
    ends: notAfter,
    ...OUTCOME[kind](of),
  };
}

/** The nextUpdate of a revocation list. @param issuer how it is spoken of */
export const datedCrl = (
  issuer: string,
  { thisUpdate, nextUpdate }: { readonly thisUpdate: number; readonly nextUpdate: number },
  { holder, domain }: Concern,
): DatedThing => ({
  key: `crl|${holder}|${issuer}`,
  kind: 'crl',
  title: `Revocation list of ${issuer}`,
  holder,
  domain,
  begins: thisUpdate,
  ends: nextUpdate,
  effect: `Whether a certificate of ${issuer} is revoked cannot be told, and under the policy "require" none is used`,
  todo: 'See that the next list is made and published; Anchorage makes its own each hour',
});

/** The end of a bundle's validity, as its metadata state it. */
export const datedBundle = (
  title: string,
  { validFrom, validTo }: { readonly validFrom?: number | undefined; readonly validTo: number },
  { holder, domain }: Concern,
): DatedThing => ({
  key: `bundle|${holder}|${title}`,
  kind: 'bundle',
  title,
  holder,
  domain,
  ...(validFrom === undefined ? {} : { begins: validFrom }),
  ends: validTo,
  effect: 'Consumers note that the bundle is out of date; its anchors stay until each of them ends',
  todo: 'Publish the bundle with a later date',
});

/** The end of an accreditation record, as stated by the operator. */
export const datedAccreditation = (
  hisp: string,
  record: Accreditation,
  { holder, domain }: Concern,
): DatedThing => ({
  key: `accreditation|${holder}|${record.programme}|${record.to}`,
  kind: 'accreditation',
  title: `${hisp}: ${accreditationText(record)}`,
  holder,
  domain,
  begins: Date.parse(record.from),
  ends: accreditationEnd(record),
  effect: `The anchor of ${hisp} leaves every bundle whose policy asks for this record`,
  todo: 'State the next record, with its evidence, in the definition of the network or of the bundle',
});

/** Soonest first; then by title, so that the order is always the same. */
export const bySoonest = (a: DatedThing, b: DatedThing): number =>
  a.ends - b.ends || (a.title < b.title ? -1 : a.title > b.title ? 1 : a.key < b.key ? -1 : 1);
