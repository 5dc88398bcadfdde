import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/dns/answer.ts';
import { decodeMessage, encodeMessage, ourEdns } from '../../src/dns/message.ts';
import { answerSlab, readyAnswers, readyKey } from '../../src/dns/ready.ts';
import { createResponder } from '../../src/dns/respond.ts';
import { noEvents, type Observation } from '../../src/net/host.ts';
import { ednsQuestion, question, shown, zoneText } from './presentation.ts';

const zone = zoneText(
  'd.example',
  `drbob CERT PKIX 0 0 ${Buffer.alloc(900, 7).toString('base64')}
big CERT PKIX 0 0 ${Buffer.alloc(2000, 7).toString('base64')}
alias CNAME drbob
*.wild TXT "x"
Case MX 10 drbob`,
);
const authority = createAuthority([zone]);
const peer = { host: '192.0.2.1', port: 5353 };
const responder = (repeatable: boolean, emit: (o: Observation) => number = () => 0) =>
  createResponder({
    answer: (query, { transport }) => authority.answer(query, transport),
    events: emit === undefined ? noEvents : { emit },
    udpSize: 1232,
    udpQuery: 1232,
    repeatable,
    unsent: () => false,
  });

const queries = fc
  .record({
    id: fc.nat({ max: 0xffff }),
    name: fc.constantFrom(
      'drbob.d.example',
      'DRBOB.d.eXample',
      'big.d.example',
      'alias.D.example',
      'a.wild.d.example',
      'case.d.example',
      'nobody.d.example',
      'other.example',
      'd.example',
    ),
    type: fc.constantFrom(
      'CERT' as const,
      'MX' as const,
      'TXT' as const,
      'ANY' as const,
      'TYPE41' as const,
      'AXFR' as const,
    ),
    class: fc.constantFrom(1, 1, 1, 3, 255),
    recursionDesired: fc.boolean(),
    checkingDisabled: fc.boolean(),
    authenticData: fc.boolean(),
    opcode: fc.constantFrom(0, 0, 0, 5),
    edns: fc.option(
      fc.record({
        udpSize: fc.constantFrom(0, 512, 1000, 1232, 4096),
        version: fc.constantFrom(0, 0, 0, 1),
        dnssecOk: fc.boolean(),
        options: fc.constantFrom([], [{ code: 10, data: new Uint8Array(8) }]),
      }),
      { nil: undefined },
    ),
  })
  .map(({ id, name, type, class: cls, edns, ...flags }) => ({
    ...question(name, type),
    ...flags,
    id,
    question: { name, type, class: cls },
    ...(edns && { edns }),
  }));

describe('ready answers', () => {
  it('say what the long way says, whatever was asked before', () => {
    const quick = responder(true);
    const slow = responder(false);
    fc.assert(
      fc.property(queries, fc.constantFrom('udp' as const, 'tcp' as const), (query, transport) => {
        const bytes = encodeMessage(query);
        const a = quick(bytes, transport, peer);
        const b = slow(bytes, transport, peer);
        expect(a && told(a)).toEqual(b && told(b));
        expect(a?.subarray(0, 12)).toEqual(b?.subarray(0, 12));
      }),
      { numRuns: 1000 },
    );
  });

  it('repeat id, RD, CD and the case of the question', () => {
    const respond = responder(true);
    respond(encodeMessage(question('drbob.d.example', 'MX')), 'udp', peer);
    const asked = question('dRBob.D.eXAMPLE', 'MX', {
      id: 7,
      recursionDesired: false,
      checkingDisabled: true,
    });
    expect(decodeMessage(respond(encodeMessage(asked), 'udp', peer)!)).toMatchObject({
      id: 7,
      recursionDesired: false,
      checkingDisabled: true,
      question: { name: 'dRBob.D.eXAMPLE' },
    });
  });

  it('are asked for once', () => {
    let asked = 0;
    const respond = createResponder({
      answer: (query, { transport }) => {
        asked++;
        return authority.answer(query, transport);
      },
      events: noEvents,
      udpSize: 1232,
      udpQuery: 1232,
      repeatable: true,
      unsent: () => false,
    });
    for (let id = 0; id < 5; id++)
      respond(encodeMessage({ ...ednsQuestion('drbob.d.example', 'CERT'), id }), 'udp', peer);
    expect(asked).toBe(1);
    respond(encodeMessage(question('drbob.d.example', 'CERT')), 'udp', peer);
    respond(encodeMessage(ednsQuestion('drbob.d.example', 'CERT')), 'tcp', peer);
    expect(asked).toBe(3);
  });

  it('leave the same evidence each time, with its own id', () => {
    const seen: Observation[] = [];
    const respond = responder(true, (observation) => seen.push(observation));
    for (const id of [1, 2])
      respond(encodeMessage({ ...ednsQuestion('Drbob.d.example', 'CERT'), id }), 'udp', peer);
    expect(seen.map((one) => one.summary)).toMatchObject([
      { id: 1, name: 'drbob.d.example', type: 'CERT', edns: 1232, rcode: 'NOERROR', tc: false },
      { id: 2, name: 'drbob.d.example', type: 'CERT', edns: 1232, rcode: 'NOERROR', tc: false },
    ]);
  });

  it('are not kept when the answer failed', () => {
    let fail = true;
    const respond = createResponder({
      answer: (query, { transport }) => {
        if (fail) throw new Error('broken');
        return authority.answer(query, transport);
      },
      events: noEvents,
      udpSize: 1232,
      udpQuery: 1232,
      repeatable: true,
      unsent: () => false,
    });
    const bytes = encodeMessage(question('d.example', 'MX'));
    expect(decodeMessage(respond(bytes, 'udp', peer)!).rcode).toBe('SERVFAIL');
    fail = false;
    expect(decodeMessage(respond(bytes, 'udp', peer)!).rcode).toBe('NOERROR');
  });

  it('are bounded: random names push out what is old', () => {
    const store = readyAnswers<null>();
    const wire = Buffer.alloc(1000);
    const keyOf = (index: number) => readyKey(encodeMessage(question(`n${index}.d.example`, 'A')), 1232)!;
    store.keep(keyOf(0), { wire, summary: null });
    for (let index = 1; index < 30_000; index++) store.keep(keyOf(index), { wire, summary: null });
    expect(store.find(keyOf(0))).toBeUndefined();
    expect(store.find(keyOf(29_999))).toBeDefined();
  });

  it('unusual queries have no key', () => {
    const ordinary = encodeMessage(question('d.example', 'A', { edns: ourEdns() }));
    expect(readyKey(ordinary, 1232)).toBeDefined();
    for (let at = 2; at < 12; at++) {
      const bytes = Uint8Array.from(ordinary);
      bytes[at]! ^= 0x84;
      expect(readyKey(bytes, 1232), `octet ${at}`).toBeUndefined();
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void readyKey(bytes, 1232)));
  });
});

describe('memory for answers', () => {
  it.each([
    ['is used again when nothing waits', false, 1],
    ['is left alone while something waits', true, 5],
  ])('%s', (_, waiting, pieces) => {
    const slab = answerSlab(() => waiting);
    const taken = Array.from({ length: 250 }, () => slab.take(1200));
    expect(new Set(taken.map((buffer) => buffer.buffer)).size).toBe(pieces);
    expect(taken.every((buffer) => buffer.length === 1200)).toBe(true);
  });

  it('is made anew for what is large', () => {
    const slab = answerSlab(() => false);
    expect(slab.take(60_000).buffer).not.toBe(slab.take(60_000).buffer);
  });
});

/** What an answer says, but for the case of its names, which a server may choose. */
function told(bytes: Uint8Array) {
  const { answers, authority, additional, edns, question: asked } = decodeMessage(bytes);
  const records = [...shown(answers), '-', ...shown(authority), '-', ...shown(additional)];
  return { asked, edns, records: records.map((text) => text.toLowerCase()) };
}
