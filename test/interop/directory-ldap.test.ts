import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contribute } from '../../src/directory/contribute.ts';
import { openDirectory, putContributor } from '../../src/directory/directory.ts';
import { generate } from '../../src/directory/generate/records.ts';
import { addKey } from '../../src/directory/keys.ts';
import { serveDirectoryLdap } from '../../src/directory/ldap/server.ts';
import { openSource } from '../../src/directory/read/source.ts';
import { type DirectoryRecord, displayName } from '../../src/directory/record.ts';
import { textOf } from '../../src/directory/write/formats.ts';
import { organizationEntry, personUid } from '../../src/directory/write/ldif-text.ts';
import { realHost } from '../../src/net/real.ts';
import { serverTls } from './ldap-fixture.ts';
import { peer } from './peers.ts';
import { run } from './run.ts';
import { startSlapdWith } from './slapd.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-directory-ldap-'));
const closing: (() => unknown)[] = [];
let ours: string[];
let oursSecure: string[];
let theirs: string[];

/** An odd organization and an odd person among generated ones: names that LDAP and LDIF must escape. */
const odd: DirectoryRecord = {
  ...[...generate({ seed: 'odd', count: 2, today: '2026-11-20' })][1]!,
  DIRECT_ADDRESS: "o'hara+x=1@direct.odd.example",
  PROV_FIRST_NAME: 'Zoë',
  PROV_LAST_NAME: 'O\u2019Hara (Smith)',
  ORG_UID: 'a,b+c "d"',
  ORG_NAME: 'Smith, Sons * Co \\ Clinic',
  ORG_CITY: 'São Paulo',
};
const records = [...generate({ seed: 'interop', count: 120, today: '2026-11-20' }), odd];
const one = records[1]!;
const department = records[0]!;

beforeAll(async () => {
  if (!peer('slapd') || !peer('slapadd') || !peer('ldapsearch')) return;
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const host = realHost({ resolvers: [] });
  const directory = await openDirectory(host, { file: join(folder, 'directory.sqlite') });
  putContributor(directory, { id: 'acme' });
  const source = openSource(file('directory.csv', [...textOf('csv', records)].join('')));
  await contribute(directory, { contributor: 'acme', by: 'test', source });
  const { key } = addKey(directory, { hisp: 'acme', by: 'test', bulk: true });
  const at = { host: '127.0.0.1', port: 0 };
  const tls = serverTls();
  file('ca.pem', tls.cert);
  const ldap = await serveDirectoryLdap(host, directory, { at, secure: at, tls });
  const slapd = await startSlapdWith([
    { suffix: 'o=directory', ldif: file('directory.ldif', [...textOf('ldif', records)].join('')) },
  ]);
  closing.push(
    () => directory.close(),
    () => ldap.close(),
    () => slapd!.stop(),
  );
  const login = ['-D', 'cn=acme,ou=participants,o=directory', '-w', key];
  ours = ['-H', `ldap://127.0.0.1:${ldap.addr.port}`, ...login];
  oursSecure = ['-H', `ldaps://127.0.0.1:${ldap.secure!.port}`, ...login];
  theirs = ['-H', `ldap://127.0.0.1:${slapd!.addr.port}`];
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

/** What `ldapsearch` printed: the entries with their lines in order, and how it ended. */
async function asked(where: readonly string[], args: readonly string[]): Promise<unknown> {
  const command = ['-x', '-LLL', '-o', 'ldif-wrap=no', ...where, ...args];
  const { code, output } = await run(peer('ldapsearch')!, command, undefined, {
    LDAPTLS_CACERT: join(folder, 'ca.pem'),
  });
  const blocks = output.split('\n\n').filter((block) => /^dn:/m.test(block));
  // diagnostics are everybody's own
  const said = output
    .split('\n')
    .filter((line) => !/^Additional information|^# pagedresults|^Text:/.test(line))
    .join('\n');
  return {
    code,
    entries: blocks
      .map((block) =>
        block
          .split('\n')
          .filter((line) => /^[A-Za-z;]+::? |^[A-Za-z;]+:$/.test(line))
          .map((line) => line.trim())
          .sort()
          .join('\n'),
      )
      .sort(),
    ended: said
      .split('\n')
      .filter((line) => /^(Size limit|Matched DN|No such|Invalid|ldap_|Critical)/.test(line)),
  };
}

const base = ['-b', 'o=directory'];
const people = ['-b', 'ou=people,o=directory'];
const organizations = ['-b', 'ou=organizations,o=directory'];
const escaped = (text: string): string =>
  text.replace(/[*()\\]/g, (c) => `\\${c.charCodeAt(0).toString(16)}`);

const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ['mail', [...base, `(mail=${one.DIRECT_ADDRESS})`]],
  ['mail in capitals', [...base, `(MAIL=${one.DIRECT_ADDRESS.toUpperCase()})`]],
  ['mail by identifier', [...base, `(0.9.2342.19200300.100.1.3=${one.DIRECT_ADDRESS})`]],
  ['mail of a department', [...base, `(mail=${department.DIRECT_ADDRESS})`]],
  ['mail of nobody', [...base, '(mail=nobody@nowhere.example)']],
  ['mail with odd characters', [...base, `(mail=${odd.DIRECT_ADDRESS})`]],
  ['beginning of mail', [...base, `(mail=${one.DIRECT_ADDRESS.slice(0, 6)}*)`]],
  ['end of mail', [...base, `(mail=*@${one.DIRECT_ADDRESS.split('@')[1]})`]],
  ['middle of mail', [...base, `(mail=*${one.DIRECT_ADDRESS.slice(2, 8)}*)`]],
  ['beginning, middle and end', [...base, `(mail=${one.DIRECT_ADDRESS.slice(0, 3)}*@direct*.example)`]],
  ['some attributes', [...base, `(mail=${one.DIRECT_ADDRESS})`, 'cn', 'telephoneNumber', 'L']],
  [
    'attributes by other names',
    [...base, `(mail=${one.DIRECT_ADDRESS})`, 'commonName', 'surname', '2.5.4.7'],
  ],
  ['no attributes', [...base, `(mail=${one.DIRECT_ADDRESS})`, '1.1']],
  ['all user attributes', [...base, `(mail=${one.DIRECT_ADDRESS})`, '*']],
  ['an attribute that is not there', [...base, `(mail=${one.DIRECT_ADDRESS})`, 'pager', 'nonsense']],
  ['names only', ['-A', ...base, `(mail=${one.DIRECT_ADDRESS})`]],
  ['surname', [...base, `(sn=${one.PROV_LAST_NAME})`]],
  ['surname in lower case', [...base, `(sn=${one.PROV_LAST_NAME.toLowerCase()})`]],
  ['beginning of a surname', [...base, `(sn=${one.PROV_LAST_NAME.slice(0, 3)}*)`, 'mail']],
  ['end of a surname', [...base, `(sn=*${one.PROV_LAST_NAME.slice(-3)})`, 'mail']],
  ['surname with other letters', [...base, '(sn=O\u2019Hara \\28Smith\\29)', 'cn', 'sn']],
  ['first name and city', [...base, `(&(givenName=${one.PROV_FIRST_NAME})(l=${one.ORG_CITY}))`]],
  ['whole name', [...base, `(cn=${displayName(one)})`]],
  ['whole name with more blanks', [...base, `(cn=${displayName(one).replaceAll(' ', '   ')})`]],
  ['NPI', [...base, `(employeeNumber=${one.PROV_NPI})`]],
  ['beginning of an NPI', [...base, `(employeeNumber=${one.PROV_NPI.slice(0, 7)}*)`, 'mail']],
  ['NPI of an organization', [...base, `(destinationIndicator=${one.ORG_NPI})`]],
  ['organization by key', [...base, `(uid=${one.ORG_UID})`]],
  ['organization by key in capitals', [...base, `(uid=${one.ORG_UID.toUpperCase()})`]],
  ['organization by name', [...base, `(&(objectClass=organization)(o=${one.ORG_NAME}))`]],
  ['everything of that name', [...base, `(o=${one.ORG_NAME})`, 'o']],
  ['organization with odd characters', [...base, `(o=${escaped(odd.ORG_NAME)})`]],
  ['person by key', [...base, `(uid=${personUid(one)})`]],
  ['members of an organization', [...base, `(seeAlso=${organizationEntry(one).dn})`, 'mail']],
  [
    'members, with the name spelled otherwise',
    [...base, `(seeAlso=UID=${one.ORG_UID}, OU=Organizations, O=Directory)`, 'mail'],
  ],
  ['state', [...people, `(st=${one.ORG_STATE})`, 'mail', 'st']],
  ['state in lower case', [...people, `(st=${one.ORG_STATE.toLowerCase()})`, 'mail']],
  ['ZIP', [...base, `(postalCode=${one.ORG_ZIP})`, 'postalCode']],
  ['beginning of a ZIP', [...base, `(postalCode=${one.ORG_ZIP.slice(0, 3)}*)`, 'postalCode']],
  ['city with other letters', [...base, '(l=SÃO paulo)', 'l']],
  ['telephone', [...base, `(telephoneNumber=${one.ORG_PHONE})`, 'telephoneNumber']],
  [
    'telephone with blanks and hyphens',
    [
      ...base,
      `(telephoneNumber=${one.ORG_PHONE.slice(0, 2)} ${one.ORG_PHONE.slice(2, 5)}-${one.ORG_PHONE.slice(5)})`,
      'mail',
    ],
  ],
  ['role', [...people, `(employeeType=${one.PROV_ROLE})`, 'mail']],
  ['specialty', [...people, `(businessCategory=${one.PROV_SPECIALTY})`, 'mail']],
  ['street', [...base, `(street=${one.ORG_ADDR1})`, 'street']],
  [
    'one or the other',
    [...base, `(|(mail=${one.DIRECT_ADDRESS})(employeeNumber=${records[2]!.PROV_NPI})(o=none))`, 'mail'],
  ],
  ['both', [...base, `(&(sn=${one.PROV_LAST_NAME})(st=${one.ORG_STATE}))`, 'mail']],
  ['not', [...people, `(&(o=${one.ORG_NAME})(!(mail=${one.DIRECT_ADDRESS})))`, 'mail']],
  ['not what nobody has', [...organizations, '(!(pager=*))', 'o']],
  ['not what does not exist', [...organizations, '(!(nonsense=*))', 'o']],
  ['nothing of what does not exist', [...base, '(|(nonsense=x)(mail=nobody@x.example))']],
  ['all of nothing, which is true', [...organizations, '-s', 'one', '(&)', '1.1']],
  ['one of nothing, which is false', [...organizations, '(|)', '1.1']],
  ['an order that mail has not', [...base, '(mail>=a)', 'mail']],
  ['presence', [...people, '-s', 'one', '(telephoneNumber=*)', '1.1']],
  ['class', [...base, '(objectClass=organizationalUnit)']],
  ['class of people by what it belongs to', [...base, '(&(objectClass=person)(l=Riverton))', '1.1']],
  ['everything', [...base, '(objectClass=*)']],
  ['the base alone', [...base, '-s', 'base']],
  ['one level', [...base, '-s', 'one']],
  ['one level of people', [...people, '-s', 'one', `(o=${one.ORG_NAME})`, '1.1']],
  ['a person’s entry', ['-b', `uid=${personUid(one)},ou=people,o=directory`, '-s', 'base']],
  ['below a person', ['-b', `uid=${personUid(one)},ou=people,o=directory`, '-s', 'one']],
  ['an odd organization’s entry', ['-b', organizationEntry(odd).dn, '-s', 'base']],
  [
    'an odd organization, escaped otherwise',
    ['-b', 'UID=a\\,b\\2bc \\22d\\22, ou=organizations,o=directory', '-s', 'base', 'o'],
  ],
  [
    'an odd person’s entry',
    ['-b', `uid=${personUid(odd).replace(/[+=]/g, '\\$&')},ou=people,o=directory`, '-s', 'base'],
  ],
  ['a limit that is reached', [...people, '-s', 'one', '-z', '5', '(objectClass=*)', '1.1']],
  ['a limit that is not reached', [...base, '-z', '5', `(mail=${one.DIRECT_ADDRESS})`, '1.1']],
  ['in pages', [...base, '-E', 'pr=25/noprompt', '(objectClass=*)', 'mail']],
  ['in pages of one', [...organizations, '-E', '!pr=1/noprompt', '(objectClass=organization)', 'o']],
  ['a base that is not there', ['-b', 'uid=nobody,ou=people,o=directory', '-s', 'base']],
  ['a base below what is not there', ['-b', 'cn=x,uid=nobody,ou=people,o=directory']],
  ['a base that is no name', ['-b', 'nonsense', '(mail=x)']],
  ['a filter that is none', [...base, '(mail=x']],
  ['a critical control that nobody knows', [...base, '-E', '!1.2.3.4', '(mail=x)']],
];

describe.skipIf(!peer('slapd') || !peer('slapadd') || !peer('ldapsearch'))(
  'ldapsearch on our directory and on an OpenLDAP that was loaded with its LDIF',
  () => {
    it.each(COMMANDS)('%s', async (what, args) => {
      const [mine, other] = await Promise.all([asked(ours, args), asked(theirs, args)]);
      if (what === 'a limit that is reached') {
        // which ones is nobody's promise
        const counted = (found: unknown) => {
          const { entries, ...rest } = found as { entries: string[] };
          return { ...rest, count: entries.length };
        };
        expect(counted(mine)).toEqual(counted(other));
      } else expect(mine).toEqual(other);
    });

    it('over TLS from the start, and with StartTLS', async () => {
      const search = [...base, `(mail=${one.DIRECT_ADDRESS})`];
      const expected = await asked(theirs, search);
      expect(await asked(oursSecure, search)).toEqual(expected);
      expect(await asked([...ours, '-ZZ'], search)).toEqual(expected);
    });

    it('says to a stranger what to do', async () => {
      const { code, output } = await run(peer('ldapsearch')!, [
        '-x',
        ...ours.slice(0, 2),
        ...base,
        '(mail=x)',
      ]);
      expect(code).toBe(50);
      expect(output).toMatch(/bind as cn=<id of the HISP>,ou=participants,o=directory/);
    });
  },
);
