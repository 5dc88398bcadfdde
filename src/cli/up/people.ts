/**
 * Who is who in the network, for pages and for the command line.
 *
 * @module
 */
import type { OrganizationView, PersonView } from '../../../web/views.ts';
import { addressesOf, type NetworkDefinition, type OrganizationDefinition } from '../../config/network.ts';
import type { Holdings } from '../../hisp/tenancy/publication.ts';
import type { PublicationLevel } from '../../store/publication.ts';

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

/** Somebody whom an administrator added while the network runs. */
interface Added extends PersonView {
  readonly id: string;
  readonly domain: string;
  readonly level: PublicationLevel;
}

/** @param holdingsOf what a HISP holds at this moment: members that the network's file does not know are shown as well */
export function peopleOf(
  network: NetworkDefinition,
  holdingsOf: (hisp: string) => Pick<Holdings, 'domains'>,
): People {
  const known = new Map(addressesOf(network).map((one) => [one.address, one]));
  // notices of the HISP to those who run it go there
  const postmasters = new Map<string, string>([
    ...Object.entries(network.hisps).map(([id, { domain }]) => [`postmaster@${domain}`, id] as const),
    ...network.organizations.map(({ domain, hisp }) => [`postmaster@${domain}`, hisp] as const),
  ]);
  const title = (hisp: string) => network.hisps[hisp]!.title;
  const added = (): Added[] =>
    Object.keys(network.hisps).flatMap((id) =>
      holdingsOf(id).domains.flatMap(({ name: domain, organization, certificates: level, addresses }) =>
        addresses
          .filter(({ address }) => !known.has(address))
          .map(({ address, title: name }) => ({
            id,
            address,
            name: name === address ? 'no name given' : name,
            role: '',
            organization: organization.name,
            hisp: title(id),
            domain,
            level,
          })),
      ),
    );
  const addedAs = (address: string) => added().find((one) => one.address === address);
  return {
    person(written) {
      const address = written.toLowerCase();
      const found = known.get(address);
      if (found) {
        return {
          address: found.address,
          name: found.person.name,
          role: found.person.role,
          organization: found.organization.name,
          hisp: title(found.organization.hisp),
        };
      }
      const other = addedAs(address);
      if (!other) return undefined;
      const { name, role, organization, hisp } = other;
      return { address, name, role, organization, hisp };
    },
    hispOf(written) {
      const address = written.toLowerCase();
      return known.get(address)?.organization.hisp ?? postmasters.get(address) ?? addedAs(address)?.id;
    },
    eyes: network.organizations.map((one) => ({
      address: `${one.addresses[0]!.local}@${one.domain}`,
      label: `${one.name} (${title(one.hisp)})`,
    })),
    organizations(query, waiting) {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const others = Map.groupBy(added(), ({ domain }) => domain);
      const matching = <P extends { address: string; name: string; role: string }>(
        head: string,
        people: readonly P[],
      ): P[] =>
        people.filter((person) => {
          const text = `${head} ${person.address} ${person.name} ${person.role}`.toLowerCase();
          return words.every((word) => text.includes(word));
        });
      const inFile = network.organizations.flatMap((one): OrganizationView[] => {
        const head = [one.name, one.kind, one.place, one.domain, title(one.hisp)].join(' ');
        const people = matching(head, [
          ...one.addresses.map(({ local, name, role }) => ({
            address: `${local}@${one.domain}`,
            name,
            role,
          })),
          ...(others.get(one.domain) ?? []),
        ]);
        others.delete(one.domain);
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
      const beside = [...others].flatMap(([domain, all]): OrganizationView[] => {
        const { organization, hisp, level, id } = all[0]!;
        const { place } = network.hisps[id]!;
        const people = matching([organization, domain, hisp].join(' '), all);
        if (people.length === 0) return [];
        return [
          {
            name: organization,
            kind: 'added by an administrator',
            place,
            domain,
            hisp,
            level: LEVEL[level],
            people: people.map(({ address, name, role }) => ({
              address,
              name,
              role,
              waiting: waiting(address),
            })),
          },
        ];
      });
      return [...inFile, ...beside];
    },
  };
}
