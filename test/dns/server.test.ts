import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/dns/answer.ts';
import { framed, messageFramer } from '../../src/dns/framing.ts';
import { type DnsMessage, decodeMessage, encodeMessage, ourEdns } from '../../src/dns/message.ts';
import { type DnsServer, serveDns } from '../../src/dns/server.ts';
import type { Addr, Host, Observation } from '../../src/net/host.ts';
import { realHost } from '../../src/net/real.ts';
import { ednsQuestion, question, zoneText } from './presentation.ts';

const payload = Buffer.alloc(1500, 9);
const zone = zoneText(
  'd.example',
  `drbob CERT PKIX 0 0 ${Buffer.alloc(800, 7).toString('base64')}
big CERT PKIX 0 0 ${payload.toString('base64')}
two CERT PKIX 0 0 ${Buffer.alloc(700, 7).toString('base64')}
two CERT PKIX 0 0 ${Buffer.alloc(700, 8).toString('base64')}`,
);
const authority = createAuthority([zone]);

const seen: Observation[] = [];
const host: Host = realHost({ events: { emit: (observation) => seen.push(observation) } });
let server: DnsServer;
let at: Addr;

beforeAll(async () => {
  server = await serveDns(host, {
    at: [{ host: '127.0.0.1', port: 0 }],
    answer: (query, { transport }) => {
      if (query.question?.name === 'crash.d.example') throw new Error('on purpose');
      if (query.question?.name === 'silent.d.example') return undefined;
      return authority.answer(query, transport);
    },
    limits: { idleMs: 300, connectionsPerPeer: 8 },
  });
  at = server.addrs[0]!;
});
afterAll(() => server.close());

/** Sends a datagram and waits for the answer; undefined when none comes in 100 ms. */
async function datagram(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const port = await host.udp();
  try {
    return await new Promise((done) => {
      host.timer(100, () => done(undefined));
      port.onMessage((answer) => done(Uint8Array.from(answer)));
      port.send(bytes, at);
    });
  } finally {
    await port.close();
  }
}

const ask = async (query: DnsMessage): Promise<DnsMessage> =>
  decodeMessage((await datagram(encodeMessage(query)))!);

async function stream(): Promise<Socket> {
  const socket = connect(at.port, at.host);
  socket.on('error', () => undefined);
  await new Promise((done) => socket.once('connect', done));
  return socket;
}

const messages = (socket: Socket, count: number): Promise<DnsMessage[]> =>
  new Promise((done) => {
    const all: DnsMessage[] = [];
    const finish = () => done(all);
    const push = messageFramer(0xffff, (bytes) => {
      all.push(decodeMessage(bytes));
      if (all.length === count) finish();
    });
    socket.on('data', (chunk: Buffer) => void push(chunk));
    socket.once('close', finish);
  });

describe('UDP', () => {
  it.each([
    ['without EDNS, 512', question('drbob.d.example', 'CERT'), true, 0],
    ['EDNS 512', question('drbob.d.example', 'CERT', { edns: { ...ourEdns(), udpSize: 512 } }), true, 0],
    [
      'EDNS 0 is taken as 512',
      question('drbob.d.example', 'CERT', { edns: { ...ourEdns(), udpSize: 0 } }),
      true,
      0,
    ],
    ['EDNS 1232', ednsQuestion('drbob.d.example', 'CERT'), false, 1],
    [
      'EDNS 4096 is capped at 1232',
      question('big.d.example', 'CERT', { edns: { ...ourEdns(), udpSize: 4096 } }),
      true,
      0,
    ],
    ['no part of an RRset', ednsQuestion('two.d.example', 'CERT'), true, 0],
  ] as const)('%s', async (_, query, truncated, answers) => {
    const bytes = (await datagram(encodeMessage(query)))!;
    expect(bytes.length).toBeLessThanOrEqual(
      query.edns ? Math.max(512, Math.min(1232, query.edns.udpSize)) : 512,
    );
    const answer = decodeMessage(bytes);
    expect({ truncated: answer.truncated, answers: answer.answers.length }).toEqual({ truncated, answers });
    expect(answer.edns !== undefined).toBe(query.edns !== undefined);
  });

  it('a question that cannot be answered is SERVFAIL', async () => {
    expect((await ask(question('crash.d.example', 'A'))).rcode).toBe('SERVFAIL');
    expect(seen.at(-1)!.summary).toMatchObject({
      name: 'crash.d.example',
      rcode: 'SERVFAIL',
      error: 'on purpose',
    });
  });

  it('an answer seam may keep silent', async () => {
    expect(await datagram(encodeMessage(question('silent.d.example', 'A')))).toBeUndefined();
  });

  it('leaves one event for each request', async () => {
    const before = seen.length;
    await ask(ednsQuestion('Two.d.example', 'CERT'));
    expect(seen.slice(before)).toMatchObject([
      {
        kind: 'dns',
        dir: 'in',
        peer: { host: '127.0.0.1' },
        summary: {
          transport: 'udp',
          name: 'two.d.example',
          type: 'CERT',
          edns: 1232,
          id: 4711,
          rcode: 'NOERROR',
          tc: true,
          answers: [],
        },
      },
    ]);
  });
});

describe('TCP (RFC 7766)', () => {
  it('answers pipelined queries on one connection, however they are cut', async () => {
    const socket = await stream();
    const names = ['drbob', 'big', 'two', 'nobody'];
    const answers = messages(socket, names.length);
    const bytes = Buffer.concat(
      names.map((name, id) => framed(encodeMessage(question(`${name}.d.example`, 'CERT', { id })))),
    );
    for (let from = 0; from < bytes.length; from += 7) socket.write(bytes.subarray(from, from + 7));
    const got = (await answers).sort((a, b) => a.id - b.id);
    expect(got.map((answer) => [answer.id, answer.rcode, answer.truncated, answer.answers.length])).toEqual([
      [0, 'NOERROR', false, 1],
      [1, 'NOERROR', false, 1],
      [2, 'NOERROR', false, 2],
      [3, 'NXDOMAIN', false, 0],
    ]);
    expect(got[1]!.answers[0]!.data).toMatchObject({ type: 'CERT', payload: new Uint8Array(payload) });
    socket.destroy();
  });

  it.each([
    ['no whole query for the idle time', Buffer.from([0, 40, 1])],
    ['a message longer than a query can be', Buffer.from([0xff, 0xff])],
    ['a message of no octets', Buffer.from([0, 0])],
  ])('closes on %s', async (_, bytes) => {
    const socket = await stream();
    const closed = new Promise((done) => socket.once('close', done));
    socket.resume();
    socket.write(bytes);
    await closed;
  });

  it('has only so many connections for one peer, and frees them', async () => {
    const sockets = await Promise.all(Array.from({ length: 12 }, stream));
    const answers = await Promise.all(
      sockets.map((socket) => {
        const got = messages(socket, 1);
        socket.write(framed(encodeMessage(question('d.example', 'MX'))));
        return got;
      }),
    );
    expect(answers.filter((got) => got.length === 1)).toHaveLength(8);
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => host.timer(50, () => done(undefined)));
    const socket = await stream();
    const got = messages(socket, 1);
    socket.write(framed(encodeMessage(question('d.example', 'MX'))));
    expect(await got).toHaveLength(1);
    socket.destroy();
  });

  it('does not keep what a client will not read', async () => {
    const socket = await stream();
    socket.pause();
    const query = framed(encodeMessage(question('big.d.example', 'CERT')));
    const closed = new Promise((done) => socket.once('close', done));
    for (let round = 0; round < 40 && !socket.destroyed; round++) {
      socket.write(Buffer.concat(Array.from({ length: 1000 }, () => query)));
    }
    await Promise.race([closed, new Promise((done) => host.timer(1500, () => done(undefined)))]);
    socket.destroy();
    expect((await ask(question('d.example', 'MX'))).rcode).toBe('NOERROR');
  });
});

describe('hostile input (REQ-SEC-04)', () => {
  it('does not stop the server', async () => {
    const good = encodeMessage(ednsQuestion('drbob.d.example', 'CERT'));
    const mangled = fc
      .tuple(fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 }), fc.nat())
      .map(([changes, cut]) => {
        const bytes = Uint8Array.from(good);
        for (const [where, octet] of changes) bytes[where % bytes.length] = octet;
        return cut % 4 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
      });
    const port = await host.udp();
    for (const bytes of fc.sample(fc.oneof(mangled, fc.uint8Array({ maxLength: 200 })), 500))
      port.send(bytes, at);
    const socket = await stream();
    for (const bytes of fc.sample(mangled, 200)) if (bytes.length > 0) socket.write(framed(bytes));
    socket.write(framed(good));
    socket.resume();
    await new Promise((done) => host.timer(100, () => done(undefined)));
    expect((await ask(ednsQuestion('drbob.d.example', 'CERT'))).answers).toHaveLength(1);
    socket.destroy();
    await port.close();
  });

  it.each([
    ['an answer as a query', '1267 8000 0001 0000 0000 0000 00 0001 0001', undefined],
    ['11 octets', '1267 0000 0001 0000 0000 00', undefined],
    ['two questions', '1267 0000 0002 0000 0000 0000 00 0001 0001 00 0001 0001', 'FORMERR'],
    ['STATUS', '1267 1000 0001 0000 0000 0000 00 0001 0001', 'NOTIMP'],
    ['octets after the end', '1267 0000 0001 0000 0000 0000 00 0001 0001 ff', 'FORMERR'],
    [
      'two OPT records',
      '1267 0000 0001 0000 0000 0002 00 0001 0001 00 0029 04d0 00000000 0000 00 0029 04d0 00000000 0000',
      'FORMERR',
    ],
  ])('%s gets %s', async (_, bytes, rcode) => {
    const answer = await datagram(Uint8Array.from(Buffer.from(bytes.replace(/ /g, ''), 'hex')));
    expect(answer && decodeMessage(answer).rcode).toBe(rcode);
  });

  it('BADVERS for a version of EDNS that nobody knows', async () => {
    const answer = await ask(question('d.example', 'MX', { edns: { ...ourEdns(), version: 1 } }));
    expect(answer).toMatchObject({ rcode: 'BADVERS', answers: [], edns: { version: 0 } });
  });
});

describe('ports', () => {
  it('one number for UDP and TCP, on each address', async () => {
    const both = await serveDns(host, {
      at: [
        { host: '127.0.0.1', port: 0 },
        { host: '127.0.0.2', port: 0 },
      ],
      answer: (query) => authority.answer(query, 'udp'),
    });
    expect(both.addrs).toHaveLength(2);
    expect(both.addrs[0]!.port).toBeGreaterThan(0);
    await both.close();
  });

  it('nothing stays open when one is taken', async () => {
    const free = await serveDns(host, { at: [{ host: '127.0.0.1', port: 0 }], answer: () => undefined });
    const { port } = free.addrs[0]!;
    await free.close();
    const taken = { at: [{ host: '127.0.0.1', port }, at], answer: () => undefined };
    await expect(serveDns(host, taken)).rejects.toMatchObject({ code: 'address-in-use' });
    const again = await serveDns(host, { at: [{ host: '127.0.0.1', port }], answer: () => undefined });
    await again.close();
  });
});
