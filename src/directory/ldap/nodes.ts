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

export function personNode(found: Found, passing: boolean, certificatesOf?: CertificatesOf): TreeNode {
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
  return new EntryNode(entry, placeOfPerson(n), aliases, passing);
}

export function organizationNode({ record, n }: Found, passing: boolean): TreeNode {
  const { dn, attributes } = organizationEntry(record);
  const aliases: Attributes = [
    ['hcRegisteredName', record.ORG_NAME],
    ['hcIdentifier', npiOf(record.ORG_NPI)],
    ['hcSpecialisation', record.ORG_SPECIALTY],
  ];
  return new EntryNode(asEntry(dn, attributes), placeOfOrganization(n), aliases, passing);
}

/** Issuer, kind, number and status, as the IHE healthcare provider directory writes it. */
const npiOf = (npi: string): string => (npi === '' ? '' : `CMS:NPI:${npi}:Active`);

/** Many are made and few are compared, so what comparing needs is made late. */
class EntryNode implements TreeNode {
  readonly entry: LdapEntry;
  readonly dn: string;
  readonly parent: string;
  readonly place: number;
  readonly passing: boolean;
  readonly #aliases: Attributes;
  #byType: ReadonlyMap<string, NodeAttribute> | undefined;

  constructor(entry: LdapEntry, place: number, aliases: Attributes, passing: boolean) {
    this.entry = entry;
    this.dn = normalDn(entry.dn);
    this.parent = parentDn(this.dn);
    this.place = place;
    this.passing = passing;
    this.#aliases = aliases;
  }

  get byType(): ReadonlyMap<string, NodeAttribute> {
    if (this.#byType) return this.#byType;
    const made = new Map<string, NodeAttribute>();
    const { attributes } = this.entry;
    for (const name in attributes) {
      const description = describeAttribute(name);
      made.set(description.type, new EntryAttribute(description, attributes[name]!));
    }
    for (const [name, value] of this.#aliases) {
      if (value === '') continue;
      const description = describeAttribute(name);
      made.set(description.type, new EntryAttribute(description, [value]));
    }
    this.#byType = made;
    return made;
  }
}

class EntryAttribute implements NodeAttribute {
  readonly description: Description;
  readonly values: readonly (string | Uint8Array)[];
  #comparable: readonly string[] | undefined;

  constructor(description: Description, values: readonly (string | Uint8Array)[]) {
    this.description = description;
    this.values = values;
  }

  get comparable(): readonly string[] {
    return (this.#comparable ??= comparableValues(this.description, this.values));
  }
}

export const TOP_NODES: readonly TreeNode[] = TOP_ENTRIES.map(
  ({ dn, attributes }, place) => new EntryNode(asEntry(dn, attributes), place, [], false),
);
