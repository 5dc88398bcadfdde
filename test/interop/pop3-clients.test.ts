import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveImap } from '../../src/edge/imap/server.ts';
import { servePop3 } from '../../src/edge/pop3/server.ts';
import type { EdgeServer } from '../../src/edge/server.ts';
import { realHost } from '../../src/net/real.ts';
import { ADDRESS, type AliceStore, accounts, aliceStore, PASSWORD } from '../edge/fixture.ts';
import { selfSigned } from '../smtp/self-signed.ts';
import { peer } from './peers.ts';
import { run } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-pop3-'));
let store: AliceStore;
let pop3: EdgeServer;
let pop3s: EdgeServer;
let imap: EdgeServer;
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
  pop3 = await servePop3(host, set);
  pop3s = await servePop3(host, { ...set, implicitTls: true });
  imap = await serveImap(host, set);
});
afterAll(async () => {
  for (const server of [pop3, pop3s, imap]) await server.close();
  await store.close();
  rmSync(folder, { recursive: true });
  expect(errors).toEqual([]);
});

const MESSAGES = ['Subject: one\n\n.dot\nbody\n', 'Subject: two\n\n..\n'];
const wire = (text: string): string => text.replaceAll('\n', '\r\n');
const uids = async () => {
  const inbox = (await store.mailboxes.of(ADDRESS).folder('INBOX'))!;
  return store.mailboxes.of(ADDRESS).uids(inbox);
};
beforeEach(async () => {
  const mailbox = store.mailboxes.of(ADDRESS);
  await mailbox.expunge((await mailbox.folder('INBOX'))!, await uids(), () => true);
  for (const text of MESSAGES) await store.deliver(text);
});

describe.skipIf(!peer('curl'))('curl', () => {
  const curl = (url: string, ...args: string[]) =>
    run(peer('curl')!, ['-sS', '--insecure', '-u', `${ADDRESS}:${PASSWORD}`, url, ...args]);
  it.each([
    ['POP3S', () => `pop3s://127.0.0.1:${pop3s.addr.port}`, []],
    ['STLS', () => `pop3://127.0.0.1:${pop3.addr.port}`, ['--ssl-reqd']],
  ])('reads over %s', async (_name, url, args) => {
    expect(await curl(`${url()}/1`, ...args)).toEqual({ code: 0, output: wire(MESSAGES[0]!) });
    expect((await curl(`${url()}/`, ...args)).output).toBe('1 28\r\n2 20\r\n');
  });
  it('gets nowhere in clear, nor with a wrong password', async () => {
    expect((await curl(`pop3://127.0.0.1:${pop3.addr.port}/1`)).code).toBe(67);
    expect((await curl(`pop3s://127.0.0.1:${pop3s.addr.port}/1`, '-u', `${ADDRESS}:wrong`)).code).toBe(67);
  });
});

describe.skipIf(!peer('fetchmail'))('fetchmail', () => {
  const into = join(folder, 'mail');
  const fetchmail = (protocol: string, server: EdgeServer, keep: boolean) => {
    const rc = join(folder, 'fetchmailrc');
    const deliver = join(folder, 'deliver');
    writeFileSync(deliver, `#!/bin/sh\ncat >> ${into}\necho END >> ${into}\n`);
    chmodSync(deliver, 0o700);
    writeFileSync(into, '');
    writeFileSync(
      rc,
      `poll 127.0.0.1 protocol ${protocol} service ${server.addr.port} auth password\n` +
        ` user "${ADDRESS}" password "${PASSWORD}" ${keep ? 'keep' : 'nokeep'} fetchall\n` +
        ` sslproto "TLS1.2+" no sslcertck mda "${deliver}"\n`,
    );
    chmodSync(rc, 0o600);
    return run(
      peer('fetchmail')!,
      ['-f', rc, '--nodetach', '-v', '--pidfile', join(folder, 'pid'), '-i', join(folder, 'ids')],
      '',
      {
        HOME: folder,
        FETCHMAILHOME: folder,
      },
    );
  };
  it.each([
    ['pop3', () => pop3],
    ['imap', () => imap],
  ])('takes all mail by %s over TLS', async (protocol, server) => {
    const { output } = await fetchmail(protocol, server(), false);
    expect(output).toMatch(/STLS|STARTTLS/);
    const got = readFileSync(into, 'latin1').split('END\n').slice(0, -1);
    expect(
      got.map((text) => text.replace(/^(Received|Return-Path|Delivered-To):.*\n([ \t].*\n)*/gm, '')),
    ).toEqual(MESSAGES);
    expect(await uids()).toEqual([]);
  });
  it('leaves mail where it is', async () => {
    await fetchmail('pop3', pop3, true);
    expect(readFileSync(into, 'latin1')).toContain('Subject: two');
    expect((await uids()).length).toBe(2);
  });
});
