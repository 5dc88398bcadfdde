import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SmtpDelivery, SmtpHandlers } from '../../src/smtp/handlers.ts';
import { referenceLimits } from '../../src/smtp/limits.ts';
import { smtpReply } from '../../src/smtp/reply.ts';
import { createServerSession } from '../../src/smtp/session.ts';

type Overrides = Partial<SmtpHandlers> & { limits?: Partial<typeof referenceLimits>; tls?: boolean };

/** A conversation without a socket. */
function conversation(overrides: Overrides = {}) {
  const messages: SmtpDelivery[] = [];
  let output = '';
  let ended = false;
  const session = createServerSession({
    hostname: 'mx.b.example',
    id: 1,
    peer: { host: '10.0.0.1', port: 40000 },
    limits: { ...referenceLimits, ...overrides.limits },
    handlers: {
      onRecipient: (_from, rcpt) =>
        rcpt.endsWith('@b.example') ? undefined : smtpReply(550, '5.7.1 Not a domain of ours'),
      async onMessage(delivery) {
        messages.push(delivery);
        return smtpReply(250, '2.6.0 Stored');
      },
      ...overrides,
    },
    port: {
      write: (text) => (output += text),
      end: () => (ended = true),
      ...(overrides.tls ? { startTls: async () => undefined } : {}),
    },
  });
  session.greet();
  return {
    session,
    messages,
    /** Sends all at once and gives the codes of the replies, without those before. */
    async say(...lines: string[]) {
      output = '';
      await session.push(Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1'));
      return codes(output);
    },
    async raw(text: string, cuts: readonly number[] = []) {
      const bytes = Buffer.from(text, 'latin1');
      const edges = [0, ...new Set(cuts)].filter((cut) => cut < bytes.length).sort((a, b) => a - b);
      for (const [index, from] of edges.entries()) {
        await session.push(bytes.subarray(from, edges[index + 1] ?? bytes.length));
      }
      return codes(output);
    },
    output: () => output,
    ended: () => ended,
  };
}

const codes = (text: string): string => [...text.matchAll(/^(\d{3}) /gm)].map((match) => match[1]).join(' ');

const START = ['EHLO a.example', 'MAIL FROM:<x@a.example>', 'RCPT TO:<y@b.example>'];

describe('order of commands', () => {
  it.each([
    ['MAIL before EHLO', ['MAIL FROM:<x@a.example>'], '503'],
    ['RCPT before MAIL', ['EHLO a', 'RCPT TO:<y@b.example>'], '250 503'],
    ['DATA before MAIL', ['EHLO a', 'DATA'], '250 503'],
    [
      'DATA without recipient',
      ['EHLO a', 'MAIL FROM:<x@a.example>', 'RCPT TO:<y@c.example>', 'DATA'],
      '250 250 550 554',
    ],
    ['MAIL in MAIL', [...START, 'MAIL FROM:<z@a.example>'], '250 250 250 503'],
    ['RSET', [...START, 'RSET', 'DATA'], '250 250 250 250 503'],
    ['EHLO again forgets', [...START, 'EHLO a', 'DATA'], '250 250 250 250 503'],
    ['HELO', ['HELO a', 'MAIL FROM:<>', 'RCPT TO:<y@b.example>', 'DATA'], '250 250 250 354'],
    [
      'null sender, any case',
      ['ehlo a', 'mail from:<> body=7bit', 'rcpt to:<y@b.example>', 'data'],
      '250 250 250 354',
    ],
    [
      'others',
      ['NOOP x', 'VRFY y', 'HELP', 'EXPN l', 'AUTH PLAIN', 'XYZZY', ''],
      '250 252 214 500 500 500 500',
    ],
    [
      'bad arguments',
      ['EHLO', 'EHLO a', 'MAIL FROM:x', 'MAIL FROM:<x@a.example> FOO=1', 'DATA x'],
      '501 250 501 555 501',
    ],
    ['size', ['EHLO a', 'MAIL FROM:<x@a.example> SIZE=99999999999'], '250 552'],
    ['RCPT parameters', [...START, 'RCPT TO:<y@b.example> NOTIFY=NEVER'], '250 250 250 555'],
    ['STARTTLS when not on offer', ['EHLO a', 'STARTTLS'], '250 502'],
    ['QUIT', ['QUIT', 'NOOP'], '221'],
  ])('%s', async (_name, lines, expected) => {
    expect(await conversation().say(...lines)).toBe(expected);
  });
});

describe('a message', () => {
  it('arrives byte for byte, and the next one owes it nothing', async () => {
    const talk = conversation();
    expect(await talk.say(...START, 'RCPT TO:<z@c.example>', 'DATA')).toBe('250 250 250 550 354');
    expect(await talk.say('..dot', 'caf\xe9 \0', '.')).toBe('250');
    expect(
      await talk.say('MAIL FROM:<>', 'RCPT TO:<w@b.example>', 'RCPT TO:<w@b.example>', 'DATA', 'second', '.'),
    ).toBe('250 250 250 354 250');
    expect(
      talk.messages.map(({ mailFrom, rcptTo, bytes }) => [
        mailFrom,
        rcptTo,
        Buffer.from(bytes).toString('latin1'),
      ]),
    ).toEqual([
      ['x@a.example', ['y@b.example'], '.dot\r\ncaf\xe9 \0\r\n'],
      ['', ['w@b.example'], 'second\r\n'],
    ]);
  });

  it('is the same at every segmentation', async () => {
    const wire = `${[...START, 'DATA', '..', '', 'x.', '.', 'MAIL FROM:<>', 'RCPT TO:<v@b.example>', 'DATA', '.', 'QUIT'].join('\r\n')}\r\n`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(wire.length), { maxLength: 12 }), async (cuts) => {
        const talk = conversation();
        expect(await talk.raw(wire, cuts)).toBe('220 250 250 250 354 250 250 250 354 250 221');
        expect(talk.messages.map((message) => Buffer.from(message.bytes).toString())).toEqual([
          '.\r\n\r\nx.\r\n',
          '',
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it('is answered 451 when it could not be kept, and may come again', async () => {
    let fails = true;
    const talk = conversation({
      async onMessage() {
        if (fails) throw new Error('disk full');
        return smtpReply(250, 'ok');
      },
    });
    expect(await talk.say(...START, 'DATA', 'a', '.')).toBe('250 250 250 354 451');
    fails = false;
    expect(await talk.say(...START.slice(1), 'DATA', 'a', '.')).toBe('250 250 354 250');
  });
});

/** Every way to cut a text of this length: each bit says whether there is a cut before that octet. */
function* segmentations(from: number, to: number): Generator<number[]> {
  const places = to - from;
  for (let bits = 0; bits < 2 ** places; bits++) {
    yield Array.from({ length: places }, (_, n) => from + n).filter((_, n) => bits & (1 << n));
  }
}

describe('smuggling', () => {
  /** What some servers take for the end of data and others do not. The NUL makes the third from last a plain line. */
  const ENDS = [
    '\n.\n',
    '\n.\r\n',
    '\r\n.\n',
    '\r.\r',
    '\r.\r\n',
    '\r\n.\r',
    '\r\n\0.\r\n',
    '\r\r\n.\r\r\n',
    '\n\r\n.\n\r\n',
  ];
  it.each(ENDS.map((end) => [end]))('%j never gives a second message, at any segmentation', async (end) => {
    const inner = 'MAIL FROM:<evil@a.example>\r\nRCPT TO:<y@b.example>\r\nDATA\r\nsmuggled\r\n.\r\n';
    const wire = `${START.join('\r\n')}\r\nDATA\r\nhello${end}${inner}QUIT\r\n`;
    const nul = end.includes('\0');
    const from = wire.indexOf('hello') + 5;
    // around each octet of the end and of its neighbours
    for (const cuts of segmentations(from - 1, from + end.length + 3)) {
      const talk = conversation();
      await talk.raw(wire, cuts);
      const taken = talk.messages.map(({ mailFrom, bytes }) => [mailFrom, Buffer.from(bytes).toString()]);
      // with a NUL nothing is wrong with the line ends: what was to be smuggled is text of the one message
      const one = [['x@a.example', `hello${end}${inner.slice(0, -3)}`]];
      expect({ cuts, taken, ended: talk.ended() }).toEqual({ cuts, taken: nul ? one : [], ended: true });
      expect(talk.output()).toContain(nul ? '221 ' : '550 5.5.2');
    }
  });

  it.each(['EHLO a\nNOOP\r\n', 'EHLO a\rNOOP\r\n', '\nEHLO a\r\n'])(
    '%j as command ends the session',
    async (text) => {
      const talk = conversation();
      expect(await talk.raw(text)).toBe('220 500');
      expect(talk.ended()).toBe(true);
    },
  );
});

describe('STARTTLS', () => {
  it('throws away what was pipelined in clear, and all that was known', async () => {
    const talk = conversation({ tls: true });
    expect(await talk.say(...START, 'STARTTLS', 'RCPT TO:<evil@b.example>', 'DATA')).toBe('250 250 250 220');
    expect(await talk.say('MAIL FROM:<x@a.example>')).toBe('503');
    expect(await talk.say('EHLO a')).toBe('250');
    expect(talk.output()).not.toContain('STARTTLS');
    expect(await talk.say('STARTTLS')).toBe('503');
  });
});

describe('limits', () => {
  it.each([
    ['command line', { commandOctets: 20 }, [`NOOP ${'x'.repeat(20)}`], '500', true],
    ['commands', { commands: 2 }, ['NOOP', 'NOOP', 'NOOP', 'NOOP'], '250 250 421', true],
    ['errors', { errors: 2 }, ['X', 'X', 'NOOP'], '500 500 421', true],
    [
      'recipients',
      { recipients: 1 },
      [...START, 'RCPT TO:<z@b.example>', 'DATA'],
      '250 250 250 452 354',
      false,
    ],
    [
      'size',
      { messageOctets: 10 },
      [...START, 'DATA', 'x'.repeat(9), '.', 'NOOP'],
      '250 250 250 354 552 250',
      false,
    ],
    [
      'size without end',
      { messageOctets: 10 },
      [...START, 'DATA', 'x'.repeat(50)],
      '250 250 250 354 552',
      true,
    ],
  ])('%s', async (_name, limits, lines, expected, ended) => {
    const talk = conversation({ limits });
    expect(await talk.say(...lines)).toBe(expected);
    expect(talk.ended()).toBe(ended);
    expect(talk.messages).toEqual([]);
  });

  it('dismisses after the message at hand is answered', async () => {
    const reached = Promise.withResolvers<void>();
    const finished = Promise.withResolvers<void>();
    const talk = conversation({
      async onMessage() {
        reached.resolve();
        await finished.promise;
        return smtpReply(250, 'ok');
      },
    });
    const talking = talk.say(...START, 'DATA', 'a', '.', 'NOOP');
    await reached.promise;
    talk.session.dismiss('4.3.2 Shutting down');
    finished.resolve();
    expect(await talking).toBe('250 250 250 354 250 421');
    expect(talk.ended()).toBe(true);
  });
});

describe('the seam for peers with habits', () => {
  it.each([
    [
      'HELO only',
      'EHLO',
      smtpReply(502, 'what?'),
      ['EHLO a', 'MAIL FROM:<>', 'HELO a', 'MAIL FROM:<>'],
      '502 503 250 250',
    ],
    [
      'no null sender',
      'MAIL',
      smtpReply(501, 'no'),
      ['EHLO a', 'MAIL FROM:<>', 'RCPT TO:<y@b.example>'],
      '250 501 503',
    ],
    ['greylisting', 'RCPT', smtpReply(450, 'later'), [...START, 'DATA'], '250 250 450 554'],
    ['no DATA', 'DATA', smtpReply(451, 'later'), [...START, 'DATA', 'NOOP'], '250 250 250 451 250'],
    ['busy', 'MAIL', smtpReply(421, 'busy'), [...START, 'DATA'], '250 421'],
  ])('%s', async (_name, stage, changed, lines, expected) => {
    const talk = conversation({
      reply: (proposed, context) =>
        context.stage === stage && context.argument !== 'HELO' ? changed : proposed,
    });
    expect(await talk.say(...lines)).toBe(expected);
  });
});

it('survives any octets', async () => {
  const word = fc.constantFrom(
    'EHLO a',
    'MAIL FROM:<>',
    'RCPT TO:<y@b.example>',
    'DATA',
    'STARTTLS',
    '.',
    '\r\n',
    '\n',
    '\r',
    'QUIT',
    'RSET',
  );
  const part = fc.oneof({ weight: 4, arbitrary: word }, fc.string({ maxLength: 8 }), {
    weight: 3,
    arbitrary: fc.constant('\r\n'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { maxLength: 40 }),
      fc.array(fc.nat(200), { maxLength: 8 }),
      async (parts, cuts) => {
        const talk = conversation({ tls: true });
        await talk.raw(parts.join(''), cuts);
        for (const line of talk.output().split('\r\n').slice(0, -1)) expect(line).toMatch(/^[2345]\d\d[ -]/);
      },
    ),
    { numRuns: 500 },
  );
});
