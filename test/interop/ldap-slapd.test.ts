import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLdap } from '../../src/ldap/client.ts';
import { userCertificates } from '../../src/ldap/entries.ts';
import { serveLdap } from '../../src/ldap/server.ts';
import type { Addr } from '../../src/net/host.ts';
import { realHost } from '../../src/net/real.ts';
import { askWhole } from '../ldap/talk.ts';
import type { Answer } from '../ldap/wire.ts';
import * as wire from '../ldap/wire.ts';
import { BOB, realTree } from './ldap-fixture.ts';
import { peer } from './peers.ts';
import { startSlapd } from './slapd.ts';

const host = realHost({ resolvers: [] });
const closing: (() => Promise<void>)[] = [];
let ours: Addr;
let theirs: Addr;

/** What both must agree on: the same entries with the same values, the result, the matched name. */
const essence = (answers: Answer[]): unknown => ({
  entries: answers
    .filter(({ dn }) => dn !== undefined)
    .map(({ dn, attributes }) => ({
      dn,
      attributes: Object.fromEntries(
        Object.entries(attributes ?? {})
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([name, values]) => [name, values.map((value) => value.toString('latin1')).sort()]),
      ),
    }))
    .sort((a, b) => a.dn!.localeCompare(b.dn!)),
  tag: answers.at(-1)?.tag,
  code: answers.at(-1)?.code,
  matchedDn: answers.at(-1)?.matchedDn,
});

const { equal, present, and, or, not, substrings } = wire;
const mail = equal('mail', 'bob@direct.example');
const binary = present('userCertificate;binary');

const SEARCHES: [string, wire.SearchParts][] = [
  ['mail', { base: 'o=one', filter: mail }],
  ['mail in another case', { base: 'O=One', filter: equal('MAIL', 'BOB@DIRECT.EXAMPLE') }],
  ['userCertificate', { base: 'o=one', filter: mail, attributes: ['userCertificate'] }],
  ['userCertificate;binary', { base: 'o=one', filter: mail, attributes: ['userCertificate;binary'] }],
  ['usercertificate;BINARY', { base: 'o=one', filter: mail, attributes: ['usercertificate;BINARY', 'MAIL'] }],
  [
    'by identifier',
    {
      base: 'o=one',
      filter: equal('0.9.2342.19200300.100.1.3', 'bob@direct.example'),
      attributes: ['2.5.4.36'],
    },
  ],
  [
    'filter B',
    {
      base: 'o=one',
      filter: and(mail, or(binary, present('userCertificate'))),
      attributes: ['userCertificate;binary'],
    },
  ],
  ['presence of certificates', { base: 'o=one', filter: binary, attributes: ['mail'] }],
  [
    'absence of certificates',
    { base: 'o=one', filter: and(present('mail'), not(binary)), attributes: ['mail'] },
  ],
  [
    'typesOnly',
    { base: 'o=one', filter: mail, typesOnly: true, attributes: ['userCertificate', 'mail', 'cn'] },
  ],
  ['1.1', { base: 'o=one', filter: mail, attributes: ['1.1'] }],
  ['1.1 and more', { base: 'o=one', filter: mail, attributes: ['1.1', 'cn'] }],
  ['*', { base: 'o=one', filter: mail, attributes: ['*'] }],
  ['an unknown attribute', { base: 'o=one', filter: mail, attributes: ['nonsense'] }],
  ['base', { base: 'cn=bob,ou=people,o=one', scope: 0 }],
  ['one level', { base: 'o=one', scope: 1, attributes: ['cn', 'ou'] }],
  ['subtree', { base: 'dc=two,dc=example', attributes: ['cn'] }],
  ['substrings', { base: 'o=one', filter: substrings('mail', 'B', ['@'], 'EXAMPLE'), attributes: ['mail'] }],
  ['a star', { base: 'o=one', filter: equal('mail', 'a*b(c)d@direct.example'), attributes: ['mail'] }],
  ['not', { base: 'o=one', filter: and(present('mail'), not(mail)), attributes: ['mail'] }],
  [
    'not of a lacking attribute',
    { base: 'o=one', filter: and(mail, not(equal('title', 'x'))), attributes: ['mail'] },
  ],
  [
    'not of an unknown attribute',
    { base: 'o=one', filter: and(mail, not(equal('nonsense', 'x'))), attributes: ['mail'] },
  ],
  [
    'or with an unknown attribute',
    { base: 'o=one', filter: or(mail, present('nonsense')), attributes: ['mail'] },
  ],
  ['true', { base: 'cn=bob,ou=people,o=one', scope: 0, filter: and(), attributes: ['mail'] }],
  ['false', { base: 'cn=bob,ou=people,o=one', scope: 0, filter: or(), attributes: ['mail'] }],
  ['nobody', { base: 'o=one', filter: equal('mail', 'nobody@direct.example') }],
  ['a missing base', { base: 'cn=x,cn=y,ou=people,o=one' }],
  ['a missing context', { base: 'o=three' }],
  ['no base with subtree', { base: '', scope: 2 }],
  ['a bad name', { base: 'nonsense' }],
  [
    'a size limit',
    { base: 'ou=people,o=one', size: 1, filter: present('mail'), attributes: ['objectClass'] },
  ],
  ['naming contexts', { base: '', scope: 0, attributes: ['namingContexts'] }],
];

const OTHERS: [string, Uint8Array][] = [
  ['anonymous bind', wire.bind(1)],
  ['LDAPv2 bind', wire.bind(1, 2)],
  ['wrong password', wire.bind(1, 3, 'cn=bob,ou=people,o=one', 'wrong')],
  ['name without password', wire.bind(1, 3, 'cn=bob,ou=people,o=one', '')],
  ['bind with a bad name', wire.bind(1, 3, 'nonsense', 'x')],
  ['unknown extension', wire.extended(1, '1.2.3')],
  [
    'unknown critical control',
    wire.message(1, wire.searchOp({ base: 'o=one' }), wire.control('1.2.3', true)),
  ],
  ['compare', wire.compare(1, 'cn=bob,ou=people,o=one', 'mail', 'BOB@direct.example')],
  ['compare, false', wire.compare(1, 'cn=bob,ou=people,o=one', 'mail', 'x')],
  ['compare of a lacking attribute', wire.compare(1, 'cn=bob,ou=people,o=one', 'title', 'x')],
  ['compare of an unknown attribute', wire.compare(1, 'cn=bob,ou=people,o=one', 'nonsense', 'x')],
];

describe.skipIf(!peer('slapd') || !peer('slapadd'))('slapd loaded with our LDIF', () => {
  beforeAll(async () => {
    const slapd = await startSlapd(realTree());
    const server = await serveLdap(host, { at: { host: '127.0.0.1', port: 0 }, tree: realTree() });
    closing.push(
      () => server.close(),
      () => slapd!.stop(),
    );
    ours = server.addr;
    theirs = slapd!.addr;
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  it.each(SEARCHES)('answers like ours: %s', async (_what, parts) => {
    const question = wire.search(1, parts);
    expect(essence(await askWhole(ours, question))).toEqual(essence(await askWhole(theirs, question)));
  });

  it.each(OTHERS)('answers like ours: %s', async (_what, question) => {
    expect(essence(await askWhole(ours, question))).toEqual(essence(await askWhole(theirs, question)));
  });

  it('is understood by our client', async () => {
    const ldap = await connectLdap(host, theirs);
    await ldap.bindAnonymous();
    expect(await ldap.namingContexts()).toEqual(['o=one', 'dc=two,dc=example']);
    const { entries, result } = await ldap.search({
      base: 'o=one',
      scope: 'sub',
      filter: '(&(mail=bob@direct.example)(|(userCertificate;binary=*)(userCertificate=*)))',
      attributes: ['userCertificate;binary', 'userCertificate'],
    });
    await ldap.close();
    expect(result).toBe(0);
    expect(entries.flatMap(userCertificates).map((der) => Buffer.from(der))).toEqual(
      BOB.map((der) => Buffer.from(der)),
    );
  });
});
