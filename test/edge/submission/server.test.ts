import { afterEach, describe, expect, it } from 'vitest';
import type { Accounts, LoginAttempt } from '../../../src/edge/accounts.ts';
import type { SubmitAnswer, SubmittedMail } from '../../../src/edge/submission/parts.ts';
import { type SubmissionOptions, serveSubmission } from '../../../src/edge/submission/server.ts';
import { realHost } from '../../../src/net/real.ts';
import { cause } from '../../../src/outcome/cause.ts';
import type { SmtpReceiver } from '../../../src/smtp/receiver.ts';
import { selfSigned } from '../../smtp/self-signed.ts';
import { type Client, client, plain } from './client.ts';

const open: { close(): Promise<void> }[] = [];
const clients: Client[] = [];
afterEach(async () => {
  for (const one of clients.splice(0)) one.end();
  for (const one of open.splice(0)) await one.close();
});

/** One account with two addresses; names say what else becomes of a login. */
const accounts = (seen: LoginAttempt[]): Accounts => ({
  async authenticate(attempt) {
    seen.push(attempt);
    if (attempt.name === 'locked') return { ok: false, reason: 'locked', retryAfterMs: 90_000 };
    if (attempt.name === 'unavailable') return { ok: false, reason: 'unavailable' };
    if (attempt.name !== 'alice@a.example' || attempt.password !== 'secret') {
      return { ok: false, reason: 'credentials' };
    }
    const addresses = ['alice@a.example', 'nurse@a.example'] as const;
    return { ok: true, user: { tenant: 't', account: '1', addresses } };
  },
});

async function start(
  more: Partial<SubmissionOptions> = {},
  answer: SubmitAnswer = { ok: true, id: 'm1' },
): Promise<{
  server: SmtpReceiver;
  mail: SubmittedMail[];
  attempts: LoginAttempt[];
  connect(login?: boolean): Promise<Client>;
}> {
  const mail: SubmittedMail[] = [];
  const attempts: LoginAttempt[] = [];
  const server = await serveSubmission(realHost({ resolvers: [] }), {
    at: { host: '127.0.0.1', port: 0 },
    hostname: 'mail.a.example',
    tls: selfSigned(),
    accounts: accounts(attempts),
    async submit(_user, one) {
      mail.push(one);
      return answer;
    },
    ...more,
  });
  open.push(server);
  return {
    server,
    mail,
    attempts,
    async connect(login = true) {
      const made = await client(server.addr, more.implicitTls);
      clients.push(made);
      if (!login) return made;
      if (!more.implicitTls) {
        expect(await made.say('EHLO c', 'STARTTLS')).toBe('250 220');
        await made.startTls();
      }
      expect(await made.say('EHLO c', plain('alice@a.example', 'secret'))).toBe('250 235');
      return made;
    },
  };
}

const LETTER = 'From: alice@a.example\r\nTo: bob@b.example\r\nSubject: s\r\n\r\n.text\r\n';
const wire = (letter: string): string => `${letter.replaceAll('\r\n.', '\r\n..')}.`;

describe('TLS before a login', () => {
  it('AUTH is neither offered nor looked at in clear, and mail is not taken', async () => {
    const { connect, attempts } = await start();
    const talk = await connect(false);
    expect(
      await talk.say(
        'EHLO c',
        plain('alice@a.example', 'secret'),
        'AUTH LOGIN',
        'MAIL FROM:<alice@a.example>',
      ),
    ).toBe('250 538 538 530');
    expect(talk.heard).toContain('STARTTLS');
    expect(talk.heard).not.toContain('AUTH PLAIN');
    expect(attempts).toEqual([]);
    expect(await talk.say('STARTTLS')).toBe('220');
    await talk.startTls();
    expect(await talk.say('EHLO c', 'MAIL FROM:<alice@a.example>', 'RCPT TO:<x@b.example>', 'DATA')).toBe(
      '250 530 503 503',
    );
    expect(talk.heard).toContain('AUTH PLAIN LOGIN');
  });

  it('what was injected in clear behind STARTTLS is thrown away', async () => {
    const { connect, attempts, mail } = await start();
    const talk = await connect(false);
    expect(await talk.say('EHLO c')).toBe('250');
    talk.raw(`STARTTLS\r\n${plain('alice@a.example', 'secret')}\r\nNOOP\r\n`);
    expect(await talk.reply()).toBe('220');
    await talk.startTls();
    expect(await talk.say('NOOP', 'MAIL FROM:<alice@a.example>')).toBe('250 503');
    expect([attempts, mail]).toEqual([[], []]);
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('%s is refused', async (version) => {
    const { connect } = await start();
    const talk = await connect(false);
    await talk.say('EHLO c', 'STARTTLS');
    await expect(talk.startTls(version)).rejects.toThrow(/version|alert|closed/i);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is spoken', async (version) => {
    const { connect } = await start();
    const talk = await connect(false);
    await talk.say('EHLO c', 'STARTTLS');
    await talk.startTls(version);
    expect(await talk.say('EHLO c')).toBe('250');
  });

  it('may come from the first octet', async () => {
    const { connect, mail } = await start({ implicitTls: true });
    const talk = await connect();
    expect(talk.heard).not.toContain('STARTTLS');
    expect(await talk.say('MAIL FROM:<alice@a.example>', 'RCPT TO:<bob@b.example>', 'DATA')).toBe(
      '250 250 354',
    );
    expect(await talk.say(wire(LETTER))).toBe('250');
    expect(mail).toHaveLength(1);
  });
});

describe('a login', () => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  it.each([
    ['PLAIN after a challenge', ['AUTH PLAIN', base64('\0alice@a.example\0secret')], '334 235'],
    ['LOGIN', ['AUTH LOGIN', base64('alice@a.example'), base64('secret')], '334 334 235'],
    ['a wrong password', [plain('alice@a.example', 'wrong')], '535'],
    ['a wrong name', [plain('mallory', 'secret')], '535'],
    ['an account that is locked', [plain('locked', 'x')], '454'],
    ['accounts that cannot be read', [plain('unavailable', 'x')], '454'],
    ['taken back', ['AUTH LOGIN', '*', 'MAIL FROM:<alice@a.example>'], '334 501 530'],
    ['not Base64', ['AUTH PLAIN ???'], '501'],
    ['another mechanism', ['AUTH CRAM-MD5'], '504'],
    ['twice', [plain('alice@a.example', 'secret'), 'AUTH LOGIN'], '235 503'],
  ])('%s', async (_name, lines, expected) => {
    const { connect } = await start();
    const talk = await connect(false);
    await talk.say('EHLO c', 'STARTTLS');
    await talk.startTls();
    expect(await talk.say('AUTH PLAIN')).toBe('503');
    expect(await talk.say('EHLO c')).toBe('250');
    expect(await talk.say(...lines)).toBe(expected);
  });

  it('ends the connection after too many that failed', async () => {
    const { connect, attempts } = await start({ limits: { logins: 3 } });
    const talk = await connect(false);
    await talk.say('EHLO c', 'STARTTLS');
    await talk.startTls();
    await talk.say('EHLO c');
    const wrong = plain('alice@a.example', 'wrong');
    expect(await talk.say(wrong, wrong, wrong)).toBe('535 535 535');
    expect([await talk.reply(), await talk.reply()]).toEqual(['421', 'gone']);
    expect(attempts).toHaveLength(3);
    expect(attempts[0]).toMatchObject({ edge: 'submission', peer: { host: '127.0.0.1' } });
  });
});

describe('the sender', () => {
  it.each([
    ['an address of theirs', 'alice@a.example', LETTER, '250 250 354', '250'],
    [
      'another one of theirs, in any case',
      'Nurse@A.example',
      LETTER.replace('alice', 'NURSE'),
      '250 250 354',
      '250',
    ],
    [
      'with a Sender of theirs',
      'alice@a.example',
      `Sender: nurse@a.example\r\n${LETTER}`,
      '250 250 354',
      '250',
    ],
    ['a stranger in From', 'alice@a.example', LETTER.replace('alice', 'boss'), '250 250 354', '550'],
    ['a stranger in Sender', 'alice@a.example', `Sender: boss@a.example\r\n${LETTER}`, '250 250 354', '550'],
    [
      'one of two in From',
      'alice@a.example',
      LETTER.replace('From: ', 'From: boss@a.example, '),
      '250 250 354',
      '550',
    ],
    ['a second From', 'alice@a.example', `From: boss@a.example\r\n${LETTER}`, '250 250 354', '550'],
    [
      'From in another case of the name',
      'alice@a.example',
      `FROM : boss@a.example\r\n${LETTER}`,
      '250 250 354',
      '550',
    ],
  ])('%s', async (_name, from, letter, before, after) => {
    const { connect, mail } = await start();
    const talk = await connect();
    expect(await talk.say(`MAIL FROM:<${from}> AUTH=<>`, 'RCPT TO:<bob@b.example>', 'DATA')).toBe(before);
    expect(await talk.say(wire(letter))).toBe(after);
    expect(mail.map(({ bytes }) => Buffer.from(bytes).toString('latin1'))).toEqual(
      after === '250' ? [letter] : [],
    );
  });

  it.each([
    [
      'From, where MAIL FROM is another address of theirs',
      LETTER.replace('alice', 'NURSE'),
      'NURSE@a.example',
    ],
    [
      'MAIL FROM, where Sender has it',
      `Sender: alice@a.example\r\n${LETTER.replace('alice', 'nurse')}`,
      'alice@a.example',
    ],
    ['MAIL FROM, where there is no From', LETTER.replace('From', 'X-From'), 'alice@a.example'],
  ])('goes on as %s', async (_name, letter, sender) => {
    const { connect, mail } = await start();
    const talk = await connect();
    await talk.say('MAIL FROM:<alice@a.example>', 'RCPT TO:<bob@b.example>', 'DATA');
    expect(await talk.say(wire(letter))).toBe('250');
    expect(mail.map(({ from }) => from)).toEqual([sender]);
  });

  it.each(['<>', '<boss@a.example>', '<alice@b.example>'])('%s in MAIL FROM is refused', async (from) => {
    const { connect } = await start();
    expect(await (await connect()).say(`MAIL FROM:${from}`)).toBe('553');
  });
});

describe('the answer to a message', () => {
  it.each([
    [cause('edge.unavailable', { why: 'busy' }), false, '451'],
    [cause('edge.unavailable', { why: 'disk is full' }), true, '452'],
    [cause('edge.full', { address: 'x' }), false, '452'],
    [cause('edge.not-owner', { address: 'x' }), false, '550'],
    [cause('parse.mime', { why: 'sealed' }), false, '550'],
    [cause('message.from-missing', {}), false, '554'],
    [cause('parse.header', { why: 'odd' }), false, '554'],
  ])('%j (storage: %s) is %s', async (why, storage, expected) => {
    const { connect } = await start({}, { ok: false, cause: why, storage });
    const talk = await connect();
    await talk.say('MAIL FROM:<alice@a.example>', 'RCPT TO:<bob@b.example>', 'DATA');
    expect(await talk.say(wire(LETTER))).toBe(expected);
  });

  it('is one for each recipient, of whom there may be 100', async () => {
    const { connect, mail } = await start();
    const talk = await connect();
    const recipients = Array.from({ length: 100 }, (_, n) => `RCPT TO:<r${n}@b.example>`);
    expect(await talk.say('MAIL FROM:<alice@a.example>', 'RCPT TO:<postmaster>', 'RCPT TO:<a b>')).toBe(
      '250 550 501',
    );
    expect(await talk.say(...recipients, 'RCPT TO:<one-more@b.example>', 'DATA')).toBe(
      `${'250 '.repeat(100)}452 354`,
    );
    expect(await talk.say(wire(LETTER))).toBe('250');
    expect(mail[0]!.to).toHaveLength(100);
  });

  it('a throw of the HISP is no 250', async () => {
    const { connect } = await start({ submit: () => Promise.reject(new Error('broken')) });
    const talk = await connect();
    await talk.say('MAIL FROM:<alice@a.example>', 'RCPT TO:<bob@b.example>', 'DATA');
    expect(await talk.say(wire(LETTER))).toBe('451');
  });

  it('a lone line feed is refused and ends the connection', async () => {
    const { connect, mail } = await start();
    const talk = await connect();
    await talk.say('MAIL FROM:<alice@a.example>', 'RCPT TO:<bob@b.example>', 'DATA');
    talk.raw(`${LETTER}a\nb\r\n.\r\nNOOP\r\n`);
    expect([await talk.reply(), await talk.reply()]).toEqual(['550', 'gone']);
    expect(mail).toEqual([]);
  });
});
