import { describe, expect, it } from 'vitest';
import { createTree } from '../../src/ldap/entries.ts';
import { RESULT, START_TLS } from '../../src/ldap/result.ts';
import { ask, server, talk } from './talk.ts';
import { certificate, person } from './tree.ts';
import * as wire from './wire.ts';

const DONE = 0x65;
const ENTRY = 0x64;

describe('searches', () => {
  const mail = (value: string): Uint8Array => wire.equal('mail', value);
  const filterB = wire.and(
    mail('bob@direct.example'),
    wire.or(wire.present('userCertificate;binary'), wire.present('userCertificate')),
  );
  const certificates = { 'userCertificate;binary': [certificate('bob 1'), certificate('bob 2')] };
  const bob = 'cn=bob,ou=people,o=one';
  it.each<[string, wire.SearchParts, number, Record<string, object>, string?]>([
    // names of answers (wire-facts §5)
    [
      'userCertificate',
      { base: 'o=one', filter: mail('bob@direct.example'), attributes: ['userCertificate'] },
      0,
      { [bob]: certificates },
    ],
    [
      'userCertificate;binary',
      { base: 'o=one', filter: mail('bob@direct.example'), attributes: ['userCertificate;binary'] },
      0,
      { [bob]: certificates },
    ],
    [
      'any case',
      {
        base: 'O=ONE',
        filter: mail('BOB@direct.EXAMPLE'),
        attributes: ['USERCERTIFICATE;BINARY', 'usercertificate'],
      },
      0,
      { [bob]: certificates },
    ],
    [
      'the object identifier',
      { base: 'o=one', filter: mail('bob@direct.example'), attributes: ['2.5.4.36'] },
      0,
      { [bob]: certificates },
    ],
    [
      'filter B',
      { base: 'o=one', filter: filterB, attributes: ['userCertificate;binary', 'userCertificate'] },
      0,
      { [bob]: certificates },
    ],
    ['1.1', { base: 'o=one', filter: mail('bob@direct.example'), attributes: ['1.1'] }, 0, { [bob]: {} }],
    [
      'typesOnly',
      {
        base: 'o=one',
        filter: mail('bob@direct.example'),
        attributes: ['mail', 'userCertificate'],
        typesOnly: true,
      },
      0,
      { [bob]: { mail: [], 'userCertificate;binary': [] } },
    ],
    [
      'an unknown attribute',
      { base: 'o=one', filter: mail('bob@direct.example'), attributes: ['nonsense'] },
      0,
      { [bob]: {} },
    ],
    [
      '+ on an entry',
      { base: 'o=one', filter: mail('bob@direct.example'), attributes: ['+'] },
      0,
      { [bob]: {} },
    ],
    // scopes
    ['base', { base: bob, scope: 0, attributes: ['1.1'] }, 0, { [bob]: {} }],
    [
      'base with a filter that does not match',
      { base: bob, scope: 0, filter: mail('x'), attributes: ['1.1'] },
      0,
      {},
    ],
    [
      'one level',
      { base: 'o=one', scope: 1, attributes: ['1.1'] },
      0,
      { 'cn=star,o=one': {}, 'ou=people,o=one': {} },
    ],
    [
      'subtree',
      { base: 'dc=two,dc=example', scope: 2, attributes: ['1.1'] },
      0,
      { 'dc=two,dc=example': {}, 'cn=domain,dc=two,dc=example': {} },
    ],
    [
      'another context does not see it',
      { base: 'dc=two,dc=example', filter: mail('bob@direct.example') },
      0,
      {},
    ],
    // REQ-LDAP-19
    ['nobody', { base: 'o=one', filter: mail('nobody@direct.example') }, 0, {}],
    [
      'a star means a star',
      { base: 'o=one', filter: mail('a*b(c)d@direct.example'), attributes: ['mail'] },
      0,
      { 'cn=star,o=one': { mail: [Buffer.from('a*b(c)d@direct.example')] } },
    ],
    // results
    ['a missing base', { base: 'cn=x,cn=y,o=one' }, 32, {}, 'o=one'],
    ['a missing context', { base: 'o=three' }, 32, {}, ''],
    ['the root with subtree', { base: '', scope: 2 }, 32, {}, ''],
    ['a bad name', { base: 'nonsense' }, 34, {}],
    [
      'size limit',
      { base: 'o=one', size: 1, filter: wire.present('mail'), attributes: ['1.1'] },
      4,
      { 'cn=star,o=one': {} },
    ],
  ])('%s', async (_what, parts, code, entries, matchedDn) => {
    const { addr } = await server();
    const found = await ask(addr, wire.search(7, parts), Object.keys(entries).length + 1);
    expect(found.map(({ id, tag }) => [id, tag])).toEqual([
      ...Object.keys(entries).map(() => [7, ENTRY]),
      [7, DONE],
    ]);
    expect(Object.fromEntries(found.slice(0, -1).map(({ dn, attributes }) => [dn, attributes]))).toEqual(
      entries,
    );
    expect(found.at(-1)).toMatchObject({ code, matchedDn: matchedDn ?? '' });
  });

  it('every user attribute with * and with nothing', async () => {
    const { addr } = await server();
    for (const attributes of [[], ['*'], ['*', '+']]) {
      const [entry] = await ask(addr, wire.search(1, { base: bob, scope: 0, attributes }), 2);
      expect(Object.keys(entry!.attributes!)).toEqual([
        'objectClass',
        'cn',
        'sn',
        'mail',
        'userCertificate;binary',
      ]);
    }
  });
});

describe('root DSE (RFC 4512 §5.1, REQ-LDAP-06)', () => {
  const rootOf = async (attributes: string[]): Promise<Record<string, string[]>> => {
    const { addr } = await server();
    const [entry] = await ask(addr, wire.search(1, { base: '', scope: 0, attributes }), 2);
    return Object.fromEntries(
      Object.entries(entry!.attributes!).map(([name, values]) => [name, values.map(String)]),
    );
  };
  it.each([
    [['namingContexts'], { namingContexts: ['o=one', 'dc=two,dc=example'] }],
    [['NAMINGCONTEXTS'], { namingContexts: ['o=one', 'dc=two,dc=example'] }],
    [['supportedldapversion'], { supportedLDAPVersion: ['3'] }],
    [['*'], { objectClass: ['top', 'extensibleObject'] }],
    [[], { objectClass: ['top', 'extensibleObject'] }],
    [['1.1'], {}],
  ])('%j', async (attributes, expected) => {
    expect(await rootOf(attributes)).toEqual(expected);
  });

  it('tells everything with +', async () => {
    expect(await rootOf(['+'])).toMatchObject({
      namingContexts: ['o=one', 'dc=two,dc=example'],
      supportedLDAPVersion: ['3'],
      subschemaSubentry: ['cn=subschema'],
    });
  });

  it('leads to a subschema that names userCertificate', async () => {
    const { addr } = await server();
    const parts = {
      base: 'cn=Subschema',
      scope: 0,
      filter: wire.equal('objectClass', 'subschema'),
      attributes: ['attributeTypes'],
    };
    const [entry] = await ask(addr, wire.search(1, parts), 2);
    expect(entry!.attributes!['attributeTypes']!.join('\n')).toContain("NAME 'userCertificate'");
  });
});

describe('everything but searches', () => {
  it.each<[string, Uint8Array, number, number]>([
    ['anonymous bind', wire.bind(1), 0x61, RESULT.success],
    ['LDAPv2 bind', wire.bind(1, 2), 0x61, RESULT.protocolError],
    ['SASL bind', wire.saslBind(1), 0x61, RESULT.authMethodNotSupported],
    ['name without password', wire.bind(1, 3, 'cn=bob'), 0x61, RESULT.unwillingToPerform],
    ['name with password', wire.bind(1, 3, 'cn=bob', 'x'), 0x61, RESULT.invalidCredentials],
    ['bind with a bad name', wire.bind(1, 3, 'bob'), 0x61, RESULT.invalidDNSyntax],
    ['add', wire.add(1, 'cn=x,o=one'), 0x69, RESULT.unwillingToPerform],
    ['modify', wire.modify(1, 'cn=x,o=one'), 0x67, RESULT.unwillingToPerform],
    ['delete', wire.del(1, 'cn=bob,ou=people,o=one'), 0x6b, RESULT.unwillingToPerform],
    ['modify name', wire.modifyDn(1, 'cn=x,o=one'), 0x6d, RESULT.unwillingToPerform],
    ['delete of a bad name', wire.del(1, 'nonsense'), 0x6b, RESULT.invalidDNSyntax],
    [
      'compare, equal',
      wire.compare(1, 'cn=bob,ou=people,o=one', 'MAIL', 'BOB@direct.example'),
      0x6f,
      RESULT.compareTrue,
    ],
    ['compare, not equal', wire.compare(1, 'cn=bob,ou=people,o=one', 'mail', 'x'), 0x6f, RESULT.compareFalse],
    ['compare of nobody', wire.compare(1, 'cn=x,o=one', 'mail', 'x'), 0x6f, RESULT.noSuchObject],
    ['unknown extension', wire.extended(1, '1.2.3'), 0x78, RESULT.protocolError],
    ['StartTLS without a key', wire.extended(1, START_TLS), 0x78, RESULT.protocolError],
    [
      'critical unknown control',
      wire.message(1, wire.searchOp(), wire.control('1.2.3', true)),
      DONE,
      RESULT.unavailableCriticalExtension,
    ],
    [
      'a filter of an unknown kind',
      wire.search(1, { filter: Uint8Array.of(0xaa, 0) }),
      DONE,
      RESULT.protocolError,
    ],
    // ldapjs reads no end in such a name: it must not get it.
    ['bind as #61 b', wire.bind(1, 3, 'cn=#61 b', 'x'), 0x61, RESULT.invalidDNSyntax],
    ['search in #61 b', wire.search(1, { base: 'cn=#61 b' }), DONE, RESULT.invalidDNSyntax],
    ['delete of #61 b', wire.del(1, 'cn=#61 b'), 0x6b, RESULT.invalidDNSyntax],
    ['modify name to #61 b', wire.modifyDn(1, 'o=one', 'cn=#61 b'), 0x6d, RESULT.invalidDNSyntax],
    ['modify name below #61 b', wire.modifyDn(1, 'o=one', 'cn=a', 'o=#61 b'), 0x6d, RESULT.invalidDNSyntax],
    ['modify name to nonsense', wire.modifyDn(1, 'o=one', 'zz'), 0x6d, RESULT.invalidDNSyntax],
  ])('%s', async (_what, bytes, tag, code) => {
    const { addr } = await server();
    const connection = talk(addr);
    expect(await connection.ask(bytes, 1)).toMatchObject([{ id: 1, tag, code }]);
    // and the connection goes on
    expect((await connection.ask(wire.bind(2), 2))[1]).toMatchObject({ id: 2, tag: 0x61, code: 0 });
  });

  it('ignores a control that is not critical', async () => {
    const { addr } = await server();
    const bytes = wire.message(1, wire.searchOp({ base: 'o=one', scope: 0 }), wire.control('1.2.3', false));
    expect((await ask(addr, bytes, 2)).at(-1)).toMatchObject({ code: 0 });
  });

  it('unbind closes the connection without an answer', async () => {
    const { addr } = await server();
    const connection = talk(addr);
    connection.socket.write(wire.unbind(1));
    await connection.closed;
    expect(connection.received().length).toBe(0);
  });
});

describe('limits (REQ-LDAP-17)', () => {
  const many = createTree({
    namingContexts: ['o=one'],
    entries: Array.from({ length: 300 }, (_, i) =>
      person(`cn=p${i},o=one`, i < 150 ? 'same@d.example' : `p${i}@d.example`),
    ),
  });
  const parts = { base: 'o=one', attributes: ['mail'] };
  it.each<[string, wire.SearchParts, object, number, number]>([
    ['(mail=*) is not enumerated', { filter: wire.present('mail') }, {}, 20, 11],
    ['nor by substrings', { filter: wire.substrings('mail', '', ['@'], '') }, {}, 20, 11],
    ['nor by not', { filter: wire.not(wire.equal('mail', 'x')) }, {}, 20, 11],
    ['nor with a size limit of the client', { filter: wire.present('mail'), size: 50 }, {}, 20, 11],
    ['unless it asks for less', { filter: wire.present('mail'), size: 5 }, {}, 5, 4],
    ['all of one mail, up to the limit', { filter: wire.equal('mail', 'same@d.example') }, {}, 100, 11],
    [
      'all of one mail, up to the client’s',
      { filter: wire.equal('mail', 'same@d.example'), size: 50 },
      {},
      50,
      4,
    ],
    ['too much work', { filter: wire.equal('cn', 'p299') }, { work: 100 }, 0, 11],
    ['an answer too large', { filter: wire.equal('mail', 'same@d.example') }, { answerOctets: 1000 }, 22, 11],
  ])('%s', async (_what, more, limits, entries, code) => {
    const { addr } = await server({ tree: many, limits });
    const found = await ask(addr, wire.search(1, { ...parts, ...more }), entries + 1);
    expect(found.filter(({ tag }) => tag === ENTRY)).toHaveLength(entries);
    expect(found.at(-1)).toMatchObject({ tag: DONE, code });
  });

  it('ends connections over the limit with a notice', async () => {
    const { addr } = await server({ limits: { connections: 1 } });
    const first = talk(addr);
    await first.ask(wire.bind(1), 1);
    const second = talk(addr);
    await second.closed;
    expect(await second.ask(Buffer.alloc(0), 1)).toMatchObject([{ id: 0, tag: 0x78, code: RESULT.busy }]);
    first.socket.destroy();
  });

  it('ends a connection that only drips', async () => {
    const { addr } = await server({ limits: { idleMs: 150 } });
    const connection = talk(addr);
    const bytes = wire.bind(1);
    let at = 0;
    const drip = setInterval(() => connection.socket.write(bytes.subarray(at % 10, (at++ % 10) + 1)), 20);
    await connection.closed;
    clearInterval(drip);
    expect(await connection.ask(Buffer.alloc(0), 1)).toMatchObject([{ id: 0, code: RESULT.unavailable }]);
  });
});

describe('the seam', () => {
  it('changes what is sent, and nothing else', async () => {
    const { addr, events } = await server({
      answer: (search, reference, { bound }) =>
        search.base === ''
          ? { result: RESULT.insufficientAccessRights, entries: [] }
          : { ...reference, references: ['ldap://elsewhere'], diagnostic: bound ? 'bound' : 'not bound' },
    });
    expect(await ask(addr, wire.search(1, { base: '', scope: 0 }))).toMatchObject([{ code: 50 }]);
    const found = await ask(
      addr,
      Buffer.concat([wire.bind(1), wire.search(2, { base: 'o=one', scope: 0 })]),
      4,
    );
    expect(found.map(({ tag }) => tag)).toEqual([0x61, ENTRY, 0x73, DONE]);
    expect(found[3]).toMatchObject({ code: 0, diagnostic: 'bound' });
    expect(events.map(({ summary }) => summary)).toMatchObject([
      { op: 'connect' },
      { op: 'search', base: '', scope: 'base', result: 'insufficientAccessRights', entries: 0 },
      { op: 'connect' },
      { op: 'bind', result: 'success' },
      {
        op: 'search',
        base: 'o=one',
        filter: '(objectClass=*)',
        result: 'success',
        entries: 1,
        certificates: 0,
      },
    ]);
  });

  it('answers later, never, or with a failure; abandon takes a search back', async () => {
    const later: (() => void)[] = [];
    const { addr } = await server({
      answer: (search, reference) => {
        if (search.base === 'o=one') {
          return new Promise((resolve) => later.push(() => resolve(reference)));
        }
        throw new Error('broken on purpose');
      },
    });
    const connection = talk(addr);
    const asked = Buffer.concat([
      wire.search(1, { base: 'o=one', scope: 0 }),
      wire.search(2, { base: 'o=one', scope: 0 }),
      wire.abandon(3, 1),
      wire.search(4, { base: 'dc=two,dc=example' }),
    ]);
    expect(await connection.ask(asked, 1)).toMatchObject([
      { id: 4, code: RESULT.other, diagnostic: 'broken on purpose' },
    ]);
    for (const resolve of later) resolve();
    expect((await connection.ask(wire.bind(5), 4)).map(({ id }) => id).sort()).toEqual([2, 2, 4, 5]);
  });

  it('can refuse the anonymous bind', async () => {
    const { addr } = await server({ bind: () => RESULT.inappropriateAuthentication });
    expect(await ask(addr, wire.bind(1))).toMatchObject([
      { tag: 0x61, code: RESULT.inappropriateAuthentication },
    ]);
  });

  it('asks for the tree at each request', async () => {
    let current = createTree({ namingContexts: ['o=one'], entries: [] });
    const { addr } = await server({ tree: () => current });
    const question = wire.search(1, {
      base: 'o=one',
      filter: wire.equal('mail', 'p@d.example'),
      attributes: ['mail'],
    });
    expect(await ask(addr, question)).toHaveLength(1);
    current = createTree({ namingContexts: ['o=one'], entries: [person('cn=p,o=one', 'p@d.example')] });
    expect(await ask(addr, question, 2)).toHaveLength(2);
  });
});

describe('what a stranger may do', () => {
  const search = (id: number) =>
    wire.search(id, { base: 'o=one', filter: wire.equal('mail', 'nobody@direct.example') });

  it('more searches in a minute than the limit are told busy', async () => {
    const { addr } = await server({ limits: { searchesPerMinute: 3 } });
    const answers = await talk(addr).ask(Buffer.concat([1, 2, 3, 4].map(search)), 4);
    expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, RESULT.busy]);
    const [again] = await talk(addr).ask(search(1), 1);
    expect(again?.code).toBe(RESULT.busy);
  });
});
