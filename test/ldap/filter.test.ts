import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNode, createTree } from '../../src/ldap/entries.ts';
import { LdapError } from '../../src/ldap/error.ts';
import { compileFilter, equalities, escapeFilter, formatFilter } from '../../src/ldap/filter.ts';
import { parseFilter } from '../../src/ldap/filter-text.ts';
import { BOB } from './tree.ts';

describe('escapeFilter (RFC 4515 §3, REQ-LDAP-12)', () => {
  it.each([
    ['drbob@direct.example', 'drbob@direct.example'],
    ['*@direct.example', '\\2a@direct.example'],
    ['a(b@d', 'a\\28b@d'],
    ['a)(mail=*@d', 'a\\29\\28mail=\\2a@d'],
    ['back\\slash', 'back\\5cslash'],
    ['nul\0', 'nul\\00'],
    ['ü', '\\c3\\bc'],
  ])('%j becomes %j', (value, escaped) => {
    expect(escapeFilter(value)).toBe(escaped);
  });

  it('makes of any text one equality assertion about exactly that text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (value) => {
        const filter = parseFilter(`(mail=${escapeFilter(value)})`);
        expect(equalities(filter)).toEqual([{ attribute: 'mail', value: Buffer.from(value).toString() }]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('parseFilter and formatFilter', () => {
  it.each([
    '(mail=bob@d.example)',
    '(userCertificate;binary=*)',
    '(&(mail=a)(|(userCertificate;binary=*)(userCertificate=*)))',
    '(!(mail=a))',
    '(&)',
    '(|)',
    '(cn=a*b*c)',
    '(cn=*b*)',
    '(cn=a*)',
    '(cn=*c)',
    '(sn>=a)',
    '(sn<=a)',
    '(sn~=a)',
    '(2.5.4.3=\\2a)',
  ])('%s stays itself', (text) => {
    expect(formatFilter(parseFilter(text))).toBe(text);
  });

  it.each([
    '',
    'mail=a',
    '(mail=a',
    '(mail=a))',
    '(mail=a(b@d)',
    '(mail=a)(mail=*@d)',
    '(&(mail=a)',
    '(!)',
    '(!(a=b)(c=d))',
    '(=a)',
    '(mail=\\zz)',
    '(mail=\\2)',
    '((mail=a))',
    '('.repeat(5000),
    '(!'.repeat(40),
    `(mail=${'a'.repeat(9000)})`,
  ])('%.40j is refused', (text) => {
    expect(() => parseFilter(text)).toThrow(LdapError);
  });

  it('gives any text a filter or LdapError', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'()&|!=*\\2amail;<>~ ü'), maxLength: 60 }), (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          expect(error).toBeInstanceOf(LdapError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('truth (RFC 4511 §4.5.1.7)', () => {
  const tree = createTree({ namingContexts: ['o=one'], entries: [BOB] });
  const node = createNode(BOB);
  const certificate = escapeFilter(BOB.attributes['userCertificate']![1] as Uint8Array);
  it.each([
    // mail compares without regard to case (REQ-LDAP-20)
    ['(mail=bob@direct.example)', 1],
    ['(MAIL=BOB@DIRECT.EXAMPLE)', 1],
    ['(0.9.2342.19200300.100.1.3=bob@direct.example)', 1],
    ['(rfc822Mailbox=bob@direct.example)', 1],
    ['(mail= bob@direct.example )', 1],
    ['(mail=bob@direct.exampl)', 0],
    ['(mail=*)', 1],
    ['(mail=bob*)', 1],
    ['(mail=*EXAMPLE)', 1],
    ['(mail=b*@*ex*e)', 1],
    ['(mail=bob@direct.example*e)', 0],
    ['(mail=*ob*ob*)', 0],
    // option-tagged descriptions (filter B)
    ['(userCertificate=*)', 1],
    ['(userCertificate;binary=*)', 1],
    ['(USERCERTIFICATE;BINARY=*)', 1],
    ['(2.5.4.36;binary=*)', 1],
    ['(userCertificate;lang-en=*)', 0],
    [`(userCertificate;binary=${certificate})`, 1],
    [`(userCertificate=${certificate})`, 1],
    ['(userCertificate;binary=x)', 0],
    ['(userCertificate=a*)', -1],
    ['(&(mail=bob@direct.example)(|(userCertificate;binary=*)(userCertificate=*)))', 1],
    // a known type that the entry lacks is false, an unknown one undefined
    ['(title=*)', 0],
    ['(!(title=*))', 1],
    ['(nonsense=a)', -1],
    ['(!(nonsense=a))', -1],
    ['(nonsense=*)', -1],
    ['(&(mail=*)(nonsense=a))', -1],
    ['(&(title=*)(nonsense=a))', 0],
    ['(|(mail=*)(nonsense=a))', 1],
    ['(|(title=*)(nonsense=a))', -1],
    ['(mail>=a)', -1],
    ['(mail<=z)', -1],
    ['(mail~=bob@direct.example)', -1],
    ['(&)', 1],
    ['(|)', 0],
    ['(objectClass=INETORGPERSON)', 1],
  ])('%s is %i', (text, truth) => {
    expect(compileFilter(parseFilter(text), tree.knows).test(node)).toBe(truth);
  });
});
