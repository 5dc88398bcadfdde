import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveImap } from '../../src/edge/imap/server.ts';
import type { EdgeServer } from '../../src/edge/server.ts';
import { realHost } from '../../src/net/real.ts';
import { ADDRESS, type AliceStore, accounts, aliceStore, PASSWORD } from '../edge/fixture.ts';
import { selfSigned } from '../smtp/self-signed.ts';
import { peer } from './peers.ts';
import { run } from './run.ts';

const CDA = Buffer.from('<ClinicalDocument xmlns="urn:hl7-org:v3"/>').toString('base64');
const REFERRAL = `From: =?utf-8?Q?Dr._J=C3=BCrgen?= <juergen@b.example>
To: Alice <alice@a.example>
Subject: =?utf-8?Q?=C3=9Cberweisung?=
Date: Mon, 05 Jan 2026 15:00:00 +0000
Message-ID: <1@b.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b1

--b1
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe, please see the knee.

--b1
Content-Type: application/xml
Content-Disposition: attachment; filename*=utf-8''Befund%20%C3%BC.xml
Content-Transfer-Encoding: base64

${CDA}
--b1
Content-Type: message/rfc822

Subject: inner
Content-Type: text/plain

inner text
--b1--
`;

let store: AliceStore;
const servers: { starttls: EdgeServer; implicit: EdgeServer }[] = [];
const errors: unknown[] = [];

beforeAll(async () => {
  store = await aliceStore();
  const host = realHost({ resolvers: [] });
  const set = {
    at: { host: '127.0.0.1', port: 0 },
    hostname: 'mail.a.example',
    tls: selfSigned(),
    accounts,
    mailboxes: store.mailboxes,
    onError: (error: unknown) => errors.push(error),
  };
  servers.push({
    starttls: await serveImap(host, set),
    implicit: await serveImap(host, { ...set, implicitTls: true }),
  });
});
afterAll(async () => {
  for (const { starttls, implicit } of servers) {
    await starttls.close();
    await implicit.close();
  }
  await store.close();
  expect(errors).toEqual([]);
});

const mailbox = () => store.mailboxes.of(ADDRESS);
beforeEach(async () => {
  const inbox = (await mailbox().folder('INBOX'))!;
  await mailbox().expunge(inbox, await mailbox().uids(inbox), () => true);
  for (const { name } of await mailbox().folders()) await mailbox().remove(name);
});

const flow = async (secure = false): Promise<ImapFlow> => {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: (secure ? servers[0]!.implicit : servers[0]!.starttls).addr.port,
    secure,
    ...(secure ? {} : { doSTARTTLS: true }),
    tls: { rejectUnauthorized: false },
    auth: { user: ADDRESS, pass: PASSWORD },
    logger: false,
  });
  await client.connect();
  return client;
};

describe('imapflow', () => {
  it.each([true, false])('reads a message (implicit TLS: %s)', async (secure) => {
    await store.deliver(REFERRAL);
    const client = await flow(secure);
    await client.mailboxOpen('INBOX');
    const message = await client.fetchOne('1', {
      uid: true,
      flags: true,
      envelope: true,
      bodyStructure: true,
      source: true,
      size: true,
      internalDate: true,
      headers: ['subject'],
      bodyParts: ['1', '2.mime', '3.text'],
    });
    if (!message) throw new Error('no message');
    const wire = REFERRAL.replaceAll('\n', '\r\n');
    expect(message.source!.toString()).toBe(wire);
    expect(message.size).toBe(wire.length);
    expect(message.flags).toEqual(new Set(['\\Recent']));
    expect(message.envelope).toMatchObject({
      subject: 'Überweisung',
      messageId: '<1@b.example>',
      from: [{ name: 'Dr. Jürgen', address: 'juergen@b.example' }],
      to: [{ name: 'Alice', address: 'alice@a.example' }],
    });
    expect(message.headers!.toString()).toBe('Subject: =?utf-8?Q?=C3=9Cberweisung?=\r\n\r\n');
    expect(message.bodyParts!.get('3.text')!.toString()).toBe('inner text');
    expect(message.bodyParts!.get('2.mime')!.toString()).toContain('filename*');
    expect(
      message.bodyStructure!.childNodes!.map(({ part, type, dispositionParameters }) => [
        part,
        type,
        dispositionParameters,
      ]),
    ).toEqual([
      ['1', 'text/plain', undefined],
      ['2', 'application/xml', { filename: 'Befund ü.xml' }],
      ['3', 'message/rfc822', undefined],
    ]);
    const { content, meta } = await client.download('1', '2');
    const pieces: Buffer[] = [];
    for await (const piece of content!) pieces.push(piece as Buffer);
    expect(Buffer.concat(pieces).toString()).toContain('ClinicalDocument');
    expect(meta!.filename).toBe('Befund ü.xml');
    await client.logout();
  });

  it('searches, flags, copies, moves, deletes', async () => {
    await store.deliver(REFERRAL);
    await store.deliver('From: bob@b.example\nSubject: hello\n\nbody of bob\n');
    const client = await flow();
    await client.mailboxCreate('Prüfung/2026');
    expect((await client.list()).map(({ path }) => path).sort()).toEqual([
      'INBOX',
      'Prüfung',
      'Prüfung/2026',
    ]);
    await client.mailboxOpen('INBOX');
    const search = (query: object) => client.search(query, { uid: true });
    expect(await search({ body: 'knee' })).toEqual([1].map(() => expect.any(Number)));
    const [first, second] = (await search({ all: true })) as number[];
    expect(await search({ subject: 'überweisung' })).toEqual([first]);
    expect(await search({ from: 'bob' })).toEqual([second]);
    expect(await search({ or: [{ from: 'bob' }, { larger: 500 }] })).toEqual([first, second]);
    expect(await search({ before: new Date('2026-01-05') })).toEqual([]);
    await client.messageFlagsAdd(String(first), ['\\Flagged', 'urgent'], { uid: true });
    expect(await search({ keyword: 'urgent' })).toEqual([first]);
    expect(await search({ flagged: false })).toEqual([second]);
    const copied = await client.messageCopy(String(first), 'Prüfung/2026', { uid: true });
    expect(copied).toMatchObject({ uidMap: new Map([[first, 1]]) });
    const moved = await client.messageMove(String(second), 'Prüfung/2026', { uid: true });
    expect(moved).toMatchObject({ uidMap: new Map([[second, 2]]) });
    expect(
      await client.status('Prüfung/2026', { messages: true, uidNext: true, unseen: true }),
    ).toMatchObject({
      messages: 2,
      uidNext: 3,
      unseen: 2,
    });
    await client.messageDelete(String(first), { uid: true });
    expect(await search({ all: true })).toEqual([]);
    await client.mailboxRename('Prüfung/2026', 'Alt');
    await client.mailboxOpen('Alt');
    expect(((await client.fetchOne('1', { flags: true })) as { flags: Set<string> }).flags).toEqual(
      new Set(['\\Flagged', 'urgent', '\\Recent']),
    );
    await client.mailboxDelete('Alt');
    await client.logout();
  });

  it('appends a draft and hears of new mail while it waits', async () => {
    const client = await flow();
    const added = await client.append(
      'INBOX',
      'Subject: draft\r\n\r\ntext\r\n',
      ['\\Draft'],
      new Date('2026-01-02T03:04:05Z'),
    );
    expect(added).toMatchObject({ uid: expect.any(Number) });
    await client.mailboxOpen('INBOX');
    const message = await client.fetchOne('*', { flags: true, internalDate: true });
    expect(message).toMatchObject({
      flags: new Set(['\\Draft', '\\Recent']),
      internalDate: new Date('2026-01-02T03:04:05Z'),
    });
    const heard = new Promise((resolve) => client.on('exists', resolve));
    const idling = client.idle();
    await store.deliver(REFERRAL);
    expect(await heard).toMatchObject({ path: 'INBOX', count: 2, prevCount: 1 });
    await client.noop();
    await idling;
    await client.logout();
  });

  it('is told of a wrong password', async () => {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: servers[0]!.starttls.addr.port,
      secure: false,
      tls: { rejectUnauthorized: false },
      auth: { user: ADDRESS, pass: 'wrong' },
      logger: false,
    });
    await expect(client.connect()).rejects.toMatchObject({ authenticationFailed: true });
  });
});

describe.skipIf(!peer('curl'))('curl', () => {
  const curl = (path: string, ...args: string[]) =>
    run(peer('curl')!, [
      '-sS',
      '--insecure',
      '-u',
      `${ADDRESS}:${PASSWORD}`,
      path.startsWith('imaps:')
        ? `imaps://127.0.0.1:${servers[0]!.implicit.addr.port}${path.slice(6)}`
        : `imap://127.0.0.1:${servers[0]!.starttls.addr.port}${path}`,
      ...args,
    ]);

  it.each(['imaps:', ''])('reads over %s', async (kind) => {
    await store.deliver(REFERRAL);
    const more = kind === '' ? ['--ssl-reqd'] : [];
    expect(await curl(`${kind}/INBOX;MAILINDEX=1`, ...more)).toEqual({
      code: 0,
      output: REFERRAL.replaceAll('\n', '\r\n'),
    });
    expect((await curl(`${kind}/INBOX`, '-X', 'SEARCH TEXT knee', ...more)).output).toBe('* SEARCH 1\r\n');
    expect((await curl(`${kind}/`, ...more)).output).toContain('INBOX');
  });

  it('gets nowhere in clear', async () => {
    expect((await curl('/INBOX;MAILINDEX=1')).code).toBe(67);
  });
});

describe.skipIf(!peer('openssl'))('openssl s_client', () => {
  const speak = (args: readonly string[]) =>
    run(
      peer('openssl')!,
      ['s_client', '-connect', `127.0.0.1:${servers[0]!.starttls.addr.port}`, '-starttls', 'imap', ...args],
      '',
    );
  it('agrees on TLS 1.2 and later, and on nothing older', async () => {
    expect((await speak(['-tls1_2'])).output).toContain('Protocol  : TLSv1.2');
    expect((await speak(['-tls1_3'])).output).toContain('New, TLSv1.3');
    expect((await speak(['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'])).output).toMatch(/Cipher is \(NONE\)/);
  });
});
