/**
 * The LDAP entries of a network: one naming context for each HISP, one entry for each owner whose certificates its
 * domain publishes there.
 *
 * @module
 */
import type { NetworkDefinition } from '../../config/network.ts';
import type { PublishedOwner } from '../../hisp/tenancy/publication.ts';
import { createTree, type LdapEntry, type MemoryTree } from '../../ldap/entries.ts';
import type { Published } from './zones.ts';

export interface DirectoryContent {
  readonly namingContexts: string[];
  readonly entries: LdapEntry[];
}

/** The naming context of a HISP. */
export const contextOf = (network: NetworkDefinition, hisp: string): string =>
  `o=${dnValue(network.hisps[hisp]!.title)}`;

export function directoryOf(network: NetworkDefinition, published: Published): DirectoryContent {
  const context = (hisp: string) => contextOf(network, hisp);
  const entries = new Map<string, LdapEntry>();
  const add = (entry: LdapEntry): void => void entries.set(entry.dn.toLowerCase(), entry);
  for (const [hisp, domains] of published) {
    for (const { organization, level, owners } of domains) {
      const base = `ou=${dnValue(organization)},${context(hisp)}`;
      add({ dn: base, attributes: { objectClass: ['top', 'organizationalUnit'], ou: [organization] } });
      if (level.endsWith('dns')) continue;
      for (const one of owners) if (one.certificates.length > 0) add(ownerEntry(base, organization, one));
    }
  }
  return { namingContexts: Object.keys(network.hisps).map(context), entries: [...entries.values()] };
}

function ownerEntry(base: string, organization: string, one: PublishedOwner): LdapEntry {
  const { owner, title, certificates } = one;
  return {
    dn: `${owner.includes('@') ? 'mail' : 'cn'}=${dnValue(owner)},${base}`,
    attributes: {
      objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson', 'pkiUser'],
      cn: [title],
      sn: [title.split(',')[0]!.trim().split(' ').at(-1)!],
      o: [organization],
      mail: [owner],
      'userCertificate;binary': certificates.map(({ der }) => der),
    },
  };
}

export const directoryTree = (content: DirectoryContent): MemoryTree => createTree(content);

/** RFC 4514 §2.4 */
const dnValue = (text: string): string => text.replace(/[,+"\\<>;=]/g, '\\$&').replace(/^[# ]|\s$/g, '\\$&');
