import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { referencePop3Limits } from '../../../src/edge/pop3/limits.ts';
import { stuffed, topOf } from '../../../src/edge/pop3/multi-line.ts';
import { createPop3Session } from '../../../src/edge/pop3/session.ts';
import { ADDRESS, type AliceStore, accounts, aliceStore, PASSWORD, recordingPort } from '../fixture.ts';

let store: AliceStore;
beforeEach(async () => {
  store = await aliceStore();
  await store.deliver('Subject: one\n\nbody\n.dot\n');
  await store.deliver('Subject: two\n\n');
});
afterEach(() => store.close());

function conversation({ secure = true, limits = {} } = {}) {
  const recorder = recordingPort(secure);
  const session = createPop3Session({
    hostname: 'mail.a.example',
    peer: { host: '10.0.0.1', port: 40000 },
    limits: { ...referencePop3Limits, ...limits },
    accounts,
    mailboxes: store.mailboxes,
    reply: (proposed) => proposed,
    port: recorder.port,
  });
  session.greet();
  recorder.take();
  return {
    recorder,
    async raw(text: string): Promise<string> {
      await session.push(Buffer.from(text, 'latin1'));
      return recorder.take();
    },
    async login() {
      await this.raw(`USER ${ADDRESS}\r\nPASS ${PASSWORD}\r\n`);
      return this;
    },
  };
}

describe('before the login', () => {
  it.each([
    ['NOOP', '-ERR Log in first'],
    ['STAT', '-ERR Log in first'],
    ['PASS x', '-ERR USER first'],
    ['USER', '-ERR USER takes a name'],
    ['AUTH', '+OK Mechanisms\r\nPLAIN\r\n.'],
    ['AUTH LOGIN', '-ERR The mechanism is PLAIN'],
    ['AUTH PLAIN !', '-ERR PLAIN takes'],
    ['STLS', '-ERR TLS is on already'],
    ['XYZZY', '-ERR Unknown command'],
    ['USER alice\r\nPASS wrong', '+OK Now the password\r\n-ERR [AUTH] Wrong name or password'],
    [
      'USER locked\r\nPASS x',
      '+OK Now the password\r\n-ERR [SYS/TEMP] Too many attempts, try again in 2 seconds',
    ],
    ['QUIT', '+OK mail.a.example says goodbye'],
  ])('%s: %s', async (command, expected) => {
    expect((await conversation().raw(`${command}\r\n`)).startsWith(expected)).toBe(true);
  });

  it('takes no login in clear, and forgets what came behind STLS', async () => {
    const one = conversation({ secure: false });
    expect(await one.raw('CAPA\r\n')).toMatch(/\r\nSTLS\r\n\.\r\n$/);
    expect(await one.raw(`USER ${ADDRESS}\r\n`)).toBe('-ERR STLS first\r\n');
    expect(await one.raw('STLS\r\nNOOP\r\n')).toBe('+OK Begin\r\n');
    expect(await one.raw('CAPA\r\n')).toMatch(/\r\nUSER\r\nSASL PLAIN\r\n\.\r\n$/);
  });

  it('takes PLAIN at once and when asked', async () => {
    const token = Buffer.from(`\0${ADDRESS}\0${PASSWORD}`).toString('base64');
    expect(await conversation().raw(`AUTH PLAIN ${token}\r\n`)).toBe('+OK 2 messages\r\n');
    const one = conversation();
    expect(await one.raw('AUTH PLAIN\r\n')).toBe('+ \r\n');
    expect(await one.raw(`${token}\r\n`)).toBe('+OK 2 messages\r\n');
  });

  it.each([
    ['a line without end', 'a'.repeat(20_000), '-ERR The line is too long\r\n'],
    ['a bare LF', 'NOOP\n', '-ERR A line ends with CRLF\r\n'],
  ])('ends after %s', async (_what, text, expected) => {
    const one = conversation();
    expect(await one.raw(text)).toBe(expected);
    expect(one.recorder.state.ended).toBe(true);
  });
});

describe('after the login', () => {
  it.each([
    ['STAT', '+OK 2 44\r\n'],
    ['LIST', '+OK 2 messages\r\n1 28\r\n2 16\r\n.\r\n'],
    ['LIST 2', '+OK 2 16\r\n'],
    ['UIDL', '+OK 2 messages\r\n1 1.1\r\n2 1.2\r\n.\r\n'],
    ['UIDL 1', '+OK 1 1.1\r\n'],
    ['RETR 1', '+OK 28 octets\r\nSubject: one\r\n\r\nbody\r\n..dot\r\n.\r\n'],
    ['TOP 1 1', '+OK 28 octets\r\nSubject: one\r\n\r\nbody\r\n.\r\n'],
    ['TOP 1 0', '+OK 28 octets\r\nSubject: one\r\n\r\n.\r\n'],
    ['TOP 1', '-ERR TOP takes a message and a number of lines\r\n'],
    ['RETR 3', '-ERR There is no such message\r\n'],
    ['RETR 1e0', '-ERR There is no such message\r\n'],
    ['RETR', '-ERR There is no such message\r\n'],
    [
      'DELE 1\r\nSTAT\r\nRETR 1\r\nLIST\r\nRSET',
      '+OK Will be removed at QUIT\r\n+OK 1 16\r\n-ERR There is no such message\r\n+OK 1 messages\r\n2 16\r\n.\r\n+OK 2 messages\r\n',
    ],
    ['NOOP', '+OK Still here\r\n'],
    ['USER x', '-ERR Logged in already\r\n'],
  ])('%s', async (command, expected) => {
    expect(await (await conversation().login()).raw(`${command}\r\n`)).toBe(expected);
  });

  it('removes at QUIT and not before', async () => {
    await (await conversation().login()).raw('DELE 1\r\n');
    const one = await conversation().login();
    expect(await one.raw('DELE 1\r\nSTAT\r\nQUIT\r\n')).toContain(
      '+OK 1 16\r\n+OK mail.a.example says goodbye',
    );
    expect(await (await conversation().login()).raw('UIDL\r\n')).toBe('+OK 1 messages\r\n1 1.2\r\n.\r\n');
  });

  it('lets several sessions read and remove', async () => {
    const one = await conversation().login();
    const other = await conversation().login();
    await other.raw('DELE 1\r\nQUIT\r\n');
    await store.deliver('Subject: three\n\n');
    expect(await one.raw('RETR 1\r\nSTAT\r\nRETR 2\r\n')).toMatch(
      /^-ERR Another session.*\r\n\+OK 2 44\r\n\+OK 16/,
    );
    await one.raw('DELE 1\r\nDELE 2\r\nQUIT\r\n');
    expect(await (await conversation().login()).raw('UIDL\r\n')).toBe('+OK 1 messages\r\n1 1.3\r\n.\r\n');
  });

  it('answers the same in every segmentation', async () => {
    const word = fc.constantFrom(
      'STAT\r\n',
      'LIST',
      ' ',
      '1',
      '\r\n',
      'RETR 1\r\n',
      'TOP 1 1\r\n',
      'NOOP',
      '\0',
      'DELE 2\r\n',
      'RSET\r\n',
      'AUTH PLAIN\r\n',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { maxLength: 20 }),
        fc.array(fc.nat(100), { maxLength: 5 }),
        async (words, cuts) => {
          const text = words.join('');
          const [whole, pieces] = [await conversation().login(), await conversation().login()];
          const expected = await whole.raw(text);
          const edges = [0, ...new Set(cuts.filter((cut) => cut < text.length))].sort((a, b) => a - b);
          let said = '';
          for (const [i, from] of edges.entries()) said += await pieces.raw(text.slice(from, edges[i + 1]));
          expect(said).toBe(expected);
          expect(whole.recorder.state.errors).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a message on the wire', () => {
  it('comes back as it was, with canonical line ends', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('.', '..', 'a', '\r\n', '\r\n.', '\r\n..\r\n')), (pieces) => {
        const text = `${pieces.join('')}\r\n`;
        const wire = Buffer.from(stuffed(Buffer.from(text))).toString();
        expect(wire.endsWith('\r\n.\r\n')).toBe(true);
        expect(wire.slice(0, -3).replace(/^\./gm, '')).toBe(text);
      }),
    );
    expect(Buffer.from(stuffed(Buffer.from('a\nb'))).toString()).toBe('a\r\nb\r\n.\r\n');
    expect(Buffer.from(stuffed(Buffer.from(''))).toString()).toBe('.\r\n');
  });
  it('is cut after lines of the body', () => {
    expect(Buffer.from(topOf(Buffer.from('A: b'), 5)).toString()).toBe('A: b');
    expect(Buffer.from(topOf(Buffer.from('\r\na\r\nb\r\n'), 1)).toString()).toBe('\r\na\r\n');
  });
});
