import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Accounts } from '../../src/edge/accounts.ts';
import type { SubmittedMail } from '../../src/edge/submission/parts.ts';
import { serveSubmission } from '../../src/edge/submission/server.ts';
import { realHost } from '../../src/net/real.ts';
import type { SmtpReceiver } from '../../src/smtp/receiver.ts';
import { selfSigned } from '../smtp/self-signed.ts';
import { peer } from './peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'anchorage-submission-'));
const mail: SubmittedMail[] = [];
let starttls: SmtpReceiver;
let implicit: SmtpReceiver;

const USER = 'alice@a.example';
const PASSWORD = 'correct horse';
const accounts: Accounts = {
  authenticate: async ({ name, password }) =>
    name === USER && password === PASSWORD
      ? { ok: true, user: { tenant: 'a', account: '1', addresses: [USER] } }
      : { ok: false, reason: 'credentials' },
};

beforeAll(async () => {
  const options = {
    at: { host: '127.0.0.1', port: 0 },
    hostname: 'mail.a.example',
    tls: selfSigned(),
    accounts,
    async submit(_user: unknown, one: SubmittedMail) {
      mail.push(one);
      return { ok: true as const, id: 'm1' };
    },
  };
  starttls = await serveSubmission(realHost({ resolvers: [] }), options);
  implicit = await serveSubmission(realHost({ resolvers: [] }), { ...options, implicitTls: true });
});
beforeEach(() => {
  mail.length = 0;
});
afterAll(async () => {
  await starttls.close();
  await implicit.close();
  rmSync(folder, { recursive: true });
});

const run = (program: string, args: readonly string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    execFile(program, [...args], { timeout: 20_000 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, output: stdout + stderr });
    });
  });

const LETTER = `From: ${USER}\r\nTo: bob@b.example\r\nSubject: hello\r\n\r\n.dot\r\n..two\r\nGrüße\r\n`;
const letterFile = (text: string, name = 'letter'): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const arrived = (): unknown =>
  mail.map(({ from, to, bytes }) => ({ from, to, text: Buffer.from(bytes).toString('utf8') }));
const EXPECTED = [{ from: USER, to: ['bob@b.example'], text: LETTER }];

describe.skipIf(!peer('swaks'))('swaks', () => {
  const swaks = (...args: string[]) =>
    run(peer('swaks')!, [
      ...['--from', USER, '--to', 'bob@b.example', '--auth-user', USER],
      // it ends the data with a line end of its own
      ...['--data', `@${letterFile(LETTER.slice(0, -2))}`],
      ...args,
    ]);
  const at = (receiver: SmtpReceiver): string => `127.0.0.1:${receiver.addr.port}`;

  it.each(['PLAIN', 'LOGIN'])('hands in with STARTTLS and AUTH %s', async (mechanism) => {
    const { code, output } = await swaks(
      ...['--server', at(starttls), '--tls', '--auth', mechanism, '--auth-password', PASSWORD],
    );
    expect(output).toContain('250 2.6.0 Stored as m1');
    expect(code).toBe(0);
    expect(arrived()).toEqual(EXPECTED);
  });

  it('hands in with TLS from the first octet, pipelined', async () => {
    const { code, output } = await swaks(
      ...['--server', at(implicit), '--tls-on-connect', '--auth', 'PLAIN', '--auth-password', PASSWORD],
      '--pipeline',
    );
    expect({ code, told: output.includes('2.6.0 Stored') }).toEqual({ code: 0, told: true });
    expect(arrived()).toEqual(EXPECTED);
  });

  it('is refused with a wrong password, in clear, and as somebody else', async () => {
    const wrong = await swaks('--server', at(starttls), '--tls', '--auth', 'PLAIN', '--auth-password', 'no');
    expect(wrong.output).toContain('535 5.7.8');
    const clear = await swaks('--server', at(starttls), '--auth', 'PLAIN', '--auth-password', PASSWORD);
    expect(clear.output).not.toContain('AUTH PLAIN');
    const right = ['--server', at(starttls), '--tls', '--auth', 'PLAIN', '--auth-password', PASSWORD];
    const envelope = await swaks(...right, '--from', 'boss@a.example');
    expect(envelope.output).toContain('553 5.7.1');
    const forged = letterFile(LETTER.replace(USER, 'boss@a.example').slice(0, -2), 'forged');
    const header = await swaks(...right, '--data', `@${forged}`);
    expect(header.output).toContain('550 5.7.1');
    expect([wrong, clear, envelope, header].every(({ code }) => code !== 0)).toBe(true);
    expect(mail).toEqual([]);
  });
});

describe.skipIf(!peer('curl'))('curl', () => {
  const curl = (url: string, ...args: string[]) =>
    run(peer('curl')!, [
      ...['-sS', url, '--insecure', '--mail-from', USER, '--mail-rcpt', 'bob@b.example'],
      ...['-T', letterFile(LETTER), ...args],
    ]);

  it.each([
    ['smtp:// with STARTTLS', () => [`smtp://127.0.0.1:${starttls.addr.port}/c`, '--ssl-reqd']],
    ['smtps://', () => [`smtps://127.0.0.1:${implicit.addr.port}/c`]],
    [
      'smtps:// with AUTH LOGIN',
      () => [`smtps://127.0.0.1:${implicit.addr.port}/c`, '--login-options', 'AUTH=LOGIN'],
    ],
  ])('hands in by %s', async (_name, args) => {
    const [url, ...more] = args();
    const { code, output } = await curl(url!, '--user', `${USER}:${PASSWORD}`, ...more);
    expect({ code, output }).toEqual({ code: 0, output: '' });
    expect(arrived()).toEqual(EXPECTED);
  });

  it('is told that the password is wrong', async () => {
    const { code } = await curl(`smtps://127.0.0.1:${implicit.addr.port}/c`, '--user', `${USER}:no`);
    // CURLE_LOGIN_DENIED
    expect(code).toBe(67);
    expect(mail).toEqual([]);
  });
});
