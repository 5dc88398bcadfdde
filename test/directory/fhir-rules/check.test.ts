import { describe, expect, it } from 'vitest';
import { faultsOf } from './check.ts';

const bundle = () => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: 3,
  link: [{ relation: 'self', url: 'http://h/fhir/Organization?name=a' }] as Record<string, unknown>[],
  entry: [
    {
      fullUrl: 'http://h/fhir/Organization/o1',
      resource: {
        resourceType: 'Organization',
        id: 'o1',
        meta: { versionId: '1', lastUpdated: '2026-11-20T12:00:00.000Z' },
        identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1' }],
        active: true,
        name: 'A',
        telecom: [{ system: 'phone', value: '+1' }],
        address: [{ line: ['1 Main'], city: 'X', state: 'OH' }],
        endpoint: [{ reference: 'Endpoint/e1' }],
      } as Record<string, unknown>,
      search: { mode: 'match' } as Record<string, unknown>,
    },
    {
      fullUrl: 'http://h/fhir/Endpoint/e1',
      resource: {
        resourceType: 'Endpoint',
        id: 'e1',
        status: 'active',
        connectionType: { system: 'http://s', code: 'direct-project' },
        payloadType: [{ coding: [{ system: 'http://s', code: 'not-applicable' }] }],
        address: 'mailto:a@b.example',
      } as Record<string, unknown>,
      search: { mode: 'include' } as Record<string, unknown>,
    },
    {
      resource: {
        resourceType: 'OperationOutcome',
        issue: [{ severity: 'warning', code: 'too-costly', diagnostics: 'x' }],
      } as Record<string, unknown>,
      search: { mode: 'outcome' } as Record<string, unknown>,
    },
  ],
});

type Bundle = ReturnType<typeof bundle>;

const capability = () => ({
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2026-11-20',
  kind: 'instance',
  implementation: { description: 'x' },
  fhirVersion: '4.0.1',
  format: ['json'],
  rest: [
    {
      mode: 'server',
      resource: [{ type: 'Endpoint', searchParam: [{ name: '_id', type: 'token' }] }] as object[],
    },
  ] as object[],
});

const organization = (of: Bundle) => of.entry[0]!.resource;
const endpoint = (of: Bundle) => of.entry[1]!.resource;

const MUTATIONS: readonly (readonly [string, RegExp, (of: Bundle) => void])[] = [
  ['an element that there is not', /\.colour: no such element/, (b) => (organization(b)['colour'] = 'x')],
  ['an empty list', /identifier: an empty list/, (b) => (organization(b)['identifier'] = [])],
  ['an empty object', /address\[0\]: an empty object/, (b) => (organization(b)['address'] = [{}])],
  ['an empty string', /name: an empty string/, (b) => (organization(b)['name'] = '')],
  ['only blanks', /name: only blanks/, (b) => (organization(b)['name'] = '  ')],
  ['null', /name: null/, (b) => (organization(b)['name'] = null)],
  ['a list where one stands', /name: expected one value/, (b) => (organization(b)['name'] = ['A'])],
  [
    'one where a list stands',
    /address: expected a list/,
    (b) => (organization(b)['address'] = { city: 'X' }),
  ],
  ['a number as text', /total: unsignedInt as string/, (b) => Object.assign(b, { total: '3' })],
  ['a negative total', /total: no unsignedInt/, (b) => (b.total = -1)],
  ['a boolean as text', /active: boolean as string/, (b) => (organization(b)['active'] = 'true')],
  ['an id with an underline', /id: no id/, (b) => (organization(b)['id'] = 'o_1')],
  ['an id that is too long', /id: no id/, (b) => (organization(b)['id'] = 'o'.repeat(65))],
  [
    'a day as instant',
    /lastUpdated: no instant/,
    (b) => (organization(b)['meta'] = { lastUpdated: '2026-11-20' }),
  ],
  [
    'a day that there is not',
    /lastUpdated: no (instant|day)/,
    (b) => (organization(b)['meta'] = { lastUpdated: '2026-13-40T00:00:00Z' }),
  ],
  ['a URL with a blank', /address: no url/, (b) => (endpoint(b)['address'] = 'mailto:a b')],
  [
    'a code with a blank at its end',
    /code: no code/,
    (b) => (endpoint(b)['connectionType'] = { code: 'x ' }),
  ],
  ['an endpoint without payload', /payloadType: required/, (b) => delete endpoint(b)['payloadType']],
  ['an endpoint without status', /status: required/, (b) => delete endpoint(b)['status']],
  ['an endpoint without address', /address: required/, (b) => delete endpoint(b)['address']],
  ['a status that there is not', /status: not of the required/, (b) => (endpoint(b)['status'] = 'on')],
  [
    'a way to call that there is not',
    /system: not of the required/,
    (b) => (organization(b)['telecom'] = [{ system: 'telex', value: '1' }]),
  ],
  ['cpt-2', /invariant cpt-2/, (b) => (organization(b)['telecom'] = [{ value: '1' }])],
  [
    'org-1',
    /invariant org-1/,
    (b) => {
      delete organization(b)['name'];
      delete organization(b)['identifier'];
    },
  ],
  ['org-2', /invariant org-2/, (b) => (organization(b)['address'] = [{ use: 'home', city: 'X' }])],
  ['org-3', /invariant org-3/, (b) => (organization(b)['telecom'] = [{ system: 'phone', use: 'home' }])],
  [
    'a reference to the wrong type',
    /to Practitioner; expected Endpoint/,
    (b) => (organization(b)['endpoint'] = [{ reference: 'Practitioner/p' }]),
  ],
  [
    'a reference that is none',
    /no literal reference/,
    (b) => (organization(b)['endpoint'] = [{ reference: 'e1' }]),
  ],
  ['an empty reference', /endpoint\[0\]: an empty reference/, (b) => (organization(b)['endpoint'] = [{}])],
  ['a control character', /control character/, (b) => (organization(b)['name'] = 'A\u0001')],
  ['bdl-1', /invariant bdl-1/, (b) => (b.type = 'collection')],
  ['bdl-2', /invariant bdl-2/, (b) => (b.type = 'collection')],
  ['bdl-5', /invariant bdl-5/, (b) => Object.assign(b.entry[0]!, { resource: undefined })],
  ['bdl-7', /invariant bdl-7/, (b) => (b.entry[1] = structuredClone(b.entry[0]!))],
  ['bdl-8', /invariant bdl-8/, (b) => (b.entry[0]!.fullUrl = 'http://h/fhir/Organization/o1/_history/1')],
  ['a type of bundle that there is not', /type: not of the required/, (b) => (b.type = 'search')],
  [
    'a search without self',
    /invariant search: self/,
    (b) => (b.link = [{ relation: 'next', url: 'http://h' }]),
  ],
  ['two links of a kind', /invariant links/, (b) => b.link.push(b.link[0]!)],
  ['an outcome as match', /invariant search: modes/, (b) => (b.entry[2]!.search = { mode: 'match' })],
  ['more matches than in total', /invariant search: total/, (b) => (b.total = 0)],
  ['matches of two types', /invariant search: one type/, (b) => (b.entry[1]!.search = { mode: 'match' })],
  [
    'a fullUrl of something else',
    /invariant fullUrl/,
    (b) => (b.entry[0]!.fullUrl = 'http://h/fhir/Organization/o2'),
  ],
  ['a mode that there is not', /mode: not of the required/, (b) => (b.entry[0]!.search = { mode: 'hit' })],
  [
    'an issue code that there is not',
    /code: not of the required/,
    (b) => (b.entry[2]!.resource['issue'] = [{ severity: 'error', code: 'wrong' }]),
  ],
  ['an outcome without issues', /issue: required/, (b) => delete b.entry[2]!.resource['issue']],
  [
    'a resource that there is not',
    /no resource of a known type/,
    (b) => (endpoint(b)['resourceType'] = 'Mailbox'),
  ],
];

const told = (resource: unknown): string[] => faultsOf(resource).map(({ at, what }) => `${at}: ${what}`);

describe('the structure rules of FHIR R4', () => {
  it('have nothing against what is right', () => {
    expect(told(bundle())).toEqual([]);
    expect(told(capability())).toEqual([]);
  });

  it.each(MUTATIONS)('find %s', (_, expected, mutate) => {
    const broken = bundle();
    mutate(broken);
    expect(told(broken).join('\n')).toMatch(expected);
  });

  it.each([
    ['cpb-1', { rest: undefined }],
    ['cpb-2', { implementation: undefined }],
    ['cpb-14', { implementation: undefined, software: { name: 'x' } }],
    ['cpb-15', { kind: 'capability' }],
    ['cpb-16', { kind: 'requirements' }],
    ['cpb-9', { rest: [{ mode: 'server', resource: [{ type: 'Endpoint' }, { type: 'Endpoint' }] }] }],
    [
      'cpb-12',
      {
        rest: [
          {
            mode: 'server',
            resource: [
              {
                type: 'Endpoint',
                searchParam: [
                  { name: 'a', type: 'token' },
                  { name: 'a', type: 'uri' },
                ],
              },
            ],
          },
        ],
      },
    ],
  ])('find %s', (key, change) => {
    expect(told({ ...capability(), ...change }).join('\n')).toContain(`invariant ${key}`);
  });
});
