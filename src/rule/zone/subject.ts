/**
 * A zone as rules see it: its CERT records read, its LDAP servers and its mail domains found.
 *
 * @module
 */
import { DnsError } from '../../dns/error.ts';
import { addressToName, canonicalName, isBelow, labelTexts, parentName } from '../../dns/names.ts';
import type { CertData, MxData, ResourceRecord, SrvData } from '../../dns/records.ts';
import { type ZoneTree, zoneTree } from '../../dns/tree.ts';
import type { Zone } from '../../dns/zone.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { defineRule, type Params, type Rule, type RuleParts } from '../rule.ts';

type Typed<D> = ResourceRecord & { readonly data: D };

/** One CERT record. */
export interface PublishedCert {
  /** Canonical owner name. */
  readonly name: string;
  readonly record: Typed<CertData>;
  /** Whatever the type says: what the payload is, with or without an OID in front. */
  readonly certificate?: Certificate;
  /** The length octet and OID of RFC 4398 stand in front of the certificate. */
  readonly prefixed: boolean;
  /** Why there is no certificate. */
  readonly unreadable?: string;
}

export interface ZoneSubject {
  readonly zone: Zone;
  readonly tree: ZoneTree;
  readonly certs: readonly PublishedCert[];
  /** SRV records of LDAP, under whatever name. */
  readonly servers: readonly Typed<SrvData>[];
  readonly exchangers: readonly Typed<MxData>[];
  /** Domains of the zone that Direct addresses are in, as certificates and LDAP servers tell. */
  readonly domains: readonly string[];
}

export const PKIX = 1;

export function zoneSubject(zone: Zone): ZoneSubject {
  const typed = <D extends ResourceRecord['data']>(type: D['type']): Typed<D>[] =>
    zone.records.filter((record): record is Typed<D> => record.data.type === type);
  const certs = typed<CertData>('CERT').map(readCert);
  const servers = typed<SrvData>('SRV').filter(({ name }) =>
    labelTexts(canonicalName(name)).some((label) => /^_?ldaps?$/.test(label)),
  );
  return {
    zone,
    tree: zoneTree(zone),
    certs,
    servers,
    exchangers: typed<MxData>('MX'),
    domains: domainsOf(zone, certs, servers),
  };
}

const PREFIX = /^0355042[45]$/;

function readCert(record: Typed<CertData>): PublishedCert {
  const { payload } = record.data;
  const name = canonicalName(record.name);
  const prefixed = PREFIX.test(Buffer.from(payload.subarray(0, 4)).toString('hex'));
  try {
    return {
      name,
      record,
      prefixed,
      certificate: parseCertificate(prefixed ? payload.subarray(4) : payload),
    };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { name, record, prefixed, unreadable: error.message };
  }
}

function domainsOf(
  zone: Zone,
  certs: readonly PublishedCert[],
  servers: readonly ResourceRecord[],
): string[] {
  const found = new Set<string>();
  for (const { certificate } of certs) {
    for (const domain of certificate?.dnsNames ?? []) found.add(domain.toLowerCase());
    for (const email of certificate?.emails ?? [])
      found.add(email.slice(email.lastIndexOf('@') + 1).toLowerCase());
  }
  for (const { name } of servers) {
    const labels = labelTexts(canonicalName(name));
    if (labels[0] === '_ldap' && labels[1] === '_tcp') found.add(labels.slice(2).join('.'));
  }
  return [...found].filter((domain) => isNameBelow(domain, zone.origin));
}

/** What stands in a certificate may be no name at all: that is the business of the certificate rules. */
function isNameBelow(text: string, above: string): boolean {
  if (text === '') return false;
  try {
    return isBelow(text, above);
  } catch (error) {
    if (error instanceof DnsError) return false;
    throw error;
  }
}

/** CERT records of the type that counts, with a certificate in them. */
export const usableCerts = (
  subject: ZoneSubject,
): (PublishedCert & { readonly certificate: Certificate })[] =>
  subject.certs.filter(
    (cert): cert is PublishedCert & { readonly certificate: Certificate } =>
      cert.record.data.certType === PKIX && cert.certificate !== undefined,
  );

/** CERT records by owner name. */
export function certSets(
  subject: ZoneSubject,
): { readonly name: string; readonly certs: readonly PublishedCert[] }[] {
  const sets = Map.groupBy(subject.certs, ({ name }) => name);
  return [...sets].map(([name, certs]) => ({ name, certs }));
}

/** Whether a certificate found at a name can belong to somebody who is looked for there. */
export function fitsName(certificate: Certificate, name: string, origin: string): boolean {
  const star = name.startsWith('*.');
  const place = star ? parentName(name)! : name;
  const addressed = certificate.emails.some((email) => addressToName(email) === name);
  // a domain's certificate serves every address of the domain, also at the name of one of them
  const served = certificate.dnsNames.some(
    (domain) => isNameBelow(domain, origin) && isNameBelow(place, domain),
  );
  return addressed || served;
}

/** Where a host of the zone stands: `outside` when the zone does not know. */
export function hostState(subject: ZoneSubject, target: string): 'outside' | 'alias' | 'addressed' | 'bare' {
  const name = canonicalName(target);
  if (!isBelow(name, subject.zone.origin) || subject.tree.cut(name)) return 'outside';
  const node = subject.tree.node(name) ?? wildcardOf(subject, name);
  if (node?.sets.has('CNAME')) return 'alias';
  return node?.sets.has('A') || node?.sets.has('AAAA') ? 'addressed' : 'bare';
}

const wildcardOf = ({ tree }: ZoneSubject, name: string) => {
  const encloser = tree.closestEncloser(name);
  return tree.node(encloser === '' ? '*' : `*.${encloser}`);
};

type Parts<Item, P extends Params> = Omit<RuleParts<ZoneSubject, Item, P>, 'madeAt'>;

/** A zone is always of today. */
export const zoneRule = <Item, P extends Params>(parts: Parts<Item, P>): Rule<ZoneSubject> =>
  defineRule<ZoneSubject, Item, P>({ ...parts, madeAt: (_, { at }) => at });
