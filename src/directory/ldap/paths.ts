/**
 * From a search filter to the index of the store that leads to what it can match. A path may lead to too much, never to
 * too little: whoever follows it looks at each entry.
 *
 * @module
 */
import { describeAttribute } from '../../ldap/attributes.ts';
import { comparableAs } from '../../ldap/comparison.ts';
import { assertionText, type Filter } from '../../ldap/filter.ts';
import type { SqlValue } from '../../store/handle.ts';
import { addressOfUid, ORGANIZATIONS_DN } from '../write/ldif-text.ts';
import { facet } from '../write/words.ts';

/** `all`: no index helps. `words`: a query of the index of words. `rows`: a condition on `r`, of few rows. */
export type Path =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'all' }
  | { readonly kind: 'words'; readonly query: string }
  | { readonly kind: 'rows'; readonly sql: string; readonly values: readonly SqlValue[] }
  | { readonly kind: 'any'; readonly paths: readonly Path[] };

/** What people's entries and organizations' entries are found by differs. */
export type Shelf = 'people' | 'organizations';

const NOTHING: Path = { kind: 'nothing' };
const ALL: Path = { kind: 'all' };

/** Where the shelf keeps what the filter asks for. Recursion is bounded by the nesting of filters. */
export function pathOf(filter: Filter, shelf: Shelf): Path {
  switch (filter.kind) {
    case 'and':
      return best(filter.filters.map((part) => pathOf(part, shelf)));
    case 'or':
      return any(filter.filters.map((part) => pathOf(part, shelf)));
    case 'equal': {
      const { type, tagged } = describeAttribute(filter.attribute);
      if (tagged || !HAS[shelf].has(type)) return NOTHING;
      return equal(type, assertionText(filter.value), shelf);
    }
    case 'present': {
      const { type, tagged } = describeAttribute(filter.attribute);
      return tagged || !HAS[shelf].has(type) ? NOTHING : ALL;
    }
    case 'substrings': {
      const { type, tagged } = describeAttribute(filter.attribute);
      if (tagged || !HAS[shelf].has(type)) return NOTHING;
      const column = COLUMNS[type];
      const { initial, any: inner, final } = filter;
      if (type === 'postalcode' && initial) {
        const digits = /^\d{2,5}/.exec(assertionText(initial))?.[0];
        return digits === undefined ? ALL : words('place', [`"${digits}"*`]);
      }
      if (column === undefined) return ALL;
      return words(column, [
        ...(initial ? tokens(assertionText(initial), { left: true, right: false }) : []),
        ...inner.flatMap((part) => tokens(assertionText(part), { left: false, right: false })),
        ...(final ? tokens(assertionText(final), { left: false, right: true }) : []),
      ]);
    }
    default:
      // an assertion that nobody can decide is true of nothing; what stands around a `not` may still match
      return filter.kind === 'not' ? ALL : NOTHING;
  }
}

/** The one address that the whole filter asks for. */
export function soleAddress(filter: Filter): string | undefined {
  if (filter.kind !== 'equal') return undefined;
  const { type, tagged } = describeAttribute(filter.attribute);
  return type === 'mail' && !tagged ? comparableAs('mail', assertionText(filter.value)) : undefined;
}

/** One path must be followed for an `and`: few rows before words, words all together, any of them before everything. */
function best(paths: readonly Path[]): Path {
  if (paths.some(({ kind }) => kind === 'nothing')) return NOTHING;
  const rows = paths.find(({ kind }) => kind === 'rows');
  if (rows) return rows;
  const queries = paths.flatMap((path) => (path.kind === 'words' ? [path.query] : []));
  if (queries.length > 0) return { kind: 'words', query: queries.slice(0, MOST_QUERIES).join(' AND ') };
  return paths.find(({ kind }) => kind === 'any') ?? ALL;
}

function any(paths: readonly Path[]): Path {
  const some = paths.filter(({ kind }) => kind !== 'nothing');
  if (some.length === 0) return NOTHING;
  if (some.length === 1) return some[0]!;
  if (some.length > MOST_QUERIES || some.some(({ kind }) => kind === 'all')) return ALL;
  return { kind: 'any', paths: some };
}

const MOST_QUERIES = 20;

const BOTH = [
  'objectclass',
  'uid',
  'o',
  'telephonenumber',
  'facsimiletelephonenumber',
  'street',
  'l',
  'st',
  'postalcode',
  'businesscategory',
  'hcidentifier',
  'hcspecialisation',
];
/** Attributes that entries can have. */
const HAS: Readonly<Record<Shelf, ReadonlySet<string>>> = {
  people: new Set([
    ...BOTH,
    ...['cn', 'sn', 'givenname', 'initials', 'generationqualifier', 'mail', 'employeenumber'],
    ...['departmentnumber', 'employeetype', 'description', 'seealso', 'usercertificate'],
    'medicalrecordsdeliveryemailaddress',
  ]),
  organizations: new Set([...BOTH, 'destinationindicator', 'hcregisteredname']),
};

/** Where the words of an attribute stand in the index. */
const COLUMNS: Readonly<Record<string, string>> = {
  // a name that nobody gave is the address
  cn: 'name address',
  sn: 'name address',
  givenname: 'name',
  initials: 'name',
  description: 'name',
  o: 'name',
  hcregisteredname: 'name',
  l: 'place',
  mail: 'address',
  medicalrecordsdeliveryemailaddress: 'address',
};

const CLASSES: Readonly<Record<Shelf, readonly string[]>> = {
  people: ['top', 'person', 'organizationalperson', 'inetorgperson', 'extensibleobject'],
  organizations: ['top', 'organization', 'extensibleobject'],
};

function equal(type: string, text: string, shelf: Shelf): Path {
  const value = comparableAs(type, text);
  switch (type) {
    case 'objectclass':
      return CLASSES[shelf].includes(value) ? ALL : NOTHING;
    case 'mail':
    case 'medicalrecordsdeliveryemailaddress':
      return byAddress(value);
    case 'uid': {
      if (shelf === 'organizations') return byOrganizationUid(value);
      const address = addressOfUid(value);
      return address === undefined ? NOTHING : byAddress(address);
    }
    case 'seealso': {
      const uid = organizationOfDn(value);
      return uid === undefined ? NOTHING : byOrganizationUid(uid);
    }
    case 'employeenumber':
      return byPerson(value);
    case 'destinationindicator':
      return byOrganization("org_npi = ? and org_npi <> ''", value);
    case 'hcidentifier': {
      const npi = /^cms:npi:(\d{10}):active$/.exec(value)?.[1];
      if (npi === undefined) return NOTHING;
      return shelf === 'people' ? byPerson(npi) : byOrganization("org_npi = ? and org_npi <> ''", npi);
    }
    case 'telephonenumber':
      return byOrganization("replace(replace(org_phone, ' ', ''), '-', '') = ? and org_phone <> ''", value);
    case 'st':
      return { kind: 'words', query: `{facet} : (${facet('state', value)})` };
    case 'businesscategory':
    case 'hcspecialisation':
      return shelf === 'people' ? { kind: 'words', query: `{facet} : (${facet('specialty', value)})` } : ALL;
    case 'postalcode':
      return /^\d{5}/.test(value) ? words('place', [`"${value.slice(0, 5)}"`]) : ALL;
    case 'cn':
    case 'sn':
      // what comes behind a name (MD, Jr) is not in the index
      return words(COLUMNS[type]!, named(tokens(value, { left: true, right: true })));
    default: {
      const column = COLUMNS[type];
      return column === undefined ? ALL : words(column, tokens(value, { left: true, right: true }));
    }
  }
}

const byAddress = (address: string): Path => ({
  kind: 'rows',
  sql: 'r.endpoint in (select n from directory_endpoint where address = ?)',
  values: [address],
});
const byPerson = (npi: string): Path => ({
  kind: 'rows',
  sql: "r.practitioner in (select n from directory_practitioner where prov_npi = ? and prov_npi <> '')",
  values: [npi],
});
const byOrganization = (condition: string, value: string): Path => ({
  kind: 'rows',
  sql: `r.organization in (select n from directory_organization where ${condition})`,
  values: [value],
});

/** The organizations of this key, and others that differ in blanks only. The store folds the letters of ASCII. */
export const byOrganizationUid = (uid: string): Path =>
  /^[\0-\x7f]*$/.test(uid)
    ? byOrganization("lower(replace(org_uid, ' ', '')) = ?", uid.toLowerCase().replaceAll(' ', ''))
    : ALL;

/** @param dn normal. The uid in lower case */
export function organizationOfDn(dn: string): string | undefined {
  const [, uid] = /^uid=((?:\\.|[^,\\])*),(.*)$/s.exec(dn) ?? [];
  return uid === undefined ||
    !dn.endsWith(`,${ORGANIZATIONS_DN}`) ||
    dn.slice(4 + uid.length + 1) !== ORGANIZATIONS_DN
    ? undefined
    : unescaped(uid);
}

/** A value of a normal name as it is. */
export const unescaped = (value: string): string =>
  value.replace(/(?:\\[0-9a-f]{2})+/gi, (octets) =>
    Buffer.from(octets.replaceAll('\\', ''), 'hex').toString('utf8'),
  );

function words(columns: string, found: readonly string[]): Path {
  const terms = [...new Set(found)].slice(0, MOST_TERMS);
  return terms.length === 0 ? ALL : { kind: 'words', query: `{${columns}} : (${terms.join(' ')})` };
}

const MOST_TERMS = 8;
/** Shorter beginnings lead to so much that they lead nowhere. */
const SHORTEST_PREFIX = 2;

/**
 * Terms that every value has which contains the text. At an open end the word may go on, so that only its beginning
 * counts on the right, and nothing on the left. Words with other letters than ASCII's are left to the comparison,
 * because the index folds them.
 */
function tokens(text: string, closed: { readonly left: boolean; readonly right: boolean }): string[] {
  const found: string[] = [];
  for (const match of text.toLowerCase().matchAll(/[a-z0-9\u0080-\u{10ffff}]+/gu)) {
    const [word] = match;
    const begins = closed.left || match.index > 0;
    const ends = closed.right || match.index + word.length < text.length;
    if (!begins || !/^[a-z0-9]+$/.test(word)) continue;
    if (ends) found.push(`"${word}"`);
    else if (word.length >= SHORTEST_PREFIX) found.push(`"${word}"*`);
  }
  return found;
}

/** Of a person's name the first two words that are surely part of it. */
function named(found: readonly string[]): readonly string[] {
  const sure = found.filter((term) => term.length > 3 && !BEHIND.has(term));
  return sure.slice(0, 2);
}

const BEHIND: ReadonlySet<string> = new Set(
  ['jr', 'sr', 'ii', 'iii', 'iv', 'md', 'do', 'phd', 'np', 'pa', 'rn', 'dds', 'dmd', 'esq', 'facp'].map(
    (word) => `"${word}"`,
  ),
);
