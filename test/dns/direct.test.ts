import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/dns/answer.ts';
import { encodeMessage, makeQuery, ourEdns } from '../../src/dns/message.ts';
import { encodeRdata } from '../../src/dns/packet-record.ts';
import { createResponder } from '../../src/dns/respond.ts';
import { noEvents } from '../../src/net/host.ts';
import { zoneText } from './presentation.ts';

const zone = zoneText(
  'd.example',
  `drbob CERT PKIX 0 0 ${Buffer.alloc(900, 7).toString('base64')}
two CERT PKIX 1 8 ${Buffer.alloc(200, 7).toString('base64')}
two CERT PKIX 2 8 ${Buffer.alloc(100, 8).toString('base64')}
big CERT PKIX 0 0 ${Buffer.alloc(2000, 7).toString('base64')}
odd!one CERT PKIX 0 0 ${Buffer.alloc(9, 7).toString('base64')}
only MX 10 drbob
below.ent TXT "x"`,
);
const authority = createAuthority([zone]);
const peer = { host: '192.0.2.1', port: 5353 };
const found: string[] = [];

/** The records that stand in the zone, as a store has them. */
const certificatesAt = (name: string) => {
  found.push(name);
  const records = zone.records.filter((one) => one.name === name && one.data.type === 'CERT');
  return records.length === 0
    ? undefined
    : { ttl: records[0]!.ttl, rdata: records.map(({ data }) => encodeRdata(data)) };
};
const responder = (direct: boolean) =>
  createResponder({
    answer: (query, { transport }) => authority.answer(query, transport),
    events: noEvents,
    udpSize: 1232,
    udpQuery: 1232,
    repeatable: direct,
    unsent: () => false,
    ...(direct && { certificatesAt }),
  });

describe('direct answers', () => {
  it('are the octets that the authority’s answer has', () => {
    const queries = fc
      .record({
        id: fc.nat({ max: 0xffff }),
        name: fc.constantFrom(
          ...['drbob', 'DrBob', 'two', 'big', 'odd!one', 'only', 'ent', 'nobody', 'x.drbob'].map(
            (label) => `${label}.d.example`,
          ),
          'd.example',
          'other.example',
        ),
        type: fc.constantFrom('CERT' as const, 'CERT' as const, 'MX' as const, 'ANY' as const),
        class: fc.constantFrom(1, 1, 1, 3),
        recursionDesired: fc.boolean(),
        edns: fc.option(
          fc.record({ udpSize: fc.constantFrom(0, 512, 800, 1232, 4096), dnssecOk: fc.boolean() }),
        ),
      })
      .map(({ id, name, type, class: klass, recursionDesired, edns }) =>
        encodeMessage(
          makeQuery(
            id,
            { name, type, class: klass },
            { recursionDesired, ...(edns && { edns: { ...ourEdns(edns.dnssecOk), udpSize: edns.udpSize } }) },
          ),
        ),
      );
    const transports = fc.constantFrom('udp' as const, 'tcp' as const);
    const slow = responder(false);
    fc.assert(
      fc.property(fc.array(fc.tuple(queries, transports), { minLength: 1, maxLength: 4 }), (asked) => {
        const quick = responder(true);
        for (const [bytes, transport] of asked) {
          const copy = Buffer.from(quick(bytes, transport, peer)!).toString('hex');
          expect(copy).toBe(Buffer.from(slow(bytes, transport, peer)!).toString('hex'));
        }
      }),
      { numRuns: 500 },
    );
    expect(found).toContain('drbob.d.example');
  });
});
