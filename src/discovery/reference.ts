/**
 * Discovery done right (wire-facts §3 to §5).
 *
 * @module
 */
import { referenceResolver } from '../dns/client.ts';
import { addressToName } from '../dns/names.ts';
import type { LdapEntry } from '../ldap/entries.ts';
import { escapeFilter } from '../ldap/filter.ts';
import type { DiscoveryParts, LdapParts } from './parts.ts';
import { gatherAll, readCertificateValue, readCertRecord } from './reading.ts';
import { byPriorityAndWeight, srvTargets } from './srv.ts';
import { LEVELS, type Level } from './types.ts';

/** Whether a level asks for what is bound to the address, or to its domain. */
export const isAddressLevel = (level: Level): boolean => level.startsWith('address');
export const isDnsLevel = (level: Level): level is 'address-dns' | 'domain-dns' => level.endsWith('dns');

/** Results after which the association is still anonymous and a search may be tried: not those that ask for more. */
const WANTS_CREDENTIALS = new Set([7, 8, 13, 48, 49, 50]);
/** success, sizeLimitExceeded with what there was, referral (not followed), noSuchObject */
const ANSWERED = new Set([0, 4, 10, 32]);

const referenceLdap: LdapParts = {
  searchUnbound: (result) => !WANTS_CREDENTIALS.has(result),
  contexts: (published) => published,
  filter: (level, names, escaped) =>
    `(mail=${escaped(isAddressLevel(level) ? names.address : names.domain)})`,
  escape: escapeFilter,
  attributes: ['userCertificate;binary', 'userCertificate'],
  entries: (entries) => entries,
  values: certificateValues,
  read: readCertificateValue,
  gather: gatherAll,
  answered: (result) => ANSWERED.has(result),
  nextServer: ({ outcome }) => outcome !== 'found',
};

/** The values under either attribute name, in any case and with any option (REQ-LDAP-09). */
export function certificateValues(entry: LdapEntry): Uint8Array[] {
  return Object.entries(entry.attributes).flatMap(([name, values]) =>
    /^(usercertificate|2\.5\.4\.36)(;|$)/i.test(name)
      ? values.map((value) => (typeof value === 'string' ? Buffer.from(value, 'latin1') : value))
      : [],
  );
}

export const referenceDiscovery: DiscoveryParts = {
  order: LEVELS,
  // A certificate ends the search, usable or not (REQ-DNS-04, REQ-LDAP-11); so does not knowing (REQ-DNS-11).
  proceed: ({ outcome }) => outcome === 'absent',
  resolver: referenceResolver,
  hear: (answer) => answer,
  ownerName: (level, names) => (isAddressLevel(level) ? addressToName(names.address) : names.domain),
  cert: {
    choose: (records) => records,
    read: readCertRecord,
    fetcher: (guarded) => guarded,
    gather: gatherAll,
  },
  locate: srvTargets,
  orderServers: byPriorityAndWeight,
  families: ['A', 'AAAA'],
  ldap: referenceLdap,
  limits: {
    questionMs: 15_000,
    serverMs: 5_000,
    ldapMs: 60_000,
    passMs: 60_000,
    recipients: 50,
    entries: 50,
    servers: 32,
    urls: 3,
    certificates: 100,
  },
};
