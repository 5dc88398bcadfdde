import { X509Certificate } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Addr, Observation } from '../../src/net/host.ts';
import { realHost } from '../../src/net/real.ts';
import { keyPool } from '../../src/pki/keys.ts';
import { keptConnections } from '../../src/smtp/kept-connections.ts';
import { type ReceiverOptions, type SmtpReceiver, serveSmtp } from '../../src/smtp/receiver.ts';
import { smtpReply } from '../../src/smtp/reply.ts';
import { deliver, type SmtpMessage } from '../../src/smtp/sender.ts';
import { selfSigned } from './self-signed.ts';

const open: SmtpReceiver[] = [];
afterEach(async () => {
  for (const receiver of open.splice(0)) await receiver.close();
});

async function start(options: Partial<ReceiverOptions> = {}) {
  const events: Observation[] = [];
  const host = realHost({ resolvers: [], events: { emit: (event) => events.push(event) } });
  const messages: { mailFrom: string; rcptTo: readonly string[]; text: string; tls: boolean }[] = [];
  const receiver = await serveSmtp(host, {
    at: { host: '127.0.0.1', port: 0 },
    hostname: 'mx.b.example',
    onRecipient: (_from, rcpt) => (rcpt.startsWith('no') ? smtpReply(550, '5.1.1 No such user') : undefined),
    async onMessage({ mailFrom, rcptTo, bytes, session }) {
      messages.push({ mailFrom, rcptTo, text: Buffer.from(bytes).toString('latin1'), tls: session.tls });
      return smtpReply(250, '2.6.0 Stored');
    },
    ...options,
  });
  open.push(receiver);
  const send = (message: Partial<SmtpMessage>) =>
    deliver(host, receiver.addr, {
      helo: 'a.example',
      mailFrom: 'x@a.example',
      rcptTo: ['y@b.example'],
      bytes: Buffer.from('Subject: s\r\n\r\n.dot\r\n'),
      deadlineMs: 3000,
      ...message,
    });
  return { receiver, messages, events, send, host };
}

const said = (outcome: Awaited<ReturnType<typeof deliver>>): Record<string, number> =>
  Object.fromEntries([...outcome.perRecipient].map(([rcpt, reply]) => [rcpt, reply.code]));

describe('receiver and sender', () => {
  it('bring a message over byte for byte, with an event on both sides', async () => {
    const { send, messages, events } = await start();
    const outcome = await send({ rcptTo: ['y@b.example', 'no@b.example', 'z@b.example', 'y@b.example'] });
    expect(said(outcome)).toEqual({ 'y@b.example': 250, 'no@b.example': 550, 'z@b.example': 250 });
    expect(messages).toEqual([
      {
        mailFrom: 'x@a.example',
        rcptTo: ['y@b.example', 'z@b.example'],
        text: 'Subject: s\r\n\r\n.dot\r\n',
        tls: false,
      },
    ]);
    expect(events.map((event) => [event.dir, event.summary])).toEqual([
      [
        'in',
        {
          op: 'rcpt-refused',
          mailFrom: 'x@a.example',
          rcpt: 'no@b.example',
          reply: '550 5.1.1 No such user',
        },
      ],
      [
        'in',
        {
          op: 'message',
          helo: 'a.example',
          mailFrom: 'x@a.example',
          rcptTo: ['y@b.example', 'z@b.example'],
          size: 20,
          reply: '250 2.6.0 Stored',
          tls: false,
        },
      ],
      [
        'out',
        expect.objectContaining({
          op: 'deliver',
          replies: expect.objectContaining({ 'no@b.example': '550 5.1.1 No such user' }),
        }),
      ],
    ]);
    expect(Buffer.from(events[1]!.blob!).toString()).toBe('Subject: s\r\n\r\n.dot\r\n');
  });

  it('carry large messages', async () => {
    const { send, messages } = await start();
    const bytes = Buffer.alloc(8_000_000, `${'.'.repeat(62)}\r\n`);
    expect(said(await send({ bytes }))).toEqual({ 'y@b.example': 250 });
    expect(messages[0]!.text).toBe(bytes.toString('latin1'));
  });

  it('use STARTTLS when it is offered, without looking at the chain', async () => {
    const { send, messages } = await start({ tls: selfSigned() });
    expect(await send({})).toMatchObject({ tls: true });
    expect(messages[0]!.tls).toBe(true);
    expect(new X509Certificate(selfSigned().cert).subject).toContain('mx.b.example');
  });

  it('go on in clear when the handshake fails, unless TLS is required', async () => {
    const broken = { ...selfSigned(), key: keyPool.take('p256', 1).privateKey };
    const { send, messages } = await start({ tls: broken });
    expect(await send({})).toMatchObject({ tls: false });
    expect(messages).toHaveLength(1);
    expect((await send({ tls: 'required' })).error?.code).toBe('tls');
    expect(messages).toHaveLength(1);
  });

  it('do not send what is larger than SIZE', async () => {
    const { send, messages } = await start({ limits: { messageOctets: 10 } });
    const outcome = await send({});
    expect(said(outcome)).toEqual({ 'y@b.example': 552 });
    expect(outcome.sizeLimit).toBe(10);
    expect(messages).toEqual([]);
  });

  it('never let an address write a command', async () => {
    const { send, messages } = await start();
    const evil = 'y@b.example>\r\nRCPT TO:<z@b.example';
    expect(said(await send({ rcptTo: [evil, 'y@b.example', 'ü@b.example'] }))).toEqual({
      [evil]: 553,
      'ü@b.example': 553,
      'y@b.example': 250,
    });
    expect(said(await send({ mailFrom: 'a\r\nDATA' }))).toEqual({ 'y@b.example': 553 });
    expect(messages.map(({ rcptTo }) => rcptTo)).toEqual([['y@b.example']]);
  });

  it('refuse to send line ends that are not canonical', async () => {
    const { send } = await start();
    await expect(send({ bytes: Buffer.from('a\nb\r\n') })).rejects.toThrow(/not CRLF/);
  });
});

describe('peers with habits', () => {
  const three = ['a@b.example', 'b@b.example', 'c@b.example'];
  it('one recipient a transaction (452)', async () => {
    const { send, messages } = await start({ limits: { recipients: 1 } });
    expect(said(await send({ rcptTo: three }))).toEqual({
      'a@b.example': 250,
      'b@b.example': 250,
      'c@b.example': 250,
    });
    expect(messages.map((message) => message.rcptTo)).toEqual(three.map((rcpt) => [rcpt]));
  });

  it('HELO only, one message a connection', async () => {
    let done = 0;
    const { send, messages } = await start({
      limits: { recipients: 1 },
      reply(proposed, { stage, argument }) {
        if (stage === 'EHLO') return smtpReply(502, 'HELO please');
        if (stage === 'content') done = 1;
        if (stage === 'MAIL' && done && argument) {
          done = 0;
          return smtpReply(421, 'one at a time');
        }
        return proposed;
      },
    });
    expect(said(await send({ rcptTo: three }))).toEqual({
      'a@b.example': 250,
      'b@b.example': 250,
      'c@b.example': 250,
    });
    expect(messages).toHaveLength(3);
  });

  it.each([
    ['connect', 554, { 'y@b.example': 554 }],
    ['HELO', 550, { 'y@b.example': 250 }],
    ['MAIL', 451, { 'y@b.example': 451 }],
    ['DATA', 451, { 'y@b.example': 451 }],
    ['content', 554, { 'y@b.example': 554 }],
  ])('%s answered with %s', async (stage, code, expected) => {
    const { send } = await start({
      reply: (proposed, context) => (context.stage === stage ? smtpReply(code, 'habit') : proposed),
    });
    expect(said(await send({}))).toEqual(expected);
  });

  it('452 for everybody is temporary for everybody', async () => {
    const { send } = await start({ onRecipient: () => smtpReply(452, '4.3.1 Full') });
    expect(said(await send({ rcptTo: three }))).toEqual({
      'a@b.example': 452,
      'b@b.example': 452,
      'c@b.example': 452,
    });
  });
});

describe('what the network does', () => {
  const message = {
    helo: 'a',
    mailFrom: '',
    rcptTo: ['y@b.example'],
    bytes: Buffer.from('a\r\n'),
    deadlineMs: 300,
  };
  const host = realHost({ resolvers: [] });

  it('nobody listens', async () => {
    const outcome = await deliver(host, { host: '127.0.0.1', port: 9 }, message);
    expect([outcome.error?.code, outcome.perRecipient.size]).toEqual(['refused', 0]);
  });

  it.each([
    ['says nothing', '', 'timeout'],
    ['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'protocol'],
    ['never ends its line', '2'.repeat(5000), 'limit'],
  ])('a peer that %s', async (_name, greeting, code) => {
    const listener = await host.listen({ host: '127.0.0.1', port: 0 }, (socket) => {
      socket.resume();
      socket.write(greeting);
    });
    expect((await deliver(host, listener.addr, message)).error?.code).toBe(code);
    await listener.close();
  });

  it('a peer that hangs up after the last dot leaves the recipient unanswered, and is not asked twice', async () => {
    let connections = 0;
    const listener = await host.listen({ host: '127.0.0.1', port: 0 }, (socket) => {
      connections++;
      socket.write('220 hello\r\n');
      socket.on('data', (bytes) => {
        const text = bytes.toString('latin1');
        if (text.endsWith('.\r\n')) socket.destroy();
        else socket.write(text.startsWith('DATA') ? '354 go\r\n' : '250 ok\r\n');
      });
    });
    const outcome = await deliver(host, listener.addr, message);
    expect([outcome.error?.code, outcome.perRecipient.size, connections]).toEqual(['closed', 0, 1]);
    await listener.close();
  });
});

describe('limits of connections', () => {
  /** Reads until the server hangs up. */
  const talk = (addr: Addr, text = ''): Promise<string> =>
    new Promise((resolve) => {
      let all = '';
      const socket = connect(addr.port, addr.host, () => socket.write(text));
      socket.on('data', (bytes) => (all += bytes.toString('latin1')));
      socket.on('close', () => resolve(all));
    });

  it('idle clients are dismissed', async () => {
    const { receiver } = await start({ limits: { idleMs: 30 } });
    expect(await talk(receiver.addr, 'EHLO a\r\n')).toMatch(/\r\n421 4\.4\.2 Idle for too long\r\n$/);
  });

  it('too many from one address are turned away, and room is given back', async () => {
    const { receiver, send } = await start({ limits: { connectionsPerPeer: 1 } });
    const first = talk(receiver.addr);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await talk(receiver.addr)).toBe('421 4.3.2 Too many connections, try later\r\n');
    const closing = receiver.close();
    expect(await first).toContain('421 4.3.2 Shutting down');
    await closing;
    expect((await send({})).error?.code).toBe('refused');
  });
});

describe('kept connections', () => {
  const kept = async (options: Partial<ReceiverOptions> = {}) => {
    const world = await start(options);
    const connections = keptConnections(world.host);
    const bring = (message: Partial<SmtpMessage> = {}) =>
      deliver(
        world.host,
        world.receiver.addr,
        { helo: 'a.example', mailFrom: 'x@a.example', rcptTo: ['y@b.example'], bytes, ...message },
        connections,
      );
    const conns = () =>
      world.events.flatMap(({ dir, conn }) => (dir === 'in' && conn !== undefined ? [conn] : []));
    return { ...world, connections, bring, conns };
  };
  const bytes = Buffer.from('Subject: s\r\n\r\ntext\r\n');

  it('carry one message after the other', async () => {
    const { bring, conns, connections, messages } = await kept();
    for (let i = 0; i < 3; i++) expect(said(await bring())).toEqual({ 'y@b.example': 250 });
    expect(conns()).toEqual([1, 1, 1]);
    expect(messages).toHaveLength(3);
    await connections.close();
    await bring();
    expect(conns().at(-1)).toBe(2);
  });

  it('carry only for who said the same name', async () => {
    const { bring, conns, connections } = await kept();
    await bring();
    await bring({ helo: 'other.example' });
    expect(conns()).toEqual([1, 2]);
    await connections.close();
  });

  it('are not kept after a refusal', async () => {
    const { bring, conns, connections } = await kept();
    await bring({ rcptTo: ['no@b.example'] });
    await bring();
    expect(conns()).toEqual([1, 2]);
    await connections.close();
  });

  it.each([
    ['takes one message a connection', 421],
    ['wants nothing more on this one', 451],
  ])('make room for a new one when the server %s', async (_, code) => {
    const seen = new Set<number>();
    const { bring, conns, connections } = await kept({
      reply: (proposed, { stage, session }) => {
        if (stage === 'content') seen.add(session.id);
        return stage === 'MAIL' && seen.has(session.id) ? smtpReply(code, '4.7.0 Enough') : proposed;
      },
    });
    for (let i = 0; i < 2; i++) expect(said(await bring())).toEqual({ 'y@b.example': 250 });
    expect(conns()).toEqual([1, 2]);
    await connections.close();
  });

  it('make room for a new one when the server is gone and back', async () => {
    const { bring, receiver, host, connections, messages } = await kept();
    await bring();
    await receiver.close();
    open.splice(open.indexOf(receiver), 1);
    const again = await serveSmtp(host, {
      at: receiver.addr,
      hostname: 'mx.b.example',
      onRecipient: () => undefined,
      onMessage: async () => smtpReply(250, '2.6.0 Stored'),
    });
    open.push(again);
    expect(said(await bring())).toEqual({ 'y@b.example': 250 });
    expect(messages).toHaveLength(1);
    await connections.close();
  });

  it('leave a message unconfirmed that was sent and not answered, and do not send it twice', async () => {
    let count = 0;
    const { bring, connections, messages } = await kept({
      async onMessage({ mailFrom, rcptTo, bytes: content, session }) {
        messages.push({ mailFrom, rcptTo, text: Buffer.from(content).toString(), tls: session.tls });
        if (++count > 1) await new Promise(() => undefined);
        return smtpReply(250, '2.6.0 Stored');
      },
    });
    await bring();
    const outcome = await bring({ deadlineMs: 200 });
    expect(outcome).toMatchObject({ unconfirmed: true, error: { code: 'timeout' } });
    expect(messages).toHaveLength(2);
    await connections.close();
  });
});
