import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Reader } from '../../src/directory/access.ts';
import { openDirectory } from '../../src/directory/directory.ts';
import { directoryTrees } from '../../src/directory/ldap/tree.ts';
import { displayName } from '../../src/directory/record.ts';
import { addressEntry, organizationEntry } from '../../src/directory/write/ldif-text.ts';
import { answerSearch } from '../../src/ldap/answer.ts';
import type { LdapTree } from '../../src/ldap/entries.ts';
import { type Filter, formatFilter } from '../../src/ldap/filter.ts';
import { createSelections } from '../../src/ldap/selection.ts';
import { realHost } from '../../src/net/real.ts';
import { freshDirectory, some, take, written } from './fixture.ts';

/** Generated ones, and a few whose words an index could lose. */
const records = [
  ...some(120),
  ...some(6, 3).map((record, i) => ({
    ...record,
    DIRECT_ADDRESS: `odd_${i}.x'y@direct.odd-place.example`,
    PROV_UID: '',
    PROV_NPI: '',
    PROV_FIRST_NAME: ['Zoë', '', 'Ann', 'J', "D'Arcy", 'İpek'][i]!,
    PROV_LAST_NAME: ['Muñoz-Gray', '', 'Lee MD', 'van  der Berg', 'O’Neil', 'Straße'][i]!,
    PROV_SUFFIX: ['FACP', '', 'Jr. MD', '', 'III', ''][i]!,
    SERVICE_DESCRIPTION: ['', '', 'Cardio*logy (West)', '', '', ''][i]!,
    ORG_UID: ['', 'ODD,1', 'a+b="c"', ' lead', 'x#y', '#z'][i]!,
    ORG_NAME: ['Café 24/7', 'A & B', 'Ünlü Clinic', 'U.S. Health', 'x', 'Ärzte-Haus'][i]!,
    ORG_CITY: ['San José', 'St. Paul', 'O’Fallon', 'Winston-Salem', 'Xi', 'Köln'][i]!,
    ORG_PHONE: ['', '+1 614-555-0101', '+16145550102', '', '', ''][i]!,
  })),
];

const reader: Reader = { kind: 'participant', id: 'acme', name: 'x', bulk: true };
const who = { reader, again: () => reader };
let tree: LdapTree;
let all: LdapTree;
beforeAll(async () => {
  const directory = await freshDirectory();
  expect((await take(directory, written('csv', records))).state).toBe('applied');
  const reading = await openDirectory(realHost(), { file: directory.handle.file, readOnly: true });
  tree = directoryTrees(reading).treeFor(who);
  all = { ...tree, candidates: () => undefined };
});

const ATTRIBUTES = [
  ...['mail', 'uid', 'cn', 'sn', 'givenName', 'initials', 'generationQualifier', 'o', 'l', 'st', 'street'],
  ...['postalCode', 'telephoneNumber', 'employeeNumber', 'destinationIndicator', 'departmentNumber'],
  ...['employeeType', 'businessCategory', 'description', 'seeAlso', 'objectClass', 'hcIdentifier'],
  ...['medicalRecordsDeliveryEmailAddress', 'hcRegisteredName', 'pager', 'nonsense', 'ou'],
];

/** Values that entries have under a name, so that most filters find something. */
const valuesOf = new Map<string, string[]>();
for (const record of records) {
  for (const { attributes } of [addressEntry(record), organizationEntry(record)]) {
    for (const [name, value] of attributes) valuesOf.set(name, [...(valuesOf.get(name) ?? []), value]);
  }
  valuesOf.set('cn', [...(valuesOf.get('cn') ?? []), displayName(record)]);
}
const spelled = (text: string): fc.Arbitrary<string> =>
  fc.constantFrom(text, text.toUpperCase(), text.toLowerCase(), text.replaceAll(' ', '  '), ` ${text} `);
const values = (attribute: string): fc.Arbitrary<string> => {
  const known = [...new Set(valuesOf.get(attribute) ?? valuesOf.get('mail')!)];
  return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: fc.string() });
};
const octets = (text: string): Buffer => Buffer.from(text, 'utf8');

const item: fc.Arbitrary<Filter> = fc.constantFrom(...ATTRIBUTES).chain((attribute) =>
  fc.oneof(
    fc.constant<Filter>({ kind: 'present', attribute }),
    values(attribute)
      .chain(spelled)
      .map((value): Filter => ({ kind: 'equal', attribute, value: octets(value) })),
    fc
      .tuple(values(attribute), fc.nat(30), fc.nat(30), fc.nat(30), fc.nat(7))
      .map(([value, a, b, c, which]): Filter => {
        const [first = 0, second = 0, third = 0] = [a, b, c]
          .map((n) => n % (value.length + 1))
          .sort((x, y) => x - y);
        const initial = which & 1 ? value.slice(0, first) : '';
        const middle = which & 2 ? value.slice(first, second) : '';
        const final = which & 4 ? value.slice(third) : '';
        const any = middle === '' && initial === '' && final === '' ? ['a'] : [middle].filter(Boolean);
        return {
          kind: 'substrings',
          attribute,
          any: any.map(octets),
          ...(initial && { initial: octets(initial) }),
          ...(final && { final: octets(final) }),
        };
      }),
    values(attribute).map((value): Filter => ({ kind: 'greaterOrEqual', attribute, value: octets(value) })),
  ),
);
const filters = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    item,
    fc.array(tie('filter'), { maxLength: 3 }).map((parts): Filter => ({ kind: 'and', filters: parts })),
    fc.array(tie('filter'), { maxLength: 3 }).map((parts): Filter => ({ kind: 'or', filters: parts })),
    tie('filter').map((filter): Filter => ({ kind: 'not', filter })),
  ),
})).filter;

const limits = { entries: 1e6, enumeration: 1e6, work: 1e9, timeS: 100 };
function found(on: LdapTree, filter: Filter, base: string, scope: 'one' | 'sub', size: number): string[] {
  const selections = createSelections(1e6);
  const search = {
    ...{ base, scope, derefAliases: 0, sizeLimit: 0, timeLimitS: 0, typesOnly: false },
    ...{ filter, attributes: ['1.1'] },
  };
  const names: string[] = [];
  let page = { after: -1, sent: 0 };
  for (;;) {
    const answer = answerSearch({ ...on, limits }, search, selections.of(['1.1'], false), {
      limits,
      extensions: [],
      mono: () => 0,
      page: { ...page, size },
    });
    names.push(...answer.entries.map(({ dn }) => dn));
    if (!answer.next) return names;
    page = answer.next;
  }
}

it('an index leads to all that a look at everything finds, once and in the same order, in pages of any size', () => {
  const bases = fc.constantFrom(
    'o=directory',
    'ou=people,o=directory',
    'ou=organizations,o=directory',
    organizationEntry(records[0]!).dn,
    addressEntry(records[0]!).dn,
  );
  const scopes = fc.constantFrom('one' as const, 'sub' as const);
  fc.assert(
    fc.property(filters, bases, scopes, fc.constantFrom(1, 7, 1000), (filter, base, scope, size) => {
      expect(found(tree, filter, base, scope, size), formatFilter(filter)).toEqual(
        found(all, filter, base, scope, 1000),
      );
    }),
    { numRuns: 200 },
  );
});
