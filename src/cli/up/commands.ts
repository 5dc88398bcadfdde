/**
 * Commands that a person can type to see the same from outside.
 *
 * @module
 */
import type { NetworkDefinition } from '../../config/network.ts';
import { addressToName } from '../../dns/names.ts';
import type { Addr } from '../../net/host.ts';
import { contextOf } from '../demo/directory.ts';
import type { Places } from '../demo/places.ts';

interface At {
  readonly places: Pick<Places, 'dns' | 'ldap'>;
  readonly network: NetworkDefinition;
}

const urlHost = ({ host }: Addr): string => (host.includes(':') ? `[${host}]` : host);

/** The CERT query for an address or a domain. */
export function digFor({ places: { dns } }: At, address: string): string {
  const name = address.includes('@') ? (addressToName(address) ?? address) : address;
  return `dig @${dns.host} -p ${dns.port} ${name} CERT`;
}

/** The search in the directory of the HISP that the domain is with. */
export function ldapFor({ places: { ldap }, network }: At, address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const hisp =
    network.organizations.find((one) => one.domain === domain)?.hisp ?? Object.keys(network.hisps)[0]!;
  const base = contextOf(network, hisp);
  return `ldapsearch -x -LLL -H ldap://${urlHost(ldap)}:${ldap.port} -b '${base}' '(mail=${address})' userCertificate`;
}

export function commandsFor(at: At, address: string): string[] {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return [
    digFor(at, address),
    ...(domain === address ? [] : [digFor(at, domain)]),
    `dig @${at.places.dns.host} -p ${at.places.dns.port} _ldap._tcp.${domain} SRV`,
    ldapFor(at, address),
    `npm run -s anchorage -- check ${address}`,
  ];
}

/** A message from the first HISP to the second, which arrives. */
export function sendFor({ network }: At): string {
  const [first, second] = Object.keys(network.hisps);
  const addressAt = (hisp: string | undefined): string => {
    const one = network.organizations.find((organization) => organization.hisp === (hisp ?? first))!;
    return `${one.addresses[0]!.local}@${one.domain}`;
  };
  return `npm run -s anchorage -- send --from ${addressAt(first)} --to ${addressAt(second)}`;
}

/** An address or domain whose certificate is published there; undefined when the network publishes none so. */
export function exampleIn(network: NetworkDefinition, where: 'dns' | 'ldap'): string | undefined {
  const list = network.organizations.filter((one) => one.certificates.endsWith(where));
  const one = list.find((organization) => organization.certificates.startsWith('address')) ?? list[0];
  if (!one) return undefined;
  return one.certificates.startsWith('address') ? `${one.addresses[0]!.local}@${one.domain}` : one.domain;
}

/** Three commands to try, as far as the network has something to find. */
export function commandsToTry(at: At): { readonly what: string; readonly text: string }[] {
  const [dns, ldap] = [exampleIn(at.network, 'dns'), exampleIn(at.network, 'ldap')];
  return [
    ...(dns === undefined ? [] : [{ what: 'A certificate in DNS', text: digFor(at, dns) }]),
    ...(ldap === undefined ? [] : [{ what: 'A certificate in LDAP', text: ldapFor(at, ldap) }]),
    { what: 'A message, and its fate', text: sendFor(at) },
  ];
}
