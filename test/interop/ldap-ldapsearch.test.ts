import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveLdap } from '../../src/ldap/server.ts';
import type { Addr } from '../../src/net/host.ts';
import { realHost } from '../../src/net/real.ts';
import { BOB, DOMAIN, realTree, serverTls } from './ldap-fixture.ts';
import { peer } from './peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-ldapsearch-'));
const authority = join(folder, 'ca.pem');
const closing: (() => Promise<void>)[] = [];
let plain: Addr;
let secure: Addr;

beforeAll(async () => {
  const tls = serverTls();
  writeFileSync(authority, tls.cert);
  const host = realHost({ resolvers: [] });
  const at = { host: '127.0.0.1', port: 0 };
  const servers = [
    await serveLdap(host, { at, tree: realTree(), tls }),
    await serveLdap(host, { at, tree: realTree(), tls, ldaps: true }),
  ];
  closing.push(...servers.map((server) => () => server.close()));
  [plain, secure] = [servers[0]!.addr, servers[1]!.addr];
});
afterAll(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true });
});

/** What `ldapsearch -x -LLL` printed, unfolded, and how it ended. */
const search = (url: string, ...args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const all = ['-x', '-LLL', '-o', 'ldif-wrap=no', '-H', url, ...args];
    const env = { ...process.env, LDAPTLS_CACERT: authority };
    execFile(peer('ldapsearch')!, all, { timeout: 10_000, env }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, output: stdout + stderr });
    });
  });

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
const values = (output: string): string[] =>
  [...output.matchAll(/^userCertificate;binary:: (.*)$/gm)].map((match) => match[1]!).sort();

describe.skipIf(!peer('ldapsearch'))('ldapsearch', () => {
  const url = (): string => `ldap://127.0.0.1:${plain.port}`;

  it.each([
    ['address, userCertificate', 'o=one', '(mail=bob@direct.example)', 'userCertificate', BOB],
    ['address, ;binary', 'o=one', '(mail=bob@direct.example)', 'userCertificate;binary', BOB],
    ['other case', 'o=one', '(mail=BOB@DIRECT.EXAMPLE)', 'USERCERTIFICATE', BOB],
    ['domain, userCertificate', 'dc=two,dc=example', '(mail=direct.example)', 'userCertificate', [DOMAIN]],
    ['domain, ;binary', 'dc=two,dc=example', '(mail=direct.example)', 'userCertificate;binary', [DOMAIN]],
    [
      'filter B',
      'o=one',
      '(&(mail=bob@direct.example)(|(userCertificate;binary=*)(userCertificate=*)))',
      'userCertificate;binary',
      BOB,
    ],
    ['nobody', 'o=one', '(mail=nobody@direct.example)', 'userCertificate', []],
  ])('by %s', async (_what, base, filter, attribute, expected) => {
    const { code, output } = await search(url(), '-b', base, filter, attribute);
    expect(code).toBe(0);
    expect(values(output)).toEqual(expected.map(base64).sort());
  });

  it('reads the root DSE', async () => {
    const { output } = await search(url(), '-s', 'base', '-b', '', '(objectClass=*)', 'namingContexts', '+');
    expect(output).toContain('namingContexts: o=one\nnamingContexts: dc=two,dc=example\n');
    expect(output).toContain('supportedLDAPVersion: 3');
    expect(output).toContain('supportedExtension: 1.3.6.1.4.1.1466.20037');
  });

  it.each([
    ['StartTLS', () => [`ldap://127.0.0.1:${plain.port}`, '-ZZ']],
    ['LDAPS', () => [`ldaps://127.0.0.1:${secure.port}`]],
  ])('over %s, the certificate checked', async (_what, where) => {
    const [to = '', ...flags] = where();
    const { code, output } = await search(
      to,
      ...flags,
      '-b',
      'o=one',
      '(mail=bob@direct.example)',
      'userCertificate',
    );
    expect(output).toContain('userCertificate;binary:: ');
    expect(code).toBe(0);
  });

  it.each([
    ['a missing base', ['-b', 'cn=x,o=one'], 32, /Matched DN: o=one/],
    ['a bad base', ['-b', 'nonsense'], 34, /Invalid DN syntax/],
    ['everybody’s mail', ['-b', 'o=one', '-z', '1', '(mail=*)'], 4, /Size limit exceeded/],
    ['a critical control', ['-b', 'o=one', '-E', '!1.2.3'], 12, /Critical extension/],
    ['a password', ['-D', 'cn=bob,ou=people,o=one', '-w', 'x', '-b', 'o=one'], 49, /Invalid credentials/],
    ['version 2', ['-P', '2', '-b', 'o=one'], 2, /Protocol error/],
  ])('is told about %s', async (_what, args, code, text) => {
    const result = await search(url(), ...args);
    expect(result.code).toBe(code);
    expect(result.output).toMatch(text);
  });
});
