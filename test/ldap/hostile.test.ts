import { describe, expect, it } from 'vitest';
import { encode } from '../../src/asn1/write.ts';
import { seededRandom } from '../../src/net/random.ts';
import { ask, server, talk } from './talk.ts';
import * as wire from './wire.ts';

const attack = (): Buffer => {
  const operation = Buffer.from(wire.searchOp({ attributes: ['ab'] }));
  operation[operation.length - 3] = 0x7f;
  return wire.message(1, operation);
};

/** A nest of `not` whose lengths are made by hand: 16,000 of them are more than `encode` should copy. */
function deepFilter(depth: number): Buffer {
  const inner = Buffer.from(wire.present('a'));
  const head = Buffer.alloc(depth * 4);
  for (let i = 0; i < depth; i++) {
    const length = (depth - i - 1) * 4 + inner.length;
    head.set([0xa2, 0x82, length >> 8, length & 0xff], i * 4);
  }
  return Buffer.concat([head, inner]);
}

/** What libraries.md tells of ldapjs, and its like: none of it may stop the server (issue 2, "done when" 5). */
const ATTACKS: [string, () => Uint8Array][] = [
  ['an attribute string longer than its container', attack],
  [
    'the same in an added attribute',
    () => {
      const bytes = Buffer.from(wire.add(1, 'cn=x,o=one'));
      bytes[bytes.length - 2] = 0x7f;
      return bytes;
    },
  ],
  ['64 kB of abandons', () => Buffer.concat(Array.from({ length: 8000 }, () => wire.abandon(1, 1)))],
  ['64 kB of unbinds', () => Buffer.concat(Array.from({ length: 9000 }, () => wire.unbind(1)))],
  ['64 kB of binds', () => Buffer.concat(Array.from({ length: 4000 }, (_, i) => wire.bind(i + 1)))],
  ['a claimed gigabyte', () => Buffer.from('308440000000020101', 'hex')],
  ['a claimed gigabyte inside', () => Buffer.from('300a0201014a8440000000', 'hex')],
  ['a filter 15,000 deep', () => wire.search(1, { filter: deepFilter(15_000) })],
  ['a filter of 20,000 parts', () => wire.search(1, { filter: wire.or(...Array(20_000).fill(wire.and())) })],
  ['an indefinite length', () => Buffer.from('3080020101', 'hex')],
  [
    'a control value that is a list without end',
    () => {
      const sort = wire.sequence(wire.sequence(encode(0x04, Buffer.from('cn'))));
      sort[1] = 0x7f;
      return wire.message(1, Buffer.from([0x42, 0]), wire.control('1.2.840.113556.1.4.473', false, sort));
    },
  ],
  ['a name of 60,000 characters', () => wire.del(1, `cn=${'x'.repeat(60_000)}`)],
  ['a name of 15,000 parts', () => wire.del(1, Array(15_000).fill('a=b').join(','))],
  [
    'an add of 9,000 attributes',
    () => {
      const attribute = wire.sequence(wire.octets(''), encode(0x31));
      return wire.message(
        1,
        encode(0x68, wire.octets('o=one'), wire.sequence(...Array(9000).fill(attribute))),
      );
    },
  ],
  ['the hello of TLS', () => Buffer.from('16030100a5010000a10303', 'hex')],
  ['HTTP', () => Buffer.from('GET / HTTP/1.1\r\n\r\n')],
];

describe('attacks', () => {
  it.each(ATTACKS)('%s: the server goes on serving', async (_what, bytes) => {
    const { addr } = await server();
    const bystander = talk(addr);
    await bystander.ask(wire.bind(1), 1);
    const attacker = talk(addr);
    attacker.socket.write(bytes());
    const began = performance.now();
    const question = wire.search(2, { base: 'o=one', filter: wire.equal('mail', 'bob@direct.example') });
    expect(await bystander.ask(question, 3)).toHaveLength(3);
    expect(await ask(addr, wire.bind(1))).toMatchObject([{ code: 0 }]);
    expect(performance.now() - began).toBeLessThan(1500);
    attacker.socket.destroy();
  });

  it('64 kB of searches that no index helps: others are served in between', async () => {
    const { addr } = await server({ limits: { work: 100 } });
    const attacker = talk(addr);
    const search = wire.search(1, {
      base: 'o=one',
      filter: wire.or(...Array(20).fill(wire.equal('cn', 'x'))),
    });
    const flood = attacker.ask(Buffer.concat(Array(300).fill(search)), 300);
    expect(await ask(addr, wire.bind(1))).toMatchObject([{ code: 0 }]);
    expect(await flood).toHaveLength(300);
  });

  it('ends a connection whose answers nobody takes', async () => {
    const { addr } = await server({ limits: { backlogOctets: 50_000 } });
    const greedy = talk(addr);
    greedy.socket.pause();
    const search = wire.search(1, { base: 'o=one', filter: wire.equal('mail', 'bob@direct.example') });
    const batch = Buffer.concat(Array(600).fill(search));
    const pour = setInterval(() => greedy.socket.write(batch), 2);
    await new Promise<void>((resolve) =>
      greedy.socket.once('error', () => resolve()).once('close', () => resolve()),
    );
    clearInterval(pour);
    expect(await ask(addr, wire.bind(1))).toMatchObject([{ code: 0 }]);
  });
});

describe('framing', () => {
  const bytes = Buffer.concat([
    wire.bind(1),
    wire.search(2, {
      base: 'o=one',
      filter: wire.equal('mail', 'bob@direct.example'),
      attributes: ['userCertificate'],
    }),
    wire.compare(3, 'cn=bob,ou=people,o=one', 'cn', 'bob'),
  ]);

  it.each([1, 2, 3, 7, 50])('answers alike in pieces of %i', async (size) => {
    const { addr } = await server();
    const connection = talk(addr);
    for (let at = 0; at < bytes.length; at += size) {
      connection.socket.write(bytes.subarray(at, at + size));
      if (at % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const found = await connection.ask(Buffer.alloc(0), 4);
    expect(found.map(({ id, code }) => [id, code])).toEqual([
      [1, 0],
      [2, undefined],
      [2, 0],
      [3, 6],
    ]);
  });
});

describe('mutated packets', () => {
  it('2,000 of them: every connection ends or goes on, and the server answers', async () => {
    const { addr } = await server();
    const random = seededRandom('ldap mutations');
    const samples = [
      wire.bind(1),
      wire.bind(1, 3, 'cn=bob', 'secret'),
      wire.saslBind(1),
      wire.search(1, {
        base: 'o=one',
        filter: wire.and(
          wire.equal('mail', 'a'),
          wire.or(wire.present('b'), wire.substrings('c', 'd', ['e'], 'f')),
        ),
        attributes: ['userCertificate;binary', 'mail'],
      }),
      wire.message(
        1,
        wire.searchOp(),
        wire.control('1.2.840.113556.1.4.319', false, Buffer.from('3005020100')),
      ),
      wire.add(1, 'cn=x,o=one'),
      wire.modify(1, 'cn=x,o=one'),
      wire.modifyDn(1, 'cn=x,o=one'),
      wire.compare(1, 'cn=x,o=one', 'cn', 'x'),
      wire.del(1, 'cn=#0403616263,o=one'),
      wire.extended(1, '1.2.3'),
    ];
    const mutate = (sample: Buffer): Buffer => {
      const copy = Buffer.from(sample);
      for (let n = random.int(3) + 1; n > 0; n--) copy[random.int(copy.length)] = random.int(256);
      return random.int(4) === 0 ? copy.subarray(0, random.int(copy.length)) : copy;
    };
    for (let round = 0; round < 40; round++) {
      const connections = Array.from({ length: 10 }, () => talk(addr));
      for (const { socket } of connections) {
        for (let n = 0; n < 5; n++) socket.write(mutate(samples[random.int(samples.length)]!));
      }
      expect(await ask(addr, wire.bind(1))).toMatchObject([{ code: 0 }]);
      for (const { socket } of connections) socket.destroy();
    }
  });
});
