import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from '../../src/asn1/write.ts';
import { choose } from '../../src/directory/choices.ts';
import { type Directory, openDirectory } from '../../src/directory/directory.ts';
import { addKey, revokeKey } from '../../src/directory/keys.ts';
import { type DirectoryLdap, serveDirectoryLdap } from '../../src/directory/ldap/server.ts';
import type { DirectoryRecord } from '../../src/directory/record.ts';
import { organizationEntry, personUid } from '../../src/directory/write/ldif-text.ts';
import type { Filter } from '../../src/ldap/filter.ts';
import { parseFilter } from '../../src/ldap/filter-text.ts';
import { RESULT } from '../../src/ldap/result.ts';
import { realHost } from '../../src/net/real.ts';
import { askWhole, type Talk, talk } from '../ldap/talk.ts';
import * as wire from '../ldap/wire.ts';
import { freshDirectory, some, take, written } from './fixture.ts';

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

interface Served {
  readonly directory: Directory;
  readonly ldap: DirectoryLdap;
  readonly key: string;
  readonly bulk: string;
  readonly keyId: string;
  readonly asked: string[];
}

/** A directory with the records, and its LDAP on a second handle for reading, as in a thread of its own. */
async function served(records: readonly DirectoryRecord[]): Promise<Served> {
  const directory = await freshDirectory('acme');
  await take(directory, written('csv', records));
  const { key, made } = addKey(directory, { hisp: 'acme', by: 'test' });
  const { key: bulk } = addKey(directory, { hisp: 'acme', by: 'test', bulk: true });
  const host = realHost();
  const reading = await openDirectory(host, { file: directory.handle.file, readOnly: true });
  const asked: string[] = [];
  const ldap = await serveDirectoryLdap(host, reading, {
    at: { host: '127.0.0.1', port: 0 },
    certificatesOf: (address) =>
      address === records[1]!.DIRECT_ADDRESS.toLowerCase() ? [Buffer.from('certificate')] : [],
    asked: (reader, { query, kind, results }) => asked.push(`${reader.kind} ${kind} ${query} ${results}`),
  });
  closing.push(
    () => reading.close(),
    () => ldap.close(),
  );
  return { directory, ldap, key, bulk, keyId: made.id, asked };
}

const records = some(200);
let here: Served;
beforeAll(async () => {
  here = await served(records);
});

const login = (key: string, id = 'acme'): Buffer =>
  wire.bind(1, 3, `cn=${id},ou=participants,o=directory`, key);

/** A filter as octets. */
function octetsOf(filter: Filter): Uint8Array {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return encode(filter.kind === 'and' ? 0xa0 : 0xa1, ...filter.filters.map(octetsOf));
    case 'not':
      return encode(0xa2, octetsOf(filter.filter));
    case 'present':
      return wire.present(filter.attribute);
    case 'equal':
      return wire.equal(filter.attribute, filter.value);
    case 'substrings': {
      const text = (value?: Uint8Array): string => Buffer.from(value ?? []).toString();
      return wire.substrings(
        filter.attribute,
        text(filter.initial),
        filter.any.map(text),
        text(filter.final),
      );
    }
    default:
      return encode(0xa5, wire.octets(filter.attribute), wire.octets(filter.value));
  }
}

interface Answered {
  readonly names: string[];
  readonly code: number | undefined;
  readonly diagnostic: string | undefined;
  readonly entries: readonly { dn?: string; attributes?: Record<string, Buffer[]> }[];
}

async function answered(conversation: Talk, parts: wire.SearchParts & { text?: string }): Promise<Answered> {
  const skip = wire.answers(conversation.received()).length;
  const filter = parts.text === undefined ? parts.filter : octetsOf(parseFilter(parts.text));
  const search = { base: 'o=directory', ...parts, ...(filter && { filter }) };
  conversation.socket.write(wire.search(9, search));
  for (let count = skip + 1; ; count++) {
    const found = (await conversation.ask(Buffer.alloc(0), count)).slice(skip);
    const last = found.at(-1);
    if (last?.tag !== 0x65) continue;
    const entries = found.slice(0, -1);
    return {
      names: entries.map(({ dn = '' }) => dn).sort(),
      code: last.code,
      diagnostic: last.diagnostic,
      entries,
    };
  }
}

async function participant(server: Served, key = server.key): Promise<Talk> {
  const conversation = talk(server.ldap.addr);
  expect(await conversation.ask(login(key), 1)).toMatchObject([{ code: RESULT.success }]);
  return conversation;
}

const people = (...some: readonly DirectoryRecord[]): string[] =>
  some.map((record) => `uid=${personUid(record)},ou=people,o=directory`).sort();
const organizations = (...some: readonly DirectoryRecord[]): string[] =>
  [...new Set(some.map((record) => organizationEntry(record).dn))].sort();

const [first, second] = [records[0]!, records[1]!];
const where = (test: (record: DirectoryRecord) => boolean): DirectoryRecord[] => records.filter(test);
const cut = (text: string, from: number, to: number): string => text.slice(from, to);

const FILTERS: readonly [string, readonly string[]][] = [
  [`(mail=${second.DIRECT_ADDRESS.toUpperCase()})`, people(second)],
  [`(medicalRecordsDeliveryEmailAddress=${second.DIRECT_ADDRESS})`, people(second)],
  ['(mail=nobody@nowhere.example)', []],
  [
    `(mail=${cut(second.DIRECT_ADDRESS, 0, 5)}*)`,
    people(...where((one) => one.DIRECT_ADDRESS.startsWith(cut(second.DIRECT_ADDRESS, 0, 5)))),
  ],
  [
    `(mail=*@${second.DIRECT_ADDRESS.split('@')[1]})`,
    people(...where((one) => one.DIRECT_ADDRESS.endsWith(`@${second.DIRECT_ADDRESS.split('@')[1]}`))),
  ],
  [`(uid=${personUid(second).toUpperCase()})`, people(second)],
  [`(uid=${second.ORG_UID.toUpperCase()})`, organizations(second)],
  [`(employeeNumber=${second.PROV_NPI})`, people(second)],
  [`(hcIdentifier=CMS:NPI:${second.PROV_NPI}:Active)`, people(second)],
  [`(destinationIndicator=${second.ORG_NPI})`, organizations(second)],
  [
    `(sn=${second.PROV_LAST_NAME.toLowerCase()})`,
    people(...where((one) => one.PROV_LAST_NAME === second.PROV_LAST_NAME)),
  ],
  [
    `(sn=${cut(second.PROV_LAST_NAME, 0, 3)}*)`,
    people(
      ...where((one) =>
        (one.PROV_LAST_NAME || one.SERVICE_DESCRIPTION).startsWith(cut(second.PROV_LAST_NAME, 0, 3)),
      ),
    ),
  ],
  [
    `(&(givenName=${second.PROV_FIRST_NAME})(sn=${second.PROV_LAST_NAME})(l=${second.ORG_CITY}))`,
    people(second),
  ],
  [
    `(cn=${[second.PROV_FIRST_NAME, second.PROV_MIDDLE_NAME, second.PROV_LAST_NAME, second.PROV_SUFFIX].filter(Boolean).join('  ')})`,
    people(second),
  ],
  [
    `(o=${second.ORG_NAME})`,
    [
      ...organizations(...where((one) => one.ORG_NAME === second.ORG_NAME)),
      ...people(...where((one) => one.ORG_NAME === second.ORG_NAME)),
    ].sort(),
  ],
  [
    `(&(objectClass=organization)(o=${cut(second.ORG_NAME, 0, 4)}*))`,
    organizations(...where((one) => one.ORG_NAME.startsWith(cut(second.ORG_NAME, 0, 4)))),
  ],
  [
    `(&(objectClass=inetOrgPerson)(st=${second.ORG_STATE.toLowerCase()}))`,
    people(...where((one) => one.ORG_STATE === second.ORG_STATE)),
  ],
  [
    `(&(objectClass=person)(postalCode=${second.ORG_ZIP}))`,
    people(...where((one) => one.ORG_ZIP === second.ORG_ZIP)),
  ],
  [
    `(telephoneNumber=${cut(second.ORG_PHONE, 0, 2)} ${cut(second.ORG_PHONE, 2, 5)}-${second.ORG_PHONE.slice(5)})`,
    [
      ...organizations(...where((one) => one.ORG_PHONE === second.ORG_PHONE)),
      ...people(...where((one) => one.ORG_PHONE === second.ORG_PHONE)),
    ].sort(),
  ],
  [`(seeAlso=${organizationEntry(second).dn})`, people(...where((one) => one.ORG_UID === second.ORG_UID))],
  [`(|(mail=${first.DIRECT_ADDRESS})(employeeNumber=${second.PROV_NPI}))`, people(first, second)],
  [
    `(&(businessCategory=${second.PROV_SPECIALTY})(objectClass=inetOrgPerson)(!(mail=${second.DIRECT_ADDRESS})))`,
    people(...where((one) => one.PROV_SPECIALTY === second.PROV_SPECIALTY && one !== second)),
  ],
  [
    `(&(employeeType=${second.PROV_ROLE})(o=${second.ORG_NAME}))`,
    people(...where((one) => one.PROV_ROLE === second.PROV_ROLE && one.ORG_NAME === second.ORG_NAME)),
  ],
  ['(&(sn=x)(nonsense=*))', []],
  ['(nonsense=*)', []],
  ['(!(nonsense=*))', []],
  ['(pager=*)', []],
  ['(&(ou=people)(objectClass=organizationalUnit))', []],
  ['(employeeNumber>=1)', []],
];

describe('searches of a participant', () => {
  it.each(FILTERS)('%s', async (text, names) => {
    const conversation = await participant(here, here.bulk);
    const found = await answered(conversation, { text });
    expect(found.code).toBe(RESULT.success);
    const top = ['o=directory', 'ou=organizations,o=directory', 'ou=people,o=directory'];
    expect(found.names.filter((name) => !top.includes(name))).toEqual(names);
  });

  it('read each entry by its name, with one level and all below it', async () => {
    const conversation = await participant(here);
    for (const dn of [...people(second), ...organizations(second)]) {
      for (const scope of [0, 2]) {
        expect((await answered(conversation, { base: dn.toUpperCase(), scope })).names).toEqual([dn]);
      }
      expect(await answered(conversation, { base: dn, scope: 1 })).toMatchObject({ names: [], code: 0 });
    }
    const below = await answered(conversation, { base: 'o=directory', scope: 1 });
    expect(below.names).toEqual(['ou=organizations,o=directory', 'ou=people,o=directory']);
    const missing = await answered(conversation, { base: 'uid=x,ou=people,o=directory' });
    expect(missing.code).toBe(RESULT.noSuchObject);
  });

  it('give the attributes asked for, certificates that are hosted here, other names when asked', async () => {
    const conversation = await participant(here);
    const by = (attributes: string[]) =>
      answered(conversation, { filter: wire.equal('mail', second.DIRECT_ADDRESS), attributes });
    const [all] = (await by([])).entries;
    expect(all!.attributes).toMatchObject({
      mail: [Buffer.from(second.DIRECT_ADDRESS)],
      'userCertificate;binary': [Buffer.from('certificate')],
    });
    expect(Object.keys(all!.attributes!)).not.toContain('hcIdentifier');
    const [asked] = (await by(['hcIdentifier', 'userCertificate', 'MAIL'])).entries;
    expect(Object.keys(asked!.attributes!).sort()).toEqual([
      'hcIdentifier',
      'mail',
      'userCertificate;binary',
    ]);
  });

  it('are compared', async () => {
    const conversation = await participant(here);
    const [dn = ''] = people(second);
    const results = await conversation.ask(
      Buffer.concat([
        wire.compare(2, dn, 'mail', second.DIRECT_ADDRESS.toUpperCase()),
        wire.compare(3, dn, 'sn', 'nobody'),
        wire.compare(4, 'uid=none,ou=people,o=directory', 'sn', 'x'),
      ]),
      4,
    );
    expect(results.slice(1).map(({ code }) => code)).toEqual([6, 5, 32]);
  });

  it('are told to an auditor', async () => {
    const conversation = await participant(here);
    await answered(conversation, { filter: wire.equal('mail', 'audited@d.example') });
    expect(here.asked).toContain('participant search o=directory sub (mail=audited@d.example) 0');
  });
});

describe('who may read', () => {
  it('nobody without a login, but what the server says of itself', async () => {
    const found = await answered(talk(here.ldap.addr), { text: `(mail=${second.DIRECT_ADDRESS})` });
    expect(found).toMatchObject({ names: [], code: RESULT.insufficientAccessRights });
    expect(found.diagnostic).toMatch(/bind as cn=<id of the HISP>,ou=participants,o=directory/);
    const root = await askWhole(here.ldap.addr, wire.search(1, { base: '', scope: 0, attributes: ['+'] }));
    expect(root[0]!.attributes!['namingContexts']).toEqual([Buffer.from('o=directory')]);
  });

  it.each([
    ['a wrong key', 'adk_wrong', 'acme'],
    ['the key of another HISP', undefined, 'other'],
  ])('not with %s', async (_what, key, id) => {
    const server = await served(some(2));
    const conversation = talk(server.ldap.addr);
    const [answer] = await conversation.ask(login(key ?? server.key, id), 1);
    expect(answer).toMatchObject({ code: RESULT.invalidCredentials });
    expect(answer!.diagnostic).toMatch(/a key of that HISP/);
  });

  it('not after wrong keys in a row, for a minute', async () => {
    const server = await served(some(2));
    const conversation = talk(server.ldap.addr);
    const wrong = Buffer.concat([1, 2, 3, 4, 5, 6].map(() => login('adk_wrong')));
    const codes = (await conversation.ask(Buffer.concat([wrong, login(server.key)]), 7)).map(
      ({ code }) => code,
    );
    expect(codes).toEqual([49, 49, 49, 49, 49, 53, 53]);
  });

  it('not with a key that was revoked, also on a connection that stands', async () => {
    const server = await served(some(2));
    const conversation = await participant(server);
    expect(await answered(conversation, { scope: 0 })).toMatchObject({ code: 0 });
    revokeKey(server.directory, server.keyId, 'test');
    expect(await answered(conversation, { scope: 0 })).toMatchObject({ code: 50 });
  });

  it('what may never be shown is not there; what is chosen later counts at once', async () => {
    const own = some(20, 7);
    const server = await served([{ ...own[1]!, ADDRESS_TYPE: 'patient' }, ...own.slice(2)]);
    const conversation = await participant(server);
    const one = own[3]!;
    const ask = (record: DirectoryRecord) =>
      answered(conversation, { filter: wire.equal('mail', record.DIRECT_ADDRESS) });
    expect((await ask(own[1]!)).names).toEqual([]);
    expect((await ask(one)).names).toEqual(people(one));
    const hide = { choice: 'never', by: 'test', reason: '' } as const;
    choose(server.directory, { subject: 'address', key: one.DIRECT_ADDRESS, ...hide });
    expect((await ask(one)).names).toEqual([]);
    expect((await answered(conversation, { base: people(one)[0]! })).code).toBe(RESULT.noSuchObject);
  });

  it('another revision is seen at once', async () => {
    const server = await served(some(20, 8));
    const conversation = await participant(server);
    const [gone] = some(20, 8);
    const [fresh] = some(1, 9);
    await take(server.directory, written('csv', [fresh!]));
    const ask = (record: DirectoryRecord) =>
      answered(conversation, { filter: wire.equal('mail', record.DIRECT_ADDRESS) });
    expect((await ask(gone!)).names).toEqual([]);
    expect((await ask(fresh!)).names).toEqual(people(fresh!));
  });

  it('a password in clear from elsewhere is not looked at', async () => {
    const { directoryLogin } = await import('../../src/directory/ldap/login.ts');
    let looked = 0;
    const login = directoryLogin({ mono: () => 0 }, () => {
      looked += 1;
      return {};
    });
    const password = Buffer.from('key');
    const request = {
      version: 3,
      name: 'cn=acme,ou=participants,o=directory',
      password,
      passwordLength: 3,
    };
    const session = { peer: { host: '192.0.2.1', port: 1 }, conn: 1, tls: false, bound: false };
    expect(login(request, session)).toMatchObject({ result: RESULT.confidentialityRequired });
    expect(looked).toBe(0);
    expect(login(request, { ...session, tls: true })).toMatchObject({ result: 0 });
    expect(login(request, { ...session, peer: { host: '::ffff:127.0.0.1', port: 1 } })).toMatchObject({
      result: 0,
    });
  });
});

describe('the whole directory', () => {
  it('is not read without the right to: some, and why', async () => {
    const conversation = await participant(here);
    const found = await answered(conversation, { filter: wire.present('mail') });
    expect(found.code).toBe(RESULT.adminLimitExceeded);
    expect(found.names).toHaveLength(20);
    expect(found.diagnostic).toMatch(/the right "bulk"/);
  });

  it('is read with it', async () => {
    const conversation = await participant(here, here.bulk);
    const found = await answered(conversation, {});
    expect(found.code).toBe(RESULT.success);
    expect(found.names).toEqual(
      [
        'o=directory',
        'ou=organizations,o=directory',
        'ou=people,o=directory',
        ...organizations(...records),
        ...people(...records),
      ].sort(),
    );
    const cutShort = await answered(conversation, { size: 7 });
    expect([cutShort.code, cutShort.names.length]).toEqual([RESULT.sizeLimitExceeded, 7]);
  });
});
