/**
 * The directory as LDIF (RFC 2849) that an OpenLDAP with its standard schemas takes: organizations, then who belongs to
 * them, below `o=directory` (directory §2.4).
 *
 * @module
 */
import { createHash, hash } from 'node:crypto';
import { comparable } from '../../ldap/attributes.ts';
import type { LdapEntry } from '../../ldap/entries.ts';
import { printLdif } from '../../ldap/ldif.ts';
import { type DirectoryRecord, displayName } from '../record.ts';
import { organizationId, practitionerId } from './rows.ts';

export const BASE_DN = 'o=directory';

/** RFC 4514 §2.4, all in hexadecimal, as OpenLDAP writes it. */
const dnValue = (value: string): string =>
  value.replace(
    /^[ #]| $|[",+;<=>\\\0]/g,
    (c) => `\\${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

export const organizationDn = (uid: string): string => `uid=${dnValue(uid)},${ORGANIZATIONS_DN}`;

/** A key without an address in it, for places that take few characters: it follows from the key of the record. */
export const entryUid = (record: DirectoryRecord): string =>
  createHash('sha256')
    .update(
      [record.DIRECT_ADDRESS.toLowerCase(), practitionerId(record), organizationId(record)].join('\u0000'),
    )
    .digest('hex')
    .slice(0, 24);

/** Tells entries of one address apart. */
const tagOf = (record: DirectoryRecord): string =>
  hash('sha256', `${practitionerId(record)}\u0000${organizationId(record)}`).slice(0, 8);

/**
 * The key of a person's or department's entry: the address, and eight digits of who is reached there. The entry is found
 * by it without an index of its own.
 */
export const personUid = (record: DirectoryRecord): string =>
  `${record.DIRECT_ADDRESS.toLowerCase()}-${tagOf(record)}`;

/** The address of a person's key; undefined when it cannot be one. */
export const addressOfUid = (uid: string): string | undefined => /^(.+)-[0-9a-f]{8}$/s.exec(uid)?.[1];

export const PEOPLE_DN = `ou=people,${BASE_DN}`;
export const ORGANIZATIONS_DN = `ou=organizations,${BASE_DN}`;

export type Attributes = readonly (readonly [string, string])[];

/** Where the organization is, and how it is called. */
const placeOf = (record: DirectoryRecord): Attributes => [
  ['telephoneNumber', record.ORG_PHONE],
  ['facsimileTelephoneNumber', record.ORG_FAX],
  ['street', record.ORG_ADDR1],
  ['street', record.ORG_ADDR2],
  ['l', record.ORG_CITY],
  ['st', record.ORG_STATE],
  ['postalCode', record.ORG_ZIP],
];

/** An organization's entry. Empty values are left out. */
export function organizationEntry(record: DirectoryRecord): { dn: string; attributes: Attributes } {
  const uid = organizationId(record);
  return {
    dn: organizationDn(uid),
    attributes: given([
      ['objectClass', 'top'],
      ['objectClass', 'organization'],
      ['objectClass', 'extensibleObject'],
      ['uid', uid],
      ['o', record.ORG_NAME || uid],
      ['destinationIndicator', record.ORG_NPI],
      ...placeOf(record),
      ['businessCategory', record.ORG_SPECIALTY],
    ]),
  };
}

/** The entry of who is reached at an address: a person, or a department. */
export function addressEntry(record: DirectoryRecord): { dn: string; attributes: Attributes } {
  const uid = personUid(record);
  const organization = organizationId(record);
  return {
    dn: `uid=${dnValue(uid)},${PEOPLE_DN}`,
    attributes: given([
      ['objectClass', 'top'],
      ['objectClass', 'person'],
      ['objectClass', 'organizationalPerson'],
      ['objectClass', 'inetOrgPerson'],
      ['objectClass', 'extensibleObject'],
      ['uid', uid],
      ['cn', displayName(record)],
      // required of a person; a department has none and takes its own name
      ['sn', record.PROV_LAST_NAME || displayName(record)],
      ['givenName', record.PROV_FIRST_NAME],
      ['initials', record.PROV_MIDDLE_NAME],
      ['generationQualifier', record.PROV_SUFFIX],
      ['mail', record.DIRECT_ADDRESS],
      ['employeeNumber', record.PROV_NPI],
      ['departmentNumber', record.PROV_UID],
      ['employeeType', record.PROV_ROLE || record.ADDRESS_TYPE],
      ['businessCategory', record.PROV_SPECIALTY],
      ['description', record.SERVICE_DESCRIPTION],
      ['o', record.ORG_NAME],
      ['seeAlso', organization === '' ? '' : organizationDn(organization)],
      ...placeOf(record),
    ]),
  };
}

const given = (attributes: Attributes): Attributes => attributes.filter(([, value]) => value !== '');

/** What stands above all others. */
export const TOP_ENTRIES: readonly { readonly dn: string; readonly attributes: Attributes }[] = [
  {
    dn: BASE_DN,
    attributes: [
      ['objectClass', 'top'],
      ['objectClass', 'organization'],
      ['o', 'directory'],
    ],
  },
  ...['organizations', 'people'].map((ou) => ({
    dn: `ou=${ou},${BASE_DN}`,
    attributes: [
      ['objectClass', 'top'],
      ['objectClass', 'organizationalUnit'],
      ['ou', ou],
    ] as const,
  })),
];

/** Organizations that are remembered as written; an entry that comes again is not written twice. */
export function* ldifText(records: Iterable<DirectoryRecord>): Generator<string> {
  for (const { dn, attributes } of TOP_ENTRIES) yield unit(dn, attributes);
  const written = new Set<string>();
  for (const record of records) {
    const uid = organizationId(record);
    const key = comparable(uid);
    if (key !== '' && !written.has(key)) {
      written.add(key);
      const { dn, attributes } = organizationEntry(record);
      yield unit(dn, attributes);
    }
    const { dn, attributes } = addressEntry(record);
    yield unit(dn, attributes);
  }
}

const unit = (dn: string, attributes: Attributes): string => printLdif([asEntry(dn, attributes)]);

/** Values of one name together, in their order. */
export function asEntry(dn: string, attributes: Attributes): LdapEntry {
  const grouped: Record<string, string[]> = {};
  for (const [name, value] of attributes) (grouped[name] ??= []).push(value);
  return { dn, attributes: grouped };
}
