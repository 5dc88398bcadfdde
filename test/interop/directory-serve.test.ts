import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Serving, startServing } from '../../src/cli/directory/serving.ts';
import { contribute } from '../../src/directory/contribute.ts';
import { openDirectory, putContributor } from '../../src/directory/directory.ts';
import { generate } from '../../src/directory/generate/records.ts';
import { hostRecords, recordsOf } from '../../src/directory/hosting/host.ts';
import { addKey } from '../../src/directory/keys.ts';
import { textOf } from '../../src/directory/write/formats.ts';
import { realHost } from '../../src/net/real.ts';
import { issueCertificate } from '../../src/pki/issue.ts';
import { generateKey } from '../../src/pki/keys.ts';
import { serverTls } from './ldap-fixture.ts';
import { peer } from './peers.ts';
import { run } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-directory-serve-'));
const records = [...generate({ seed: 'serve', count: 10, today: '2026-11-20' })];
const address = records[1]!.DIRECT_ADDRESS;
const name = address.replace('@', '.');
const domain = address.split('@')[1]!;
const certificate = (names: { emails?: string[]; dnsNames?: string[] }, bits: number): Uint8Array =>
  issueCertificate({
    profile: 'address',
    subject: { CN: 'Test' },
    key: generateKey({ kind: 'rsa', bits }),
    issuer: 'self',
    notBefore: Date.UTC(2020, 0, 1),
    notAfter: Date.UTC(2040, 0, 1),
    ...names,
  }).certificate.der;
const small = certificate({ emails: [address] }, 2048);
const large = certificate({ dnsNames: [domain] }, 4096);

const closing: (() => unknown)[] = [];
let serving: Serving;
let key: string;
beforeAll(async () => {
  const host = realHost({ resolvers: [] });
  const directory = await openDirectory(host, { file: join(folder, 'directory.sqlite') });
  putContributor(directory, { id: 'acme' });
  const bytes = Buffer.from([...textOf('csv', records)].join(''));
  await contribute(directory, {
    contributor: 'acme',
    by: 'test',
    source: { name: 'x', size: bytes.length, sha256: 'x', format: 'csv', chunks: () => [bytes] },
  });
  key = addKey(directory, { hisp: 'acme', by: 'test' }).key;
  const twice = [small, large, certificate({ dnsNames: [domain] }, 4096)].flatMap(recordsOf);
  await hostRecords(directory, twice, { server: 'ns.hisp.example', exchange: 'mx.hisp.example' });
  serving = await startServing(host, directory, {
    at: (port) => ({ host: '127.0.0.1', port }),
    ports: { dns: 0, directory: 0, directorys: 0, web: 0 },
    token: 'token',
    tls: serverTls(),
    tell: (line) => expect.unreachable(line),
  });
  closing.push(
    () => directory.close(),
    () => serving.stop(),
  );
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

const base64 = (der: Uint8Array): string => Buffer.from(der).toString('base64');

describe.skipIf(!peer('dig'))('dig asks for certificates that stand in the store', () => {
  const dig = async (...words: string[]): Promise<string> => {
    const at = ['@127.0.0.1', '-p', String(serving.dns.port), '+norec', '+time=2', '+tries=1'];
    return (await run(peer('dig')!, [...at, ...words])).output;
  };

  it.each([
    ['over UDP', []],
    ['over TCP', ['+tcp']],
  ])('of an address, %s', async (_what, words) => {
    const said = await dig(...words, name.toUpperCase(), 'CERT');
    expect(said).toMatch(/status: NOERROR/);
    expect(said).toMatch(/flags: qr aa;/);
    expect(said.replaceAll(' ', '')).toContain(base64(small));
  });

  it('of a domain: too much for a datagram, whole over TCP', async () => {
    const cut = await dig('+notcp', '+ignore', domain, 'CERT');
    expect(cut).toMatch(/flags: qr aa tc;/);
    const whole = await dig(domain, 'CERT');
    expect(whole.replaceAll(' ', '')).toContain(base64(large));
    expect(whole).toMatch(/ANSWER: 2/);
  });

  it.each([
    ['what is not there', `nobody.${domain}`, 'CERT', /status: NXDOMAIN/, /AUTHORITY: 1/],
    ['another type', name, 'A', /status: NOERROR/, /ANSWER: 0, AUTHORITY: 1/],
    ['what others lie below', name.split('.').slice(1).join('.'), 'CERT', /status: NOERROR/, /ANSWER: 0/],
    ['what is not ours', 'elsewhere.example', 'CERT', /status: REFUSED/, /ANSWER: 0/],
    ['the mail exchanger', domain, 'MX', /status: NOERROR/, /mx\.hisp\.example/],
  ])('%s', async (_what, asked, type, status, counts) => {
    const said = await dig(asked, type);
    expect(said).toMatch(status);
    expect(said).toMatch(counts);
  });

  it('in 512 octets, without EDNS', async () => {
    expect(await dig('+noedns', '+ignore', name, 'CERT')).toMatch(/flags: qr aa tc;/);
  });
});

it.skipIf(!peer('ldapsearch'))('ldapsearch finds the same certificate in the directory', async () => {
  const { output } = await run(peer('ldapsearch')!, [
    ...['-x', '-LLL', '-o', 'ldif-wrap=no', '-H', `ldap://127.0.0.1:${serving.ldap.port}`],
    ...['-D', 'cn=acme,ou=participants,o=directory', '-w', key],
    ...['-b', 'o=directory', `(mail=${address})`, 'userCertificate'],
  ]);
  expect(output).toContain(`userCertificate;binary:: ${base64(small)}`);
});

it('FHIR answers too', async () => {
  const { host, port } = serving.http;
  const answer = await fetch(`http://${host}:${port}/fhir/Endpoint?identifier=${address}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(await answer.json()).toMatchObject({ resourceType: 'Bundle', total: 1 });
});
