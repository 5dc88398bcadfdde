/**
 * Who is who in the network, for pages and for the command line.
 *
 * @module
 */
import type { OrganizationView, PersonView } from '../../../web/views.ts';
import { addressesOf, type NetworkDefinition, type OrganizationDefinition } from '../../config/network.ts';

const LEVEL: Readonly<Record<OrganizationDefinition['certificates'], string>> = {
  'address-dns': 'one for each address, in DNS',
  'domain-dns': 'one for the domain, in DNS',
  'address-ldap': 'one for each address, in LDAP',
  'domain-ldap': 'one for the domain, in LDAP',
};

export interface People {
  person(address: string): PersonView | undefined;
  hispOf(address: string): string | undefined;
  /** Whose eyes an address can be looked at with: one address of each organization. */
  readonly eyes: readonly { readonly address: string; readonly label: string }[];
  organizations(query: string, waiting: (address: string) => number): OrganizationView[];
}

export function peopleOf(network: NetworkDefinition): People {
  const known = new Map(addressesOf(network).map((one) => [one.address, one]));
  // notices of the HISP to those who run it go there
  const postmasters = new Map<string, string>([
    ...Object.entries(network.hisps).map(([id, { domain }]) => [`postmaster@${domain}`, id] as const),
    ...network.organizations.map(({ domain, hisp }) => [`postmaster@${domain}`, hisp] as const),
  ]);
  const title = (hisp: string) => network.hisps[hisp]!.title;
  return {
    person(address) {
      const found = known.get(address.toLowerCase());
      return (
        found && {
          address: found.address,
          name: found.person.name,
          role: found.person.role,
          organization: found.organization.name,
          hisp: title(found.organization.hisp),
        }
      );
    },
    hispOf(written) {
      const address = written.toLowerCase();
      return known.get(address)?.organization.hisp ?? postmasters.get(address);
    },
    eyes: network.organizations.map((one) => ({
      address: `${one.addresses[0]!.local}@${one.domain}`,
      label: `${one.name} (${title(one.hisp)})`,
    })),
    organizations(query, waiting) {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      return network.organizations.flatMap((one): OrganizationView[] => {
        const head = [one.name, one.kind, one.place, one.domain, title(one.hisp)].join(' ').toLowerCase();
        const people = one.addresses
          .map((person) => ({ ...person, address: `${person.local}@${one.domain}` }))
          .filter((person) => {
            const text = `${head} ${person.address} ${person.name} ${person.role}`.toLowerCase();
            return words.every((word) => text.includes(word));
          });
        if (people.length === 0) return [];
        return [
          {
            name: one.name,
            kind: one.kind.replace('-', ' '),
            place: one.place,
            domain: one.domain,
            hisp: title(one.hisp),
            level: LEVEL[one.certificates],
            people: people.map(({ address, name, role }) => ({
              address,
              name,
              role,
              waiting: waiting(address),
            })),
          },
        ];
      });
    },
  };
}
