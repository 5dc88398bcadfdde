import dnsPacket from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DnsError } from '../../src/dns/error.ts';
import {
  type DnsMessage,
  decodeMessage,
  encodeMessage,
  makeResponse,
  ourEdns,
} from '../../src/dns/message.ts';
import type { ResourceRecord } from '../../src/dns/records.ts';
import { anyMessage } from './arbitraries.ts';
import { question, zoneText } from './presentation.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replace(/\s+/g, ''), 'hex'));
const header = (counts: string, flags = '8000') => `1267 ${flags} ${counts}`;

const record = (name: string, data: ResourceRecord['data'], ttl = 300): ResourceRecord => ({
  name,
  ttl,
  data,
});
const certOf = (octets: number, fill = 7) =>
  ({
    type: 'CERT',
    certType: 1,
    keyTag: 258,
    algorithm: 8,
    payload: new Uint8Array(octets).fill(fill),
  }) as const;

const answerWith = (over: Partial<DnsMessage>): DnsMessage => ({
  ...makeResponse(question('d.example', 'CERT')),
  ...over,
});

describe('octets of a record', () => {
  it('CERT: type, key tag, algorithm, bare DER (RFC 4398 §2)', () => {
    const bytes = encodeMessage(answerWith({ answers: [record('d.example', certOf(3))] }));
    expect(Buffer.from(bytes.subarray(-20)).toString('hex')).toBe('c00c002500010000012c00080001010208070707');
  });

  it('SRV: the target is not compressed (RFC 2782), but read when it is', () => {
    const srv = { type: 'SRV', priority: 1, weight: 2, port: 389, target: 'd.example' } as const;
    const bytes = encodeMessage(answerWith({ answers: [record('d.example', srv)] }));
    expect(Buffer.from(bytes.subarray(-17)).toString('hex')).toBe(`0001000201850164076578616d706c6500`);
    const compressed = hex(
      `${header('0000 0001 0000 0000')} 0164 00 0021 0001 00000000 0008 0001 0002 0185 c00c`,
    );
    expect(decodeMessage(compressed).answers[0]!.data).toEqual({ ...srv, target: 'd' });
  });

  it('MX, NS, CNAME, PTR and SOA names are compressed', () => {
    const mx = record('d.example', { type: 'MX', preference: 10, exchange: 'mx.d.example' });
    const bytes = encodeMessage(answerWith({ answers: [mx] }));
    expect(Buffer.from(bytes.subarray(-7)).toString('hex')).toBe('000a026d78c00c');
  });

  it('a dot in a label stays in its label', () => {
    const bytes = encodeMessage(answerWith({ question: { name: 'john\\.doe.d', type: 'CERT', class: 1 } }));
    expect(Buffer.from(bytes.subarray(12)).toString('hex')).toBe('086a6f686e2e646f6501640000250001');
    expect(decodeMessage(bytes).question!.name).toBe('john\\.doe.d');
  });
});

describe('two codecs agree', () => {
  const zone = zoneText(
    'd.example',
    `@ MX 10 mx
mx A 192.0.2.25
mx AAAA 2001:db8::25
drbob TXT "one" "two \\200\\""
_ldap._tcp SRV 1 2 389 ldap
w CNAME mx
4.3.2.1 PTR mx
`,
  );
  const message = answerWith({ answers: zone.records, authoritative: true, edns: ourEdns(true) });

  it('dns-packet reads what we write', () => {
    const read = dnsPacket.decode(Buffer.from(encodeMessage(message)));
    expect(read.answers).toHaveLength(zone.records.length);
    const byType = new Map(read.answers!.map((answer) => [answer.type, answer]));
    expect(byType.get('MX')).toMatchObject({ data: { preference: 10, exchange: 'mx.d.example' } });
    expect(byType.get('SRV')).toMatchObject({
      data: { priority: 1, weight: 2, port: 389, target: 'ldap.d.example' },
    });
    expect(byType.get('SOA')).toMatchObject({ data: { mname: 'ns.d.example', serial: 7, minimum: 60 } });
    expect(byType.get('TXT')).toMatchObject({
      data: [Buffer.from('one'), Buffer.from('two \xc8"', 'latin1')],
    });
    expect(byType.get('AAAA')).toMatchObject({ data: '2001:db8::25' });
    expect(read.additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1232, flag_do: true }]);
  });

  it('we read what dns-packet writes', () => {
    const bytes = dnsPacket.encode({
      type: 'response',
      id: 5,
      flags: dnsPacket.AUTHORITATIVE_ANSWER,
      questions: [{ type: 'MX', name: 'd.example' }],
      answers: [
        { type: 'MX', name: 'd.example', ttl: 9, data: { preference: 10, exchange: 'mx.d.example' } },
        { type: 'TXT', name: 'd.example', ttl: 9, data: ['a', 'b'] },
        {
          type: 'SRV',
          name: '_ldap._tcp.d.example',
          ttl: 9,
          data: { priority: 1, weight: 2, port: 3, target: 'x.d.example' },
        },
        { type: 'AAAA', name: 'd.example', ttl: 9, data: '2001:db8::1' },
      ],
      additionals: [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize: 4096,
          flags: 0,
          options: [],
          extendedRcode: 0,
          ednsVersion: 0,
          flag_do: false,
        },
      ],
    });
    expect(decodeMessage(bytes)).toMatchObject({
      id: 5,
      response: true,
      authoritative: true,
      question: { name: 'd.example', type: 'MX', class: 1 },
      answers: [
        { name: 'd.example', ttl: 9, data: { type: 'MX', preference: 10, exchange: 'mx.d.example' } },
        { data: { type: 'TXT', strings: [Uint8Array.of(97), Uint8Array.of(98)] } },
        { name: '_ldap._tcp.d.example', data: { type: 'SRV', target: 'x.d.example' } },
        { data: { type: 'AAAA', address: '2001:db8::1' } },
      ],
      edns: { udpSize: 4096, version: 0, dnssecOk: false, options: [] },
    });
  });
});

describe('EDNS (RFC 6891)', () => {
  it.each([
    ['BADVERS', 1],
    ['RCODE4095', 255],
  ] as const)('%s has its upper bits in OPT', (rcode, upper) => {
    const bytes = encodeMessage(answerWith({ rcode, edns: ourEdns() }));
    expect(bytes.at(-6)).toBe(rcode === 'BADVERS' ? upper : 0x7f);
    if (rcode === 'BADVERS') expect(decodeMessage(bytes).rcode).toBe('BADVERS');
  });

  it('options come through unread', () => {
    const options = [
      { code: 10, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
      { code: 65001, data: new Uint8Array() },
    ];
    const message = answerWith({ edns: { ...ourEdns(), options } });
    expect(decodeMessage(encodeMessage(message)).edns!.options).toEqual(options);
  });

  it('a code above 15 without OPT cannot be written', () => {
    expect(() => encodeMessage(answerWith({ rcode: 'BADVERS' }))).toThrow(DnsError);
  });
});

describe('cut to size (RFC 2181 §9, RFC 9471)', () => {
  const a = (name: string, last: number) => record(name, { type: 'A', address: `192.0.2.${last}` });
  const certs = [record('d.example', certOf(600)), record('d.example', certOf(600, 8))];
  const soa = zoneText('d.example', '').records[0]!;
  const ns = record('sub.d.example', { type: 'NS', target: 'ns.sub.d.example' });
  const cname = record('d.example', { type: 'CNAME', target: 'x.d.example' });

  it.each([
    ['all fits', { answers: [certs[0]!] }, 1232, { tc: false, an: 1, ns: 0, ar: 0 }],
    ['no part of an RRset', { answers: certs }, 1232, { tc: true, an: 0, ns: 0, ar: 0 }],
    ['whole sets before it stay', { answers: [cname, ...certs] }, 1232, { tc: true, an: 1, ns: 0, ar: 0 }],
    ['authority that does not fit', { authority: [soa] }, 60, { tc: true, an: 0, ns: 0, ar: 0 }],
    [
      'additional data may be missing',
      { answers: [certs[0]!], additional: [a('x', 1)] },
      660,
      { tc: false, an: 1, ns: 0, ar: 0 },
    ],
    [
      'glue of a referral may not',
      { authority: [ns], additional: [a('ns.sub.d.example', 1)] },
      63,
      { tc: true, an: 0, ns: 1, ar: 0 },
    ],
  ])('%s', (_, over, limit, wanted) => {
    for (const edns of [undefined, ourEdns()]) {
      const optSize = edns ? 11 : 0;
      const bytes = encodeMessage(answerWith({ ...over, ...(edns && { edns }) }), { limit: limit + optSize });
      expect(bytes.length).toBeLessThanOrEqual(limit + optSize);
      const read = decodeMessage(bytes);
      expect({
        tc: read.truncated,
        an: read.answers.length,
        ns: read.authority.length,
        ar: read.additional.length,
      }).toEqual(wanted);
      expect(read.edns).toEqual(edns);
    }
  });
});

describe('what is no message', () => {
  it.each([
    ['nothing', '', 'header'],
    ['11 octets', '00'.repeat(11), 'header'],
    ['two questions', `${header('0002 0000 0000 0000')} 00 0001 0001 00 0001 0001`, 'header'],
    ['an end within the question', `${header('0001 0000 0000 0000')} 0164`, 'truncated'],
    ['an end within a record', `${header('0000 0001 0000 0000')} 00 0001 0001`, 'truncated'],
    ['a record less than announced', header('0000 0001 0000 0000'), 'truncated'],
    [
      'RDLENGTH past the end',
      `${header('0000 0001 0000 0000')} 00 0001 0001 00000000 0005 01020304`,
      'rdata',
    ],
    [
      'an A record of three octets',
      `${header('0000 0001 0000 0000')} 00 0001 0001 00000000 0003 010203`,
      'rdata',
    ],
    [
      'an AAAA record of four octets',
      `${header('0000 0001 0000 0000')} 00 001c 0001 00000000 0004 01020304`,
      'rdata',
    ],
    [
      'a CERT record of four octets',
      `${header('0000 0001 0000 0000')} 00 0025 0001 00000000 0004 00010000`,
      'rdata',
    ],
    [
      'a TXT string past its record',
      `${header('0000 0001 0000 0000')} 00 0010 0001 00000000 0002 0561`,
      'truncated',
    ],
    ['a TXT record of nothing', `${header('0000 0001 0000 0000')} 00 0010 0001 00000000 0000`, 'rdata'],
    [
      'MX with octets left over',
      `${header('0000 0001 0000 0000')} 00 000f 0001 00000000 0004 0001 00 00`,
      'rdata',
    ],
    ['octets after the end', `${header('0000 0000 0000 0000')} 00`, 'trailing'],
    ['a pointer to itself', `${header('0001 0000 0000 0000')} c00c 0001 0001`, 'pointer'],
    ['a pointer forwards', `${header('0001 0000 0000 0000')} c00e 0001 0001 00`, 'pointer'],
    ['a pointer in a circle', `${header('0001 0000 0000 0000')} 0161 c00c 0001 0001`, 'pointer'],
    ['label type 01', `${header('0001 0000 0000 0000')} 4161 00 0001 0001`, 'name'],
    [
      'two OPT records',
      `${header('0000 0000 0000 0002')} 00 0029 04d0 00000000 0000 00 0029 04d0 00000000 0000`,
      'opt',
    ],
    ['OPT with a name', `${header('0000 0000 0000 0001')} 016100 0029 04d0 00000000 0000`, 'opt'],
    ['OPT among the answers', `${header('0000 0001 0000 0000')} 00 0029 04d0 00000000 0000`, 'opt'],
    [
      'an option past its record',
      `${header('0000 0000 0000 0001')} 00 0029 04d0 00000000 0004 000a 0001`,
      'opt',
    ],
  ])('%s', (_, bytes, code) => {
    const read = () => decodeMessage(hex(bytes));
    expect(read).toThrow(DnsError);
    expect(read).toThrow(expect.objectContaining({ code }));
  });
});

describe('any octets (REQ-SEC-04)', () => {
  const decodes = (bytes: Uint8Array): DnsMessage | undefined => {
    try {
      return decodeMessage(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(DnsError);
      return undefined;
    }
  };

  it('are a message or a DnsError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => void decodes(bytes)),
      { numRuns: 1000 },
    );
  });

  it('what is encoded decodes equal', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(decodeMessage(encodeMessage(message))).toEqual(message);
      }),
      { numRuns: 500 },
    );
  });

  it('what decodes, however mangled, re-encodes and decodes equal', () => {
    const mangled = fc
      .tuple(anyMessage, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }))
      .map(([message, changes]) => {
        const bytes = Uint8Array.from(encodeMessage(message));
        for (const [at, octet] of changes) bytes[at % bytes.length] = octet;
        return bytes;
      });
    fc.assert(
      fc.property(mangled, (bytes) => {
        const message = decodes(bytes);
        if (message) expect(decodeMessage(encodeMessage(message))).toEqual(message);
      }),
      { numRuns: 1000 },
    );
  });

  it('65,535 octets of pointer chains cost little', () => {
    // Each pointer leads to the one before: a name of one label behind as many pointers as fit.
    const chain = Buffer.alloc(0x3ff0);
    chain.write('000000000000000100000000', 'hex');
    chain.set([1, 0x61, 0], 12);
    for (let at = 15; at + 2 <= chain.length; at += 2)
      chain.writeUInt16BE(0xc000 | (at === 15 ? 12 : at - 2), at);
    const started = performance.now();
    for (let round = 0; round < 20; round++) expect(decodes(chain)).toBeUndefined();
    const records = Buffer.alloc(65_535);
    records.write('0000800000001f0000000000', 'hex');
    records.set(Buffer.from('3f'.padEnd(128, '61'), 'hex'), 12);
    for (let at = 100; at + 12 < records.length; at += 12) records.writeUInt16BE(0xc00c, at);
    for (let round = 0; round < 20; round++) decodes(records);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
