import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditLines } from '../../../src/directory/audit.ts';
import { choose } from '../../../src/directory/choices.ts';
import type { Directory } from '../../../src/directory/directory.ts';
import { PARAMETERS } from '../../../src/directory/fhir/parameters.ts';
import { type DirectoryRecord, emptyRecord } from '../../../src/directory/record.ts';
import { fhirText } from '../../../src/directory/write/fhir-text.ts';
import { faultsOf } from '../../directory/fhir-rules/check.ts';
import { freshDirectory, some, take, written } from '../../directory/fixture.ts';
import { type Served, serve, TOKEN } from './served.ts';

const record = (more: Partial<DirectoryRecord>): DirectoryRecord => ({ ...emptyRecord(), ...more });

/** What makes resources go wrong: missing values, blanks, marks, days that are none. */
const ODD: readonly DirectoryRecord[] = [
  record({ DIRECT_ADDRESS: 'alone@odd.example' }),
  record({ DIRECT_ADDRESS: 'npi@odd.example', PROV_NPI: '1234567893', PROV_SPECIALTY: ' 207Q00000X ' }),
  record({ DIRECT_ADDRESS: 'blank@odd.example', ORG_NAME: 'Blank', ORG_ADDR1: ' ', ORG_CITY: ' ' }),
  record({ DIRECT_ADDRESS: 'day@odd.example', ORG_NAME: 'Day', LAST_UPDATED: '2026-99-99' }),
  record({
    DIRECT_ADDRESS: 'm@odd.example',
    PROV_LAST_NAME: 'Muñoz',
    PROV_FIRST_NAME: 'Ângela',
    ORG_NAME: 'Österr',
  }),
  record({
    DIRECT_ADDRESS: 'd@odd.example',
    SERVICE_DESCRIPTION: 'Lab 100% _results',
    ORG_UID: 'x',
    ORG_NPI: '1',
  }),
];

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReturnType<typeof JSON.parse>;
}

let directory: Directory;
let served: Served;
const records = some(300);

const ask = async (
  path: string,
  { key = served.keys.bulk, ...init }: RequestInit & { key?: string } = {},
): Promise<Answer> => {
  const answer = await served.app.request(path.startsWith('http') ? path : `http://localhost/fhir${path}`, {
    ...init,
    headers: { ...(key === '' ? {} : { authorization: `Bearer ${key}` }), ...init.headers },
  });
  const text = await answer.text();
  const body = text === '' ? undefined : JSON.parse(text);
  if (body !== undefined) {
    expect(faultsOf(body)).toEqual([]);
    expect(answer.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
  }
  return { status: answer.status, headers: answer.headers, body };
};

const resources = ({ body }: Answer, mode = 'match') =>
  (body.entry ?? [])
    .filter((one: { search: { mode: string } }) => one.search.mode === mode)
    .map((one: { resource: unknown }) => one.resource);

const addresses = (answer: Answer): string[] =>
  resources(answer)
    .map((one: { address: string }) => one.address.replace('mailto:', ''))
    .sort();

beforeAll(async () => {
  directory = await freshDirectory('acme', 'beta');
  await take(directory, written('ndjson', [...records, ...ODD]));
  served = serve(directory);
});

const one = records.find(
  ({ PROV_MIDDLE_NAME, PROV_LAST_NAME }) => PROV_MIDDLE_NAME !== '' && PROV_LAST_NAME !== '',
)!;
const department = records.find(({ ADDRESS_TYPE }) => ADDRESS_TYPE === 'department')!;

const of = (fits: (record: DirectoryRecord) => boolean): string[] =>
  [...records, ...ODD]
    .filter(fits)
    .map(({ DIRECT_ADDRESS }) => DIRECT_ADDRESS)
    .sort();
const orgs = (fits: (record: DirectoryRecord) => boolean): number =>
  new Set(
    [...records, ...ODD]
      .filter((each) => each.ORG_NAME + each.ORG_UID !== '' && fits(each))
      .map((each) => each.ORG_UID || each.ORG_NAME),
  ).size;
const starts = (value: string, text: string): boolean => value.toLowerCase().startsWith(text.toLowerCase());

describe('metadata', () => {
  it('says what can be searched, and how', async () => {
    const { status, body } = await ask('/metadata', { key: '' });
    expect([status, body.fhirVersion, body.kind]).toEqual([200, '4.0.1', 'instance']);
    const types = body.rest[0].resource.map(({ type }: { type: string }) => type);
    expect(types).toEqual(['Organization', 'Location', 'Practitioner', 'PractitionerRole', 'Endpoint']);
  });

  it('tells no parameter that is not answered, and answers none that it does not tell', async () => {
    const { body } = await ask('/metadata');
    for (const { type, searchParam } of body.rest[0].resource) {
      for (const { name, type: kind } of searchParam) {
        const value = kind === 'reference' ? 'o'.padEnd(33, '0') : 'zz';
        expect((await ask(`/${type}?${name}=${value}`)).status, `${type} ${name}`).toBe(200);
      }
    }
  });
});

describe('a search', () => {
  const state = one.ORG_STATE;
  const prefix = one.ORG_NAME.slice(0, 5);
  const cases: readonly (readonly [string, () => number])[] = [
    [`/Organization?name=${prefix.toUpperCase()}`, () => orgs((r) => starts(r.ORG_NAME, prefix))],
    ['/Organization?name=osterr', () => 1],
    ['/Organization?name:exact=Österr', () => 1],
    ['/Organization?name:exact=osterr', () => 0],
    [
      `/Organization?name:contains=${prefix.slice(1)}`,
      () => orgs((r) => r.ORG_NAME.toLowerCase().includes(prefix.slice(1))),
    ],
    [`/Organization?identifier=${one.ORG_NPI}`, () => orgs((r) => r.ORG_NPI === one.ORG_NPI)],
    [`/Organization?identifier=http://hl7.org/fhir/sid/us-npi|${one.ORG_NPI}`, () => 1],
    [`/Organization?identifier=urn:anchorage:directory:uid|${one.ORG_UID}`, () => 1],
    [`/Organization?identifier=urn:else|${one.ORG_UID}`, () => 0],
    [`/Organization?address-state=${state.toLowerCase()}`, () => orgs((r) => r.ORG_STATE === state)],
    [
      `/Organization?address-city=${one.ORG_CITY.slice(0, 4)}`,
      () => orgs((r) => starts(r.ORG_CITY, one.ORG_CITY.slice(0, 4))),
    ],
    [
      `/Organization?address-postalcode=${one.ORG_ZIP.slice(0, 3)}`,
      () => orgs((r) => starts(r.ORG_ZIP, one.ORG_ZIP.slice(0, 3))),
    ],
    [`/Organization?address=${one.ORG_ADDR1}`, () => orgs((r) => r.ORG_ADDR1 === one.ORG_ADDR1)],
    [
      `/Organization?address-state=${state}&type=${one.ORG_SPECIALTY}`,
      () => orgs((r) => r.ORG_STATE === state && r.ORG_SPECIALTY === one.ORG_SPECIALTY),
    ],
    [`/Organization?address-state=OH,CA`, () => orgs((r) => ['OH', 'CA'].includes(r.ORG_STATE))],
    ['/Organization?name:missing=true', () => orgs((r) => r.ORG_NAME === '')],
    [`/Location?address-state=${state}`, () => orgs((r) => r.ORG_STATE === state)],
    [
      `/Location?name=${prefix}`,
      () => orgs((r) => starts(r.ORG_NAME, prefix) && r.ORG_ADDR1 !== '' && r.ORG_ADDR1 !== ' '),
    ],
    [
      `/Location?organization.name=${prefix}`,
      () => orgs((r) => starts(r.ORG_NAME, prefix) && r.ORG_ADDR1 !== '' && r.ORG_ADDR1 !== ' '),
    ],
    [`/Practitioner?identifier=${one.PROV_NPI}`, () => 1],
    [
      `/Practitioner?family=${one.PROV_LAST_NAME}`,
      () => of((r) => starts(r.PROV_LAST_NAME, one.PROV_LAST_NAME)).length,
    ],
    [
      `/Practitioner?given=${one.PROV_MIDDLE_NAME}`,
      () =>
        of(
          (r) =>
            starts(r.PROV_FIRST_NAME, one.PROV_MIDDLE_NAME) ||
            starts(r.PROV_MIDDLE_NAME, one.PROV_MIDDLE_NAME),
        ).length,
    ],
    [`/Practitioner?name=${one.PROV_FIRST_NAME} ${one.PROV_LAST_NAME}&identifier=${one.PROV_NPI}`, () => 1],
    ['/Practitioner?family=munoz', () => 1],
    ['/Practitioner?given=angela', () => 1],
    ['/Practitioner?given=munoz', () => 0],
    ['/Practitioner?name=MUÑ', () => 1],
    ['/Practitioner?family:exact=munoz', () => 0],
    ['/Practitioner?family:contains=uño', () => 1],
    [
      `/Practitioner?name=${prefix}`,
      () =>
        of((r) =>
          [r.PROV_LAST_NAME, r.PROV_FIRST_NAME, r.PROV_MIDDLE_NAME].some((name) => starts(name, prefix)),
        ).length,
    ],
    [
      `/PractitionerRole?specialty=${one.PROV_SPECIALTY}`,
      () => of((r) => r.PROV_SPECIALTY.trim() === one.PROV_SPECIALTY).length,
    ],
    [`/PractitionerRole?organization.name=${prefix}`, () => of((r) => starts(r.ORG_NAME, prefix)).length],
    [
      `/PractitionerRole?organization:Organization.address-state=${state}`,
      () => of((r) => r.ORG_STATE === state).length,
    ],
    [
      `/PractitionerRole?location.address-state=${state}&specialty=${one.PROV_SPECIALTY}`,
      () => of((r) => r.ORG_STATE === state && r.PROV_SPECIALTY === one.PROV_SPECIALTY).length,
    ],
    [
      `/PractitionerRole?practitioner.family=${one.PROV_LAST_NAME}`,
      () => of((r) => starts(r.PROV_LAST_NAME, one.PROV_LAST_NAME)).length,
    ],
    [`/PractitionerRole?endpoint.address=${one.DIRECT_ADDRESS}`, () => 1],
    [
      '/PractitionerRole?practitioner:missing=true',
      () => of((r) => r.PROV_NPI + r.PROV_LAST_NAME === '').length,
    ],
    [`/Endpoint?address=${one.DIRECT_ADDRESS.toUpperCase()}`, () => 1],
    [`/Endpoint?address=mailto:${one.DIRECT_ADDRESS}`, () => 1],
    [`/Endpoint?identifier=urn:ietf:rfc:3986|mailto:${one.DIRECT_ADDRESS}`, () => 1],
    ['/Endpoint?status=off', () => of((r) => r.ENDPOINT_VERIFIED_ON === '').length],
    [
      '/Endpoint?status=off&connection-type=direct-project',
      () => of((r) => r.ENDPOINT_VERIFIED_ON === '').length,
    ],
    ['/Endpoint?connection-type=hl7-fhir-rest', () => 0],
    [
      `/Endpoint?name=${department.SERVICE_DESCRIPTION.slice(0, 4)}`,
      () => of((r) => starts(r.SERVICE_DESCRIPTION, department.SERVICE_DESCRIPTION.slice(0, 4))).length,
    ],
    ['/Endpoint?name=Lab 100% _', () => 1],
    ['/Endpoint?name=Lab 100_ ', () => 0],
    [`/Endpoint?organization.name=${prefix}`, () => of((r) => starts(r.ORG_NAME, prefix)).length],
    ['/Endpoint', () => records.length + ODD.length],
  ];
  it.each(cases)('%s', async (path, expected) => {
    const answer = await ask(`${path}${path.includes('?') ? '&' : '?'}_count=1000`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.body.total).toBe(expected());
    expect(resources(answer)).toHaveLength(expected());
  });

  it('finds by reference, and by id, what it gave', async () => {
    const [role] = resources(await ask(`/PractitionerRole?practitioner.identifier=${one.PROV_NPI}`));
    for (const [element, type, more] of [
      ['practitioner', 'Practitioner', [role.practitioner]],
      ['organization', 'Organization', [role.organization]],
      ['location', 'Location', role.location],
      ['endpoint', 'Endpoint', role.endpoint],
    ]) {
      const [{ reference }] = more;
      const read = await ask(`/${reference}`);
      expect([read.status, read.body.resourceType]).toEqual([200, type]);
      expect(resources(await ask(`/${type}?_id=${read.body.id}`))).toEqual([read.body]);
      for (const form of [reference, read.body.id, `http://localhost/fhir/${reference}`]) {
        const found = resources(await ask(`/PractitionerRole?${element}=${form}&_count=1000`));
        expect(found, `${element}=${form}`).toContainEqual(role);
      }
    }
    expect(addresses(await ask(`/Endpoint?organization=${role.organization.reference}`))).toEqual(
      of((r) => r.ORG_UID === one.ORG_UID),
    );
  });

  it('is the same by POST', async () => {
    const got = await ask(`/Organization?name=${prefix}`);
    const posted = await ask('/Organization/_search', {
      method: 'POST',
      body: `name=${prefix}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(posted.body).toEqual(got.body);
    expect((await ask(`/Organization/_search?name=${prefix}`)).body).toEqual(got.body);
  });

  it('brings what belongs to it', async () => {
    const forward = await ask(
      `/PractitionerRole?organization.name=${prefix}&_include=PractitionerRole:practitioner&_include=PractitionerRole:organization&_include=PractitionerRole:endpoint&_include=PractitionerRole:location&_count=1000`,
    );
    const present = new Set(
      forward.body.entry.map(
        ({ resource }: { resource: { resourceType: string; id: string } }) =>
          `${resource.resourceType}/${resource.id}`,
      ),
    );
    for (const role of resources(forward)) {
      for (const { reference } of [
        role.practitioner,
        role.organization,
        ...role.location,
        ...role.endpoint,
      ].filter(Boolean)) {
        expect(present).toContain(reference);
      }
    }
    const back = await ask(
      `/Organization?name=${prefix}&_revinclude=Endpoint:organization&_revinclude=PractitionerRole:organization&_revinclude=Location:organization&_include:iterate=PractitionerRole:practitioner`,
    );
    const count = (type: string) =>
      resources(back, 'include').filter(({ resourceType }: { resourceType: string }) => resourceType === type)
        .length;
    expect(count('Endpoint')).toBe(of((r) => starts(r.ORG_NAME, prefix)).length);
    expect(count('PractitionerRole')).toBe(count('Endpoint'));
    expect(count('Practitioner')).toBe(of((r) => starts(r.ORG_NAME, prefix) && r.PROV_NPI !== '').length);
    const own = await ask(`/Organization?name=${prefix}&_include=Organization:endpoint`);
    expect(resources(own, 'include')).toHaveLength(
      of((r) => starts(r.ORG_NAME, prefix) && r.PROV_NPI === '').length,
    );
  });

  it('gives parts of resources, marked as such', async () => {
    const [summary] = resources(await ask('/Endpoint?_count=1&_summary=true'));
    expect(summary.meta.tag[0].code).toBe('SUBSETTED');
    const [part] = resources(await ask('/Organization?_count=1&_elements=address'));
    expect(Object.keys(part).sort()).toEqual(['address', 'id', 'identifier', 'meta', 'name', 'resourceType']);
    const only = await ask('/Endpoint?_summary=count');
    expect([only.body.total, only.body.entry]).toEqual([records.length + ODD.length, undefined]);
    expect((await ask('/Endpoint?_total=none&_count=1')).body.total).toBeUndefined();
  });
});

describe('pages', () => {
  it('go through everything once, and do not hear of what comes meanwhile', async () => {
    const own = await freshDirectory('acme');
    await take(own, written('ndjson', records));
    served = serve(own);
    try {
      const seen: string[] = [];
      let next: string | undefined = 'http://localhost/fhir/Endpoint?_count=70';
      for (let page = 0; next !== undefined; page++) {
        const answer: Answer = await ask(next);
        expect(answer.body.total).toBe(records.length);
        seen.push(...addresses(answer));
        next = answer.body.link.find(({ relation }: { relation: string }) => relation === 'next')?.url;
        expect((next ?? '').length).toBeLessThan(400);
        // what was on the pages before goes, what is new comes
        if (page === 1) await take(own, written('ndjson', [...some(320).slice(30)]));
      }
      expect(seen.sort()).toEqual(records.map(({ DIRECT_ADDRESS }) => DIRECT_ADDRESS).sort());
      expect((await ask('/Endpoint')).body.total).toBe(290);
    } finally {
      served = serve(directory);
    }
  });

  it('are only for the search and the reader that they were given to', async () => {
    const { body } = await ask('/Endpoint?status=active&_count=2');
    const next = body.link[1].url as string;
    expect((await ask(next)).status).toBe(200);
    expect((await ask(next, { key: served.keys.plain })).status).toBe(400);
    expect((await ask(next.replace('active', 'off'))).status).toBe(400);
    const broken = await ask(next.replace(/_page=...../, '_page=AAAAA'));
    expect([broken.status, broken.body.issue[0].location]).toEqual([400, ['http._page']]);
  });
});

describe('a mistake', () => {
  const cases: readonly (readonly [string, number, string, string | undefined, RegExp])[] = [
    ['/Organization?nane=x', 400, 'not-supported', 'http.nane', /is "name" meant\?.*expected one of/],
    ['/Organization?name=', 400, 'value', 'http.name', /expected a value/],
    ['/Organization?name=a,,b', 400, 'value', 'http.name', /expected a value/],
    ['/Organization?name:fuzzy=x', 400, 'not-supported', 'http.name:fuzzy', /name:exact/],
    ['/Organization?identifier=a|b|c', 400, 'value', 'http.identifier', /one vertical bar/],
    ['/Organization?identifier=http://x|', 400, 'value', 'http.identifier', /a system alone/],
    ['/Organization?name:missing=perhaps', 400, 'value', 'http.name:missing', /true, false/],
    [
      '/PractitionerRole?organization=Practitioner/x',
      400,
      'value',
      'http.organization',
      /a Practitioner does not stand here/,
    ],
    [
      '/PractitionerRole?organization=https://else.example/fhir/Organization/1',
      400,
      'value',
      'http.organization',
      /to this server/,
    ],
    ['/PractitionerRole?specialty.name=x', 400, 'not-supported', 'http.specialty.name', /organization\.…/],
    [
      '/PractitionerRole?organization.endpoint.name=x',
      400,
      'not-supported',
      'http.organization.endpoint.name',
      /one step/,
    ],
    ['/Practitioner?name=a', 400, 'too-costly', 'http.name', /at least 2/],
    ['/Practitioner?name=--', 400, 'too-costly', 'http.name', /letters or digits/],
    ['/Organization?name:contains=ab', 400, 'too-costly', 'http.name:contains', /at least 3/],
    ['/Organization?_count=-1', 400, 'value', 'http._count', /whole number/],
    ['/Organization?_summary=some', 400, 'value', 'http._summary', /count, true, false/],
    [
      '/Organization?_include=Endpoint:organization',
      400,
      'not-supported',
      'http._include',
      /Organization:endpoint/,
    ],
    [
      '/Organization?_revinclude=Practitioner:x',
      400,
      'not-supported',
      'http._revinclude',
      /PractitionerRole:organization/,
    ],
    ['/Organization?_format=xml', 406, 'not-supported', 'http._format', /expected json/],
    ['/Patient', 404, 'not-supported', undefined, /expected one of Organization/],
    ['/Patient/1', 404, 'not-supported', undefined, /no resource type "Patient"/],
    ['/Endpoint/%zz', 404, 'not-found', undefined, /no Endpoint with the id/],
    ['/Endpoint/nobody', 404, 'not-found', undefined, /no Endpoint with the id/],
    ['/Endpoint/1/_history/1', 404, 'not-supported', undefined, /Expected \[type\]/],
    ['/', 404, 'not-supported', undefined, /metadata/],
    [
      `/Endpoint?${Array.from({ length: 41 }, () => 'status=off').join('&')}`,
      400,
      'too-costly',
      undefined,
      /at most 40/,
    ],
    [
      `/Endpoint?status=${Array.from({ length: 21 }, () => 'off').join(',')}`,
      400,
      'too-costly',
      'http.status',
      /at most 20/,
    ],
    [
      `/Practitioner?name=${'ab,'.repeat(10)}cd&family=${'ab,'.repeat(10)}cd`,
      400,
      'too-costly',
      'http.family',
      /More than 20 texts in all/,
    ],
    [`/Endpoint?name=${'x'.repeat(9000)}`, 400, 'too-long', undefined, /at most 8192/],
  ];
  it.each(cases)('%s', async (path, status, code, at, diagnostics) => {
    const answer = await ask(path);
    const [issue] = answer.body.issue;
    expect([answer.status, issue.code, issue.location?.[0]]).toEqual([status, code, at]);
    expect(issue.diagnostics).toMatch(diagnostics);
  });

  it('is told together with others', async () => {
    const { body } = await ask('/Organization?a=1&b=2&name=');
    expect(body.issue).toHaveLength(3);
  });

  it('of an unknown parameter is passed over where that is asked for, and told', async () => {
    const answer = await ask('/Organization?colour=red&name=osterr', {
      headers: { prefer: 'handling=lenient' },
    });
    expect([answer.status, answer.body.total]).toEqual([200, 1]);
    expect(resources(answer, 'outcome')[0].issue[0]).toMatchObject({
      severity: 'warning',
      location: ['http.colour'],
    });
    expect(answer.body.link[0].url).not.toContain('colour');
    const wrong = await ask('/Organization?name=', { headers: { prefer: 'handling=lenient' } });
    expect(wrong.status).toBe(400);
  });

  it.each([
    ['POST', '/Organization', 405, 'GET, HEAD'],
    ['PUT', '/Organization/x', 405, 'GET, HEAD'],
    ['DELETE', '/Organization/x', 405, 'GET, HEAD'],
    ['PATCH', '/Organization/_search', 405, 'POST'],
    ['POST', '/', 405, 'GET, HEAD'],
  ])('%s %s', async (method, path, status, allow) => {
    const answer = await ask(path, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow]);
  });

  it('of form', async () => {
    expect((await ask('/Endpoint?status=off', { headers: { accept: 'application/fhir+xml' } })).status).toBe(
      406,
    );
    expect((await ask('/Endpoint?status=off', { headers: { accept: 'text/html, */*;q=0.1' } })).status).toBe(
      200,
    );
    expect((await ask('/Endpoint?status=off&_format=application/fhir+json')).status).toBe(200);
    const posted = await ask('/Endpoint/_search', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(posted.status).toBe(415);
  });
});

describe('a read', () => {
  it('tells its version, and not again what is known', async () => {
    const [endpoint] = resources(await ask(`/Endpoint?address=${one.DIRECT_ADDRESS}`));
    const read = await ask(`/Endpoint/${endpoint.id}`);
    const etag = read.headers.get('etag')!;
    expect(etag).toBe(`W/"${endpoint.meta.versionId}"`);
    expect(read.headers.get('last-modified')).toBe(new Date(endpoint.meta.lastUpdated).toUTCString());
    const again = await ask(`/Endpoint/${endpoint.id}`, { headers: { 'if-none-match': etag } });
    expect([again.status, again.body]).toEqual([304, undefined]);
  });

  it('keeps the id over changes, and says what is gone', async () => {
    const own = await freshDirectory('acme');
    const before = { ...records[1]!, ORG_PHONE: '+16145550100' };
    await take(own, written('ndjson', [before, records[9]!]));
    served = serve(own);
    try {
      const ids = async () => {
        const [role] = resources(await ask(`/PractitionerRole?practitioner.identifier=${before.PROV_NPI}`));
        const parts = [role.organization, role.practitioner, role.endpoint[0]];
        return [
          role,
          ...(await Promise.all(parts.map(async (one) => (await ask(`/${one.reference}`)).body))),
        ];
      };
      const first = await ids();
      await take(
        own,
        written('ndjson', [{ ...before, ORG_PHONE: '+16145550101', PROV_ROLE: 'Other' }, records[9]!]),
      );
      const second = await ids();
      expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
      expect(second[1].telecom[0].value).toBe('+16145550101');
      expect(second[1].meta.versionId).not.toBe(first[1].meta.versionId);
      await take(own, written('ndjson', [records[9]!]));
      for (const { resourceType, id } of first) {
        const gone = await ask(`/${resourceType}/${id}`);
        expect([gone.status, gone.body.issue[0].code], resourceType).toEqual([410, 'deleted']);
      }
    } finally {
      served = serve(directory);
    }
  });
});

describe('a reader', () => {
  it('without a key sees what is public, and must say what it looks for', async () => {
    const key = '';
    const path = `/Endpoint?address=${one.DIRECT_ADDRESS}`;
    expect((await ask(path, { key })).body.total).toBe(0);
    const hidden = resources(await ask(path))[0].id;
    expect((await ask(`/Endpoint/${hidden}`, { key })).status).toBe(404);
    choose(directory, {
      subject: 'organization',
      key: `acme/${one.ORG_UID}`,
      choice: 'public',
      by: 'op',
      reason: '',
    });
    try {
      expect((await ask(path, { key })).body.total).toBe(1);
      expect((await ask(`/Endpoint/${hidden}`, { key })).status).toBe(200);
      expect((await ask('/Organization?address=US', { key })).body.total).toBe(1);
      for (const broad of ['?status=active', '?organization.active=true', '?organization:missing=false']) {
        expect((await ask(`/Endpoint${broad}`, { key })).status).toBe(403);
      }
      const listing = await ask('/Endpoint', { key });
      expect([listing.status, listing.body.issue[0].code]).toEqual([403, 'forbidden']);
      expect((await ask('/Endpoint', { key: served.keys.plain })).status).toBe(403);
    } finally {
      directory.handle.exec('delete from directory_choice');
    }
  });

  it('without the right to take all gets no further than its reach', async () => {
    choose(directory, { subject: 'contributor', key: 'acme', choice: 'public', by: 'op', reason: '' });
    try {
      let next: string | undefined = '/Endpoint?organization.address=US';
      let count = 0;
      let last: Answer | undefined;
      while (next !== undefined) {
        last = await ask(next, { key: '' });
        count += resources(last).length;
        next = last.body.link.find(({ relation }: { relation: string }) => relation === 'next')?.url;
      }
      expect(count).toBe(60);
      expect(resources(last!, 'outcome')[0].issue[0].diagnostics).toMatch(
        /without a key a search ends after 60/,
      );
    } finally {
      directory.handle.exec('delete from directory_choice');
    }
  });

  it('never sees patients, nor what is withheld', async () => {
    const own = await freshDirectory('acme');
    await take(
      own,
      'DIRECT_ADDRESS,ADDRESS_TYPE,PROV_LAST_NAME\na@d.example,patient,Lark\nb@d.example,person,Lark\n',
    );
    served = serve(own);
    try {
      expect(addresses(await ask('/Endpoint'))).toEqual(['b@d.example']);
      expect((await ask('/Practitioner?name=lark')).body.total).toBe(1);
      choose(own, { subject: 'address', key: 'b@d.example', choice: 'never', by: 'op', reason: '' });
      expect((await ask('/Practitioner?name=lark')).body.total).toBe(0);
      expect((await ask('/Endpoint', { key: TOKEN })).body.total).toBe(2);
    } finally {
      served = serve(directory);
    }
  });

  it('with a wrong key is told so, and one that asks too often has to wait', async () => {
    const wrong = await ask('/Endpoint?status=off', { key: 'adk_wrong' });
    expect([wrong.status, wrong.body.issue[0].code]).toEqual([401, 'login']);
    expect(wrong.headers.get('www-authenticate')).toContain('Bearer');
    const basic = (name: string) => ({
      key: '',
      headers: { authorization: `Basic ${Buffer.from(`${name}:${served.keys.plain}`).toString('base64')}` },
    });
    expect((await ask('/Endpoint?address=a@b.example', basic('acme'))).status).toBe(200);
    expect((await ask('/Endpoint?address=a@b.example', basic('beta'))).status).toBe(401);
    served = serve(directory, 'acme', {
      public: { burst: 2, perMinute: 6 },
      participant: { burst: 2, perMinute: 6 },
    });
    try {
      for (const key of [served.keys.plain, '']) {
        for (let i = 0; i < 2; i++)
          expect((await ask('/Endpoint?address=a@b.example', { key })).status).toBe(200);
        const much = await ask('/Endpoint?address=a@b.example', { key });
        expect([much.status, much.body.issue[0].code, much.headers.get('retry-after')]).toEqual([
          429,
          'throttled',
          '10',
        ]);
      }
    } finally {
      served = serve(directory);
    }
  });

  it('is written down', async () => {
    await ask('/Practitioner?family=munoz', { key: served.keys.plain });
    served.flush();
    expect(auditLines(directory, { who: 'acme', limit: 1 })[0]).toMatchObject({
      face: 'fhir',
      kind: 'search',
      query: 'Practitioner?family=munoz',
      results: 1,
    });
  });
});

describe('the file that is exported', () => {
  it('is valid as well, also without entries', () => {
    expect(faultsOf(JSON.parse([...fhirText([...records, ...ODD])].join('')))).toEqual([]);
    expect(faultsOf(JSON.parse([...fhirText([])].join('')))).toEqual([]);
  });
});

describe('whatever is asked', () => {
  const TYPES = ['Organization', 'Location', 'Practitioner', 'PractitionerRole', 'Endpoint'] as const;
  const name = fc.oneof(
    fc.constantFrom(
      ...TYPES.flatMap((type) => [...PARAMETERS[type].keys()]),
      ...['_include', '_revinclude', '_count', '_page', '_elements', '_summary', '_total', '_format'],
      ...['organization.name', 'location.address', 'practitioner.name:contains', 'endpoint.address'],
      ...['name:exact', 'name:contains', 'family:exact', 'identifier:missing', 'address:contains'],
    ),
    fc.string({ maxLength: 12 }),
  );
  const value = fc.oneof(
    fc.constantFrom(
      'true',
      'a',
      'Lark',
      "o'x",
      '%',
      '_',
      '"',
      '*',
      'NEAR',
      'a OR b',
      '\\',
      'x|',
      '|x',
      'a,b',
      '\u0000',
      '-',
      '{name} : x',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );

  it('is answered, or told what is wrong with it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...TYPES),
        fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (type, pairs, lenient) => {
          const { status, body } = await ask(`/${type}?${new URLSearchParams(pairs)}`, {
            headers: lenient ? { prefer: 'handling=lenient' } : {},
          });
          expect([200, 400, 406], JSON.stringify(body)).toContain(status);
          expect(body.resourceType).toBe(status === 200 ? 'Bundle' : 'OperationOutcome');
        },
      ),
      { numRuns: 150 },
    );
  });

  it('ids and marks that were not given open nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...TYPES),
        fc.string({ minLength: 1, maxLength: 70 }),
        async (type, id) => {
          const read = await ask(`/${type}/${encodeURIComponent(id)}`);
          expect([404]).toContain(read.status);
          expect((await ask(`/${type}?_page=${encodeURIComponent(id)}`)).status).toBe(400);
        },
      ),
      { numRuns: 50 },
    );
  });
});
