import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { encode } from '../../src/asn1/write.ts';
import { type ConnectOptions, connectLdap, type LdapSession } from '../../src/ldap/client.ts';
import {
  encodeEntry,
  encodeMessages,
  encodeNotice,
  encodeReference,
  encodeResult,
} from '../../src/ldap/encode.ts';
import { userCertificates } from '../../src/ldap/entries.ts';
import type { Addr, Observation } from '../../src/net/host.ts';
import { realHost } from '../../src/net/real.ts';
import { selfSigned } from '../net/self-signed.ts';
import { server } from './talk.ts';
import { certificate } from './tree.ts';
import { octets } from './wire.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const events: Observation[] = [];
const host = realHost({ events: { emit: (event) => events.push(event) } });
const summaries = (): unknown[] => events.map(({ summary }) => summary);

async function session(addr: Addr, options: ConnectOptions = {}): Promise<LdapSession> {
  events.length = 0;
  const made = await connectLdap(host, addr, options);
  open.push(made);
  return made;
}

/** A server that answers whatever comes with the next of these, whole or in pieces. */
async function scripted(...script: (Uint8Array | readonly Uint8Array[])[]): Promise<Addr> {
  const listener = createServer((socket) => {
    let step = 0;
    socket.on('error', () => socket.destroy());
    socket.on('data', () => {
      const next = script[step++];
      if (next instanceof Uint8Array) socket.write(next);
      else for (const piece of next ?? []) socket.write(piece);
    });
    open.push({ close: async () => socket.destroy() });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => listener.close(resolve)) });
  const address = listener.address();
  return { host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 };
}

const search = { base: 'o=one', scope: 'sub', filter: '(mail=a)', attributes: ['userCertificate'] } as const;
/** The first message of a session of ldapts has the id 2. */
const ID = 2;
const done = (code: number): Buffer => encodeResult(0x65, code);
const entry = (attributes: Record<string, (string | Uint8Array)[]>): Buffer =>
  encodeEntry({ dn: 'cn=a', attributes });

describe('against our server', () => {
  it('binds, reads the contexts, finds certificates', async () => {
    const { addr } = await server();
    const ldap = await session(addr);
    await ldap.bindAnonymous();
    expect(await ldap.namingContexts()).toEqual(['o=one', 'dc=two,dc=example']);
    const filter = '(&(mail=bob@direct.example)(|(userCertificate;binary=*)(userCertificate=*)))';
    const attributes = ['userCertificate;binary', 'userCertificate'];
    const found = await ldap.search({ base: 'o=one', scope: 'sub', filter, attributes });
    expect(found).toMatchObject({ result: 0, references: [] });
    expect(found.entries.flatMap(userCertificates)).toEqual([certificate('bob 1'), certificate('bob 2')]);
    const at = `127.0.0.1:${addr.port}`;
    expect(summaries()).toMatchObject([
      { op: 'connect', result: 'success', server: at },
      { op: 'bind', result: 'success' },
      {
        op: 'search',
        base: '',
        scope: 'base',
        attributes: ['namingContexts'],
        result: 'success',
        entries: 1,
      },
      {
        op: 'search',
        base: 'o=one',
        scope: 'sub',
        filter,
        attributes,
        result: 'success',
        entries: 1,
        certificates: 2,
      },
    ]);
    expect(found.event).toBe(4);
  });

  it.each([
    ['(mail=a\\2ab\\28c\\29d@direct.example)', 0, ['cn=star,o=one']],
    ['(mail=*)', 11, ['cn=star,o=one', 'cn=bob,ou=people,o=one']],
    ['(mail=nobody)', 0, []],
  ])('%s keeps what came with result %i', async (filter, result, dns) => {
    const { addr } = await server({ limits: { enumeration: 2 } });
    const ldap = await session(addr);
    const found = await ldap.search({ ...search, filter });
    expect(found.result).toBe(result);
    expect(found.entries.map(({ dn }) => dn)).toEqual(dns);
  });

  it('tells results of a search, throws those of a bind', async () => {
    const { addr } = await server({ bind: () => 48 });
    const ldap = await session(addr);
    await expect(ldap.bindAnonymous()).rejects.toMatchObject({ code: 'result', resultCode: 48 });
    expect(await ldap.search({ ...search, base: 'o=none' })).toMatchObject({ result: 32, entries: [] });
    expect(summaries().slice(1)).toMatchObject([
      { op: 'bind', result: 'inappropriateAuthentication' },
      { op: 'search', result: 'noSuchObject' },
    ]);
  });

  it('refuses a filter that is none before anything is sent', async () => {
    const { addr } = await server();
    const ldap = await session(addr);
    await expect(ldap.search({ ...search, filter: '(mail=a(b)' })).rejects.toMatchObject({ code: 'filter' });
    expect(await ldap.search(search)).toMatchObject({ result: 0 });
  });

  it('speaks StartTLS and LDAPS', async () => {
    const tls = await selfSigned('ldap.example');
    const { addr, events: served } = await server({ tls });
    const ldap = await session(addr);
    await ldap.startTls({ servername: 'ldap.example' });
    await ldap.bindAnonymous();
    expect(await ldap.search({ ...search, filter: '(mail=bob@direct.example)' })).toMatchObject({
      result: 0,
    });
    await expect(ldap.startTls({ servername: 'ldap.example' })).rejects.toMatchObject({ resultCode: 1 });
    expect(served.map(({ summary }) => (summary as { op: string }).op)).toEqual([
      'connect',
      'extended',
      'bind',
      'search',
      'extended',
    ]);
  });
});

describe('against other servers', () => {
  it('takes attributes in any spelling, all values, garbage too', async () => {
    const attributes = {
      'USERCERTIFICATE;Binary': [certificate('a')],
      usercertificate: [certificate('b'), 'garbage', ''],
    };
    const ldap = await session(await scripted(encodeMessages(ID, [entry(attributes), entry({}), done(0)])));
    const { entries } = await ldap.search(search);
    expect(entries).toHaveLength(2);
    expect(entries.flatMap(userCertificates)).toEqual([
      certificate('a'),
      certificate('b'),
      Buffer.from('garbage'),
    ]);
  });

  it('collects references and referrals, follows none (REQ-LDAP-15)', async () => {
    const referral = encode(0xa3, octets('ldap://referral.example'));
    const result = encodeResult(0x65, 10, {}, referral);
    const answer = encodeMessages(ID, [
      entry({ mail: ['a'] }),
      encodeReference('ldap://reference.example'),
      result,
    ]);
    const ldap = await session(await scripted(answer));
    expect(await ldap.search(search)).toMatchObject({
      entries: [{ dn: 'cn=a', attributes: { mail: ['a'] } }],
      references: ['ldap://reference.example', 'ldap://referral.example'],
      result: 10,
    });
  });

  it('reads an answer that drips, with controls and intermediate answers', async () => {
    const op = Buffer.from(done(0));
    const control = encode(0xa0, encode(0x30, octets('1.2.3')));
    const withControl = Buffer.from(encode(0x30, Uint8Array.of(2, 1, ID), op, control));
    const answer = Buffer.concat([
      encodeMessages(ID, [Buffer.from(encode(0x79)), entry({ mail: ['a'] })]),
      withControl,
    ]);
    const ldap = await session(await scripted([...answer].map((octet) => Uint8Array.of(octet))));
    expect(await ldap.search(search)).toMatchObject({ entries: [{ dn: 'cn=a' }], result: 0 });
  });

  const long = entry({ userCertificate: [Buffer.alloc(50_000, 1)] });
  it.each<[string, Uint8Array, string, ConnectOptions?]>([
    ['a notice of disconnection', encodeNotice(52, 'going down'), 'closed'],
    ['no LDAP at all', Buffer.from('220 mail.example ESMTP\r\n'), 'encoding'],
    ['an indefinite length', Buffer.from('30800201', 'hex'), 'encoding'],
    ['a claimed gigabyte', Buffer.from('308440000000', 'hex'), 'limit'],
    [
      'a value longer than its container',
      encodeMessages(ID, [Buffer.from('640a040030063004047f3100', 'hex')]),
      'encoding',
    ],
    ['a result that is a string', encodeMessages(ID, [Buffer.from(encode(0x65, octets('x')))]), 'protocol'],
    ['too many entries', encodeMessages(ID, Array(40).fill(entry({}))), 'limit', { limits: { entries: 30 } }],
    [
      'too many octets',
      encodeMessages(ID, Array(40).fill(long)),
      'limit',
      { limits: { answerOctets: 1_000_000 } },
    ],
    ['an answer to somebody else', encodeMessages(99, [done(0)]), 'timeout', { deadlineMs: 50 }],
    ['half an answer', encodeMessages(ID, [done(0)]).subarray(0, 9), 'timeout', { deadlineMs: 50 }],
    ['silence', new Uint8Array(), 'timeout', { deadlineMs: 50 }],
  ])('%s ends the session: %s', async (_what, answer, code, options = {}) => {
    const ldap = await session(await scripted(answer), options);
    await expect(ldap.search(search)).rejects.toMatchObject({ name: 'LdapError', code });
    expect(summaries().at(-1)).toMatchObject({ op: 'search', result: `error: ${code}` });
    await expect(ldap.search(search)).rejects.toMatchObject({ name: 'LdapError' });
    await ldap.close();
  });

  it('tells refused, and a server that hangs up', async () => {
    const { addr } = await server({ limits: { connections: 0 } });
    const ldap = await session(addr);
    await expect(ldap.bindAnonymous()).rejects.toMatchObject({ code: 'closed' });
    const nobody = { host: '127.0.0.1', port: 1 };
    await expect(connectLdap(host, nobody)).rejects.toMatchObject({ code: 'refused' });
    expect(summaries().at(-1)).toMatchObject({
      op: 'connect',
      result: 'error: refused',
      server: '127.0.0.1:1',
    });
  });
});
