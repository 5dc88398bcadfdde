/**
 * The LDAP entries of a network: one naming context for each HISP, one entry for each certificate that an
 * organization publishes there.
 *
 * @module
 */
import type { NetworkDefinition } from '../../config/network.ts';
import { createTree, type LdapEntry, type LdapTree } from '../../ldap/entries.ts';
import type { Material } from './material.ts';

export interface DirectoryContent {
  readonly namingContexts: string[];
  readonly entries: LdapEntry[];
}

/** The naming context of a HISP. */
export const contextOf = (network: NetworkDefinition, hisp: string): string =>
  `o=${dnValue(network.hisps[hisp]!.title)}`;

export function directoryOf(network: NetworkDefinition, material: Material): DirectoryContent {
  const context = (hisp: string) => contextOf(network, hisp);
  const entries: LdapEntry[] = [];
  for (const one of network.organizations) {
    const { leaves } = material.get(one.hisp)!;
    const base = `ou=${dnValue(one.name)},${context(one.hisp)}`;
    entries.push({
      dn: base,
      attributes: { objectClass: ['top', 'organizationalUnit'], ou: [one.name] },
    });
    const entry = (dn: string, cn: string, mail: string, owner: string): LdapEntry => ({
      dn,
      attributes: {
        objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson', 'pkiUser'],
        cn: [cn],
        sn: [cn.split(',')[0]!.split(' ').at(-1)!],
        o: [one.name],
        mail: [mail],
        'userCertificate;binary': [leaves.get(owner)!.certificate.der],
      },
    });
    if (one.certificates === 'domain-ldap') {
      entries.push(entry(`cn=${dnValue(one.domain)},${base}`, one.domain, one.domain, one.domain));
    }
    if (one.certificates === 'address-ldap') {
      for (const person of one.addresses) {
        const address = `${person.local}@${one.domain}`;
        entries.push(entry(`mail=${dnValue(address)},${base}`, person.name, address, address));
      }
    }
  }
  return { namingContexts: Object.keys(network.hisps).map(context), entries };
}

export const directoryTree = (content: DirectoryContent): LdapTree => createTree(content);

/** RFC 4514 §2.4 */
const dnValue = (text: string): string => text.replace(/[,+"\\<>;=]/g, '\\$&').replace(/^[# ]|\s$/g, '\\$&');
