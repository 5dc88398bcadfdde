import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, normalDn, parentDn } from '../../src/ldap/dn.ts';
import { createTree, userCertificates } from '../../src/ldap/entries.ts';
import { LdapError } from '../../src/ldap/error.ts';
import { parseFilter } from '../../src/ldap/filter-text.ts';
import { printLdif } from '../../src/ldap/ldif.ts';
import { BOB, certificate, DOMAIN, person, tree } from './tree.ts';

describe('normalDn (RFC 4514)', () => {
  it.each([
    ['', ''],
    ['o=One', 'o=one'],
    ['CN = Bob , OU=People,o=ONE', 'cn=bob,ou=people,o=one'],
    ['commonName=a,2.5.4.10=b', 'cn=a,o=b'],
    ['cn=J.  Smith,o=x', 'cn=j. smith,o=x'],
    ['cn=a\\,b,o=x', 'cn=a\\2cb,o=x'],
    ['cn=a\\2Cb,o=x', 'cn=a\\2cb,o=x'],
    ['sn=b+cn=a,o=x', 'cn=a+sn=b,o=x'],
    ['cn=#0403616263,o=x', 'cn=#0403616263,o=x'],
    ['cn=\\#61,o=x', 'cn=\\2361,o=x'],
    ['cn=a=b#,o=x', 'cn=a\\3db#,o=x'],
    ['cn=\\c3\\b6,o=x', 'cn=ö,o=x'],
    ['cn=,o=x', 'cn=,o=x'],
  ])('%j becomes %j', (text, normal) => {
    expect(normalDn(text)).toBe(normal);
  });

  it.each([
    'nonsense',
    ',o=x',
    'o=x,',
    'o=x,,o=y',
    '=x',
    'o',
    'o=x+',
    'o x=y',
    'cn=#61 b',
    'cn= #6',
    'cn=#6',
    'cn="a"',
    'cn=a<b',
    'cn=\\',
    'cn=\\g',
    'ö=x',
    `o=${'x'.repeat(2000)}`,
  ])('%.30j is refused', (text) => {
    expect(() => normalDn(text)).toThrow(expect.objectContaining({ code: 'dn' }));
  });

  it('gives any text a name or LdapError', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'abo=,;+"\\#2 x'), maxLength: 40 }),
    );
    fc.assert(
      fc.property(text, (dn) => {
        try {
          const normal = normalDn(dn);
          expect(isWithin(normal, parentDn(normal))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(LdapError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['cn=a,o=x', 'o=x', true],
    ['o=x', 'o=x', true],
    ['o=x', '', true],
    ['cn=ao=x', 'o=x', false],
    ['cn=a\\2co=x', 'o=x', false],
    ['o=y', 'o=x', false],
  ])('%s within %s: %s', (dn, base, within) => {
    expect(isWithin(dn, base)).toBe(within);
  });
});

describe('createTree', () => {
  it('gives inner names an entry, parents first', () => {
    const names = tree().entries.map((entry) => entry.dn);
    expect(names.toSorted()).toEqual([
      'cn=bob,ou=people,o=one',
      'cn=domain,dc=two,dc=example',
      'cn=empty,ou=people,o=one',
      'cn=star,o=one',
      'dc=two,dc=example',
      'o=one',
      'ou=people,o=one',
    ]);
    const depths = names.map((name) => name.split(',').length);
    expect(depths).toEqual(depths.toSorted());
  });

  it.each([
    ['two of one name', [BOB, { ...BOB, dn: 'CN=BOB, ou=people, o=one' }], 'entry'],
    ['outside the contexts', [DOMAIN], 'entry'],
    ['a bad name', [{ ...BOB, dn: 'bob' }], 'dn'],
  ])('refuses %s', (_what, entries, code) => {
    expect(() => createTree({ namingContexts: ['o=one'], entries })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it.each([
    ['(mail=BOB@direct.example)', ['cn=bob,ou=people,o=one']],
    ['(mail=nobody@direct.example)', []],
    ['(&(objectClass=*)(mail=bob@direct.example))', ['cn=bob,ou=people,o=one']],
    [
      '(|(mail=bob@direct.example)(mail=direct.example))',
      ['cn=bob,ou=people,o=one', 'cn=domain,dc=two,dc=example'],
    ],
    ['(|(mail=bob@direct.example)(cn=x))', undefined],
    ['(mail=*)', undefined],
    ['(mail;lang-en=bob@direct.example)', []],
  ])('looks %s up', (filter, dns) => {
    const found = tree().candidates(parseFilter(filter), { base: 'o=one', scope: 'sub', after: -1 });
    expect(found && Array.from(found.nodes, (node) => node.entry.dn)).toEqual(dns);
  });

  it('takes names as they are, even those of JavaScript', () => {
    const odd = {
      dn: 'cn=odd,o=one',
      attributes: { ...BOB.attributes, constructor: ['x'], ['__proto__']: ['y'] },
    };
    expect(createTree({ namingContexts: ['o=one'], entries: [odd] }).find('cn=odd,o=one')?.entry).toBe(odd);
  });
});

describe('userCertificates', () => {
  it('takes every spelling once by octets', () => {
    const attributes = {
      userCertificate: [certificate('a'), certificate('b')],
      'USERCERTIFICATE;BINARY': [certificate('b'), certificate('c')],
      'userCertificate;lang-en': ['text', ''],
      userSMIMECertificate: [certificate('d')],
    };
    expect(userCertificates({ dn: 'cn=a', attributes })).toEqual([
      certificate('a'),
      certificate('b'),
      certificate('c'),
      Buffer.from('text'),
    ]);
  });
});

describe('printLdif (RFC 2849)', () => {
  it('writes plain text plain, all else in base64, lines folded', () => {
    const entry = person('cn=Jörg,o=one', 'j@d.example', Buffer.alloc(80, 1));
    const description = [
      ' leading',
      'trailing ',
      ':colon',
      '<url',
      'two\nlines',
      '',
      'plain : text',
      'x'.repeat(200),
    ];
    const text = printLdif([{ dn: entry.dn, attributes: { ...entry.attributes, description } }]);
    expect(text).toMatchInlineSnapshot(`
      "dn:: Y249SsO2cmcsbz1vbmU=
      objectClass: top
      objectClass: person
      objectClass: organizationalPerson
      objectClass: inetOrgPerson
      cn:: SsO2cmc=
      sn: Somebody
      mail: j@d.example
      userCertificate;binary:: AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
       BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=
      description:: IGxlYWRpbmc=
      description:: dHJhaWxpbmcg
      description:: OmNvbG9u
      description:: PHVybA==
      description:: dHdvCmxpbmVz
      description: 
      description: plain : text
      description: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
       xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
       xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx

      "
    `);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(76);
  });
});
