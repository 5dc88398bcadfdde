/**
 * Entries of the directory as nodes of an LDAP tree. What comparing needs is made when something is compared.
 *
 * @module
 */
import { type Description, describeAttribute } from '../../ldap/attributes.ts';
import { normalDn, parentDn } from '../../ldap/dn.ts';
import { comparableValues, type LdapEntry, type NodeAttribute, type TreeNode } from '../../ldap/entries.ts';
import {
  type Attributes,
  addressEntry,
  asEntry,
  organizationEntry,
  TOP_ENTRIES,
} from '../write/ldif-text.ts';
import type { Found } from './reading.ts';

/** Certificates of an address that is hosted here, DER; they are information, and nobody trusts them for standing here. */
export type CertificatesOf = (address: string) => readonly Uint8Array[];

/** Places of what stands above all others; then two for each entry, the organization that it tells of and itself. */
const TOP = 8;
export const placeOfPerson = (n: number): number => TOP + 2 * n + 1;
export const placeOfOrganization = (n: number): number => TOP + 2 * n;
/** Number of the entry before which nothing comes after this place. */
export const entryAfter = (place: number): number => Math.max(0, Math.ceil((place - TOP - 1) / 2));

export const TOP_NODES: readonly TreeNode[] = TOP_ENTRIES.map(({ dn, attributes }, place) =>
  nodeOf(asEntry(dn, attributes), place),
);

export function personNode(found: Found, certificatesOf?: CertificatesOf): TreeNode {
  const { record, n } = found;
  const { dn, attributes } = addressEntry(record);
  const certificates = certificatesOf?.(record.DIRECT_ADDRESS) ?? [];
  const named = asEntry(dn, attributes);
  const entry: LdapEntry =
    certificates.length === 0
      ? named
      : { dn, attributes: { ...named.attributes, 'userCertificate;binary': certificates } };
  const aliases: Attributes = [
    ['medicalRecordsDeliveryEmailAddress', record.DIRECT_ADDRESS],
    ['hcIdentifier', npiOf(record.PROV_NPI)],
    ['hcSpecialisation', record.PROV_SPECIALTY],
  ];
  return nodeOf(entry, placeOfPerson(n), aliases);
}

export function organizationNode({ record, n }: Found): TreeNode {
  const { dn, attributes } = organizationEntry(record);
  const aliases: Attributes = [
    ['hcRegisteredName', record.ORG_NAME],
    ['hcIdentifier', npiOf(record.ORG_NPI)],
    ['hcSpecialisation', record.ORG_SPECIALTY],
  ];
  return nodeOf(asEntry(dn, attributes), placeOfOrganization(n), aliases);
}

/** Issuer, kind, number and status, as the IHE healthcare provider directory writes it. */
const npiOf = (npi: string): string => (npi === '' ? '' : `CMS:NPI:${npi}:Active`);

function nodeOf(entry: LdapEntry, place: number, aliases: Attributes = []): TreeNode {
  const dn = normalDn(entry.dn);
  let byType: ReadonlyMap<string, NodeAttribute> | undefined;
  return {
    entry,
    dn,
    parent: parentDn(dn),
    place,
    get byType() {
      byType ??= new Map(
        [
          ...Object.entries(entry.attributes),
          ...aliases.filter(([, value]) => value !== '').map(([name, value]) => [name, [value]] as const),
        ].map(([name, values]) => {
          const description = describeAttribute(name);
          return [description.type, attributeOf(description, values)];
        }),
      );
      return byType;
    },
  };
}

function attributeOf(description: Description, values: readonly (string | Uint8Array)[]): NodeAttribute {
  let comparable: readonly string[] | undefined;
  return {
    description,
    values,
    get comparable() {
      return (comparable ??= comparableValues(description, values));
    },
  };
}
