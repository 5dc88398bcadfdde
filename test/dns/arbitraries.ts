/** Messages of every shape, for property tests. */
import fc from 'fast-check';
import { rcodeName } from '../../src/dns/codes.ts';
import type { DnsMessage } from '../../src/dns/message.ts';
import { formatName } from '../../src/dns/names.ts';
import { type RecordData, type ResourceRecord, typeName } from '../../src/dns/records.ts';
import { formatIpv6 } from '../../src/dns/types/aaaa.ts';

const u8 = fc.nat({ max: 0xff });
const u16 = fc.nat({ max: 0xffff });
const u31 = fc.nat({ max: 0x7fffffff });
const u32 = fc.nat({ max: 0xffffffff });

/** Few labels, so that names share endings and compression has work. */
const label = fc.oneof(
  fc
    .constantFrom('a', 'b', 'A', 'example', 'x.y', '*', '\x00\xff')
    .map((text) => Uint8Array.from(Buffer.from(text, 'latin1'))),
  fc.uint8Array({ minLength: 1, maxLength: 12 }),
);
export const anyName = fc.array(label, { maxLength: 5 }).map((labels) => formatName(labels));

const octets = fc.uint8Array({ maxLength: 80 });

export const anyData: fc.Arbitrary<RecordData> = fc.oneof(
  fc.record({
    type: fc.constant('A' as const),
    address: fc.tuple(u8, u8, u8, u8).map((parts) => parts.join('.')),
  }),
  fc.record({
    type: fc.constant('AAAA' as const),
    address: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(formatIpv6),
  }),
  fc.record({
    type: fc.constantFrom('NS' as const, 'CNAME' as const, 'PTR' as const),
    target: anyName,
  }) as fc.Arbitrary<RecordData>,
  fc.record({ type: fc.constant('MX' as const), preference: u16, exchange: anyName }),
  fc.record({ type: fc.constant('SRV' as const), priority: u16, weight: u16, port: u16, target: anyName }),
  fc.record({
    type: fc.constant('SOA' as const),
    mname: anyName,
    rname: anyName,
    serial: u32,
    refresh: u32,
    retry: u32,
    expire: u32,
    minimum: u31,
  }),
  fc.record({ type: fc.constant('TXT' as const), strings: fc.array(octets, { minLength: 1, maxLength: 4 }) }),
  fc.record({
    type: fc.constant('CERT' as const),
    certType: u16,
    keyTag: u16,
    algorithm: u8,
    payload: octets,
  }),
  fc.record({
    type: fc.constant('unknown' as const),
    typeNumber: fc.constantFrom(43, 46, 48, 99, 257, 65280),
    rdata: octets,
  }),
);

const anyRecord: fc.Arbitrary<ResourceRecord> = fc
  .record({
    name: anyName,
    ttl: u31,
    data: anyData,
    class: fc.constantFrom(undefined, undefined, undefined, 3, 255),
  })
  .map(({ class: other, ...record }) => (other === undefined ? record : { ...record, class: other }));

const records = fc.array(anyRecord, { maxLength: 5 });

const edns = fc.record({
  udpSize: u16,
  version: u8,
  dnssecOk: fc.boolean(),
  options: fc.array(fc.record({ code: u16, data: fc.uint8Array({ maxLength: 12 }) }), { maxLength: 3 }),
});

export const anyMessage: fc.Arbitrary<DnsMessage> = fc
  .record({
    id: u16,
    response: fc.boolean(),
    opcode: fc.nat({ max: 15 }),
    authoritative: fc.boolean(),
    truncated: fc.boolean(),
    recursionDesired: fc.boolean(),
    recursionAvailable: fc.boolean(),
    authenticData: fc.boolean(),
    checkingDisabled: fc.boolean(),
    code: fc.nat({ max: 0x7ff }),
    question: fc.option(fc.record({ name: anyName, type: u16.map(typeName), class: u16 }), {
      nil: undefined,
    }),
    answers: records,
    authority: records,
    additional: records,
    edns: fc.option(edns, { nil: undefined }),
  })
  .map(({ code, question, edns: opt, ...rest }) => ({
    ...rest,
    rcode: rcodeName(opt ? code : code & 15),
    ...(question && { question }),
    ...(opt && { edns: opt }),
  }));
