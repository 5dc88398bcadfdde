import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/dns/answer.ts';
import {
  createResolver,
  type DnsAnswer,
  type LookupType,
  type ResolverParts,
  referenceResolver,
} from '../../src/dns/client.ts';
import { type DnsMessage, decodeMessage, encodeMessage, makeResponse } from '../../src/dns/message.ts';
import { type AnswerFunction, type DnsServerOptions, serveDns } from '../../src/dns/server.ts';
import type { Addr, Host, Observation } from '../../src/net/host.ts';
import { type SimNetwork, simNetwork } from '../../src/net/sim/network.ts';
import { shown, zoneText } from './presentation.ts';

const zone = zoneText(
  'd.example',
  `drbob CERT PKIX 0 0 AAEC
big CERT PKIX 0 0 ${Buffer.alloc(1500, 7).toString('base64')}
alias CNAME hop
hop CNAME drbob
alias-big CNAME big
loop1 CNAME loop2
loop2 CNAME loop1
dangling CNAME nothing
away CNAME carol.e.example.
sub NS ns.elsewhere.example.
john.doe CERT PKIX 0 0 AAEC`,
);
const other = zoneText('e.example', 'carol CERT PKIX 0 0 Aw==\nback CNAME carol');
const authority = createAuthority([zone]);
const right: AnswerFunction = (query, { transport }) => authority.answer(query, transport);
const both = createAuthority([zone, other]);

type Setup = (network: SimNetwork, servers: readonly Host[]) => void | Promise<void>;

interface World {
  /** One for each server, in the order in which they are asked. Undefined: nobody is there. */
  readonly servers: readonly (AnswerFunction | undefined)[];
  readonly options?: Partial<DnsServerOptions>;
  readonly setup?: Setup;
  readonly parts?: ResolverParts;
  readonly deadlineMs?: number;
}

const PORT = 53;
const addressOf = (index: number) => `10.0.0.${index + 1}`;

/** One look-up in a network of its own. */
async function lookUp(name: string, type: LookupType, world: World) {
  const events: { host: string; observation: Observation }[] = [];
  const network = simNetwork({
    seed: 1,
    epoch: Date.UTC(2027, 0, 1),
    sink: (host, observation) => events.push({ host, observation }),
  });
  try {
    const resolvers: Addr[] = world.servers.map((_, index) => ({ host: addressOf(index), port: PORT }));
    const hosts = world.servers.map((_, index) =>
      network.host(`dns${index}`, { addresses: [addressOf(index)] }),
    );
    const client = network.host('client', { addresses: ['10.0.1.1'], resolvers });
    await world.setup?.(network, hosts);
    return await network.run(
      async () => {
        const open = [];
        for (const [index, answer] of world.servers.entries()) {
          if (!answer) continue;
          open.push(
            await serveDns(hosts[index]!, {
              at: [{ host: addressOf(index), port: PORT }],
              answer,
              ...world.options,
            }),
          );
        }
        const started = network.clock.now();
        const options = world.deadlineMs === undefined ? {} : { deadlineMs: world.deadlineMs };
        const answer = await createResolver(client, world.parts).query(name, type, options);
        const ms = network.clock.now() - started;
        await Promise.all(open.map((server) => server.close()));
        return { answer, ms, events, summary: tellWay(answer) };
      },
      { virtualMs: 60_000, realMs: 10_000 },
    );
  } finally {
    await network.close();
  }
}

/** `udp/1232 NOERROR tc` for each exchange. */
const tellWay = (answer: DnsAnswer): string[] =>
  answer.exchanges.map((exchange) =>
    [
      `${exchange.server.host.slice(-1)} ${exchange.transport}/${exchange.edns ?? '-'}`,
      exchange.rcode,
      exchange.tc ? 'tc' : undefined,
      exchange.error,
    ]
      .filter((part) => part !== undefined)
      .join(' '),
  );

const rcode =
  (code: 'SERVFAIL' | 'REFUSED' | 'FORMERR' | 'NOTIMP'): AnswerFunction =>
  (query) =>
    makeResponse(query, code);

const noEdns =
  (code: 'FORMERR' | 'NOTIMP' | undefined): AnswerFunction =>
  (query, context) => {
    if (!query.edns) return right(query, context);
    if (!code) return undefined;
    const { edns: _ignored, ...plain } = makeResponse(query, code);
    return plain;
  };

const onlyTcp: AnswerFunction = (query, context) =>
  context.transport === 'tcp' ? right(query, context) : undefined;

describe('what is found', () => {
  it.each([
    ['a record', 'drbob.d.example', ['drbob.d.example. 300 CERT PKIX 0 0 AAEC'], [], ['1 udp/1232 NOERROR']],
    [
      'in any case',
      'DRBOB.D.example',
      ['DRBOB.D.example. 300 CERT PKIX 0 0 AAEC'],
      [],
      ['1 udp/1232 NOERROR'],
    ],
    [
      'at the end of a chain of aliases',
      'alias.d.example',
      ['drbob.d.example. 300 CERT PKIX 0 0 AAEC'],
      ['hop.d.example', 'drbob.d.example'],
      ['1 udp/1232 NOERROR'],
    ],
    [
      'over TCP when it is cut short (REQ-DNS-07)',
      'big.d.example',
      undefined,
      [],
      ['1 udp/1232 NOERROR tc', '1 tcp/1232 NOERROR'],
    ],
    [
      'behind an alias over TCP',
      'alias-big.d.example',
      undefined,
      ['big.d.example'],
      ['1 udp/1232 NOERROR tc', '1 tcp/1232 NOERROR'],
    ],
  ] as const)('%s', async (_, name, records, chain, way) => {
    const { answer, summary, ms } = await lookUp(name, 'CERT', { servers: [right] });
    expect(answer).toMatchObject({ outcome: 'answer', chain });
    if (records) expect(shown(answer.records)).toEqual(records);
    else expect(answer.records).toHaveLength(1);
    expect(summary).toEqual(way);
    expect(ms).toBe(0);
  });

  it('an alias whose target the server leaves to us to ask for', async () => {
    const cut: AnswerFunction = (query, { transport }) => {
      const answer = both.answer(query, transport);
      return { ...answer, answers: answer.answers.slice(0, 1) };
    };
    const { answer, summary } = await lookUp('away.d.example', 'CERT', { servers: [cut] });
    expect(answer).toMatchObject({ outcome: 'answer', chain: ['carol.e.example'] });
    expect(shown(answer.records)).toEqual(['carol.e.example. 300 CERT PKIX 0 0 Aw==']);
    expect(summary).toHaveLength(2);
  });

  it('a CNAME that is asked for is not followed', async () => {
    const { answer } = await lookUp('alias.d.example', 'CNAME', { servers: [right] });
    expect(shown(answer.records)).toEqual(['alias.d.example. 300 CNAME hop.d.example.']);
  });
});

describe('what is absent (REQ-DNS-11)', () => {
  it.each([
    ['nobody.d.example', 'nxdomain', []],
    ['drbob.d.example', 'nodata', []],
    ['doe.d.example', 'nodata', []],
    ['dangling.d.example', 'nxdomain', ['nothing.d.example']],
  ] as const)('%s: %s', async (name, outcome, chain) => {
    const { answer } = await lookUp(name, 'AAAA', { servers: [right] });
    expect(answer).toMatchObject({ outcome, chain, records: [] });
    expect(answer.why).toBeUndefined();
  });

  it('records under another name are nobody’s business (REQ-DNS-26)', async () => {
    const foreign: AnswerFunction = (query, context) => {
      const answer = right(
        { ...query, question: { name: 'drbob.d.example', type: 'CERT', class: 1 } },
        context,
      )!;
      return { ...answer, question: query.question! };
    };
    const { answer } = await lookUp('carol.d.example', 'CERT', { servers: [foreign] });
    expect(answer).toMatchObject({ outcome: 'nodata', records: [] });
  });
});

describe('what stays unknown', () => {
  it.each([
    ['SERVFAIL', [rcode('SERVFAIL')], 'SERVFAIL from 10.0.0.1:53', ['1 udp/1232 SERVFAIL']],
    ['REFUSED', [rcode('REFUSED')], 'REFUSED from 10.0.0.1:53', ['1 udp/1232 REFUSED']],
    [
      'both fail',
      [rcode('SERVFAIL'), rcode('REFUSED')],
      'SERVFAIL from 10.0.0.1:53; REFUSED from 10.0.0.2:53',
      ['1 udp/1232 SERVFAIL', '2 udp/1232 REFUSED'],
    ],
    [
      'FORMERR, with EDNS and without',
      [rcode('FORMERR')],
      'FORMERR from 10.0.0.1:53',
      ['1 udp/1232 FORMERR', '1 udp/- FORMERR'],
    ],
    ['no server', [], 'no name server is configured', []],
  ] as const)('%s', async (_, servers, why, way) => {
    const { answer, summary } = await lookUp('drbob.d.example', 'CERT', { servers });
    expect(answer).toMatchObject({ outcome: 'unknown', why, records: [] });
    expect(summary).toEqual(way);
  });

  it('silence: without EDNS, then TCP, then nothing is known', async () => {
    const { answer, summary, ms } = await lookUp('drbob.d.example', 'CERT', { servers: [() => undefined] });
    expect(answer).toMatchObject({ outcome: 'unknown', why: 'no answer in 6 s' });
    expect(summary).toEqual(['1 udp/1232 timeout', '1 udp/- timeout', '1 tcp/1232 timeout']);
    expect(ms).toBe(6000);
  });

  it('time is up', async () => {
    const { answer, ms } = await lookUp('drbob.d.example', 'CERT', {
      servers: [() => undefined],
      deadlineMs: 2000,
    });
    expect(answer).toMatchObject({ outcome: 'unknown', why: 'no answer in 2 s' });
    expect(ms).toBe(2000);
  });

  it.each([
    ['a loop', 'loop1.d.example', /circle: loop2\.d\.example → loop1\.d\.example/],
    ['a referral', 'x.sub.d.example', /10\.0\.0\.1:53 only refers to other servers/],
  ])('%s', async (_, name, why) => {
    const { answer } = await lookUp(name, 'CERT', { servers: [right] });
    expect(answer.outcome).toBe('unknown');
    expect(answer.why).toMatch(why);
  });

  it('aliases without end', async () => {
    const endless: AnswerFunction = (query) => ({
      ...makeResponse(query),
      answers: [
        { name: query.question!.name, ttl: 1, data: { type: 'CNAME', target: `x.${query.question!.name}` } },
      ],
    });
    const { answer } = await lookUp('d.example', 'CERT', { servers: [endless] });
    expect(answer).toMatchObject({ outcome: 'unknown', why: expect.stringContaining('more than 8 aliases') });
  });
});

describe('servers with faults, got round', () => {
  it.each([
    ['EDNS is FORMERR', [noEdns('FORMERR')], undefined, ['1 udp/1232 FORMERR', '1 udp/- NOERROR']],
    ['EDNS is NOTIMP', [noEdns('NOTIMP')], undefined, ['1 udp/1232 NOTIMP', '1 udp/- NOERROR']],
    ['EDNS is swallowed', [noEdns(undefined)], undefined, ['1 udp/1232 timeout', '1 udp/- NOERROR']],
    [
      'UDP is swallowed',
      [onlyTcp],
      undefined,
      ['1 udp/1232 timeout', '1 udp/- timeout', '1 tcp/1232 NOERROR'],
    ],
    ['the first fails', [rcode('SERVFAIL'), right], undefined, ['1 udp/1232 SERVFAIL', '2 udp/1232 NOERROR']],
    [
      'the first is silent',
      [() => undefined, right],
      undefined,
      ['1 udp/1232 timeout', '2 udp/1232 NOERROR'],
    ],
    ['the first is not there', [undefined, right], undefined, ['1 udp/1232 timeout', '2 udp/1232 NOERROR']],
    ['cut short, and no TCP there', [right, right], { transports: ['udp'] }, undefined],
  ] as const)('%s', async (_, servers, options, way) => {
    const name = way ? 'drbob.d.example' : 'big.d.example';
    const { answer, summary } = await lookUp(name, 'CERT', { servers, ...(options && { options }) });
    if (way) {
      expect(answer).toMatchObject({ outcome: 'answer' });
      expect(summary).toEqual(way);
    } else {
      expect(answer).toMatchObject({
        outcome: 'unknown',
        why: expect.stringContaining('tcp 10.0.0.1:53: refused'),
      });
      expect(summary).toEqual([
        '1 udp/1232 NOERROR tc',
        '1 tcp/1232 refused',
        '2 udp/1232 NOERROR tc',
        '2 tcp/1232 refused',
      ]);
    }
  });

  it('large datagrams are lost on the way: 1,232 octets pass (REQ-DNS-10)', async () => {
    const { answer } = await lookUp('big.d.example', 'CERT', {
      servers: [right],
      setup: (network) => network.link('*', addressOf(0), { dropUdpOver: 1232 }),
    });
    expect(answer.outcome).toBe('answer');
  });
});

describe('answers that are not ours (RFC 5452, XD-15)', () => {
  const forge =
    (change: (answer: DnsMessage) => DnsMessage): AnswerFunction =>
    (query, context) =>
      change(right(query, context)!);

  it.each([
    ['another id', forge((answer) => ({ ...answer, id: answer.id ^ 1 })), 'another id'],
    [
      'another question',
      forge((answer) => ({ ...answer, question: { ...answer.question!, name: 'x.example' } })),
      'another question',
    ],
    [
      'another type',
      forge((answer) => ({ ...answer, question: { ...answer.question!, type: 'A' } })),
      'another question',
    ],
    ['no question', forge(({ question: _ignored, ...answer }) => answer), 'another question'],
    ['a query', forge((answer) => ({ ...answer, response: false })), 'a query, not an answer'],
  ])('%s is not taken', async (_, answer, ignored) => {
    const { answer: got, events } = await lookUp('drbob.d.example', 'CERT', { servers: [answer] });
    expect(got).toMatchObject({ outcome: 'unknown', records: [] });
    const out = events
      .filter(({ observation }) => observation.dir === 'out')
      .map(({ observation }) => observation.summary);
    expect(out[0]).toMatchObject({ error: 'timeout', ignored: [ignored] });
  });

  it('from another port is not taken', async () => {
    const { answer } = await lookUp('drbob.d.example', 'CERT', {
      servers: [undefined],
      setup: async (_network, [server]) => {
        const port = await server!.udp({ host: addressOf(0), port: PORT });
        const wrong = await server!.udp({ host: addressOf(0), port: 5353 });
        port.onMessage((bytes, from) => {
          wrong.send(encodeMessage(authority.answer(decodeMessage(bytes), 'udp')), from);
        });
      },
    });
    expect(answer).toMatchObject({ outcome: 'unknown', records: [] });
  });

  it('octets that are no message: asked again in another way', async () => {
    const { summary } = await lookUp('drbob.d.example', 'CERT', {
      servers: [undefined],
      setup: async (_network, [server]) => {
        const port = await server!.udp({ host: addressOf(0), port: PORT });
        port.onMessage((bytes, from) => {
          const answer = Uint8Array.from(bytes);
          answer[2]! |= 0x80;
          answer[7] = 3;
          port.send(answer, from);
        });
      },
    });
    expect(summary.map((text) => text.replace(/malformed.*/, 'malformed'))).toEqual([
      '1 udp/1232 malformed',
      '1 udp/- malformed',
      '1 tcp/1232 refused',
    ]);
  });
});

describe('evidence', () => {
  it('one event for each exchange, numbered in the answer', async () => {
    const { answer, events } = await lookUp('Big.d.example', 'CERT', { servers: [right] });
    const out = events
      .map((event, index) => ({ ...event, n: index + 1 }))
      .filter(({ observation }) => observation.dir === 'out');
    expect(answer.exchanges.map((exchange) => exchange.event)).toEqual(out.map(({ n }) => n));
    expect(out.map(({ observation }) => observation)).toMatchObject([
      {
        kind: 'dns',
        peer: { host: '10.0.0.1', port: 53 },
        summary: {
          transport: 'udp',
          name: 'big.d.example',
          type: 'CERT',
          edns: 1232,
          rcode: 'NOERROR',
          tc: true,
          answers: [],
          ms: 0,
        },
      },
      {
        kind: 'dns',
        summary: {
          transport: 'tcp',
          tc: false,
          rcode: 'NOERROR',
          answers: [expect.stringMatching(/^Big\.d\.example\. 300 IN CERT PKIX 0 0 Bwc.{80,}$/)],
        },
      },
    ]);
  });
});

describe('seams for the clients of the field', () => {
  it.each([
    [
      'udp-only',
      {
        ...referenceResolver,
        next: (history, servers) =>
          history.length === 0 ? referenceResolver.next(history, servers) : undefined,
      },
      'big.d.example',
      'unknown',
    ],
    [
      'tc-as-empty',
      {
        ...referenceResolver,
        read: (message, exchange) =>
          message.truncated ? 'nodata' : referenceResolver.read(message, exchange),
      },
      'big.d.example',
      'nodata',
    ],
    [
      'servfail-as-absent',
      {
        ...referenceResolver,
        read: (message, exchange) =>
          message.rcode === 'REFUSED' ? 'nxdomain' : referenceResolver.read(message, exchange),
      },
      'elsewhere.example',
      'nxdomain',
    ],
    [
      'edns-4096-only',
      {
        ...referenceResolver,
        next: (history, servers) =>
          history.length === 0
            ? { server: servers[0]!, transport: 'udp', edns: 4096, timeoutMs: 1000 }
            : undefined,
      },
      'drbob.d.example',
      'answer',
    ],
  ] as const satisfies readonly (readonly [string, ResolverParts, string, string])[])(
    '%s',
    async (_, parts, name, outcome) => {
      const { answer } = await lookUp(name, 'CERT', { servers: [right], parts });
      expect(answer.outcome).toBe(outcome);
    },
  );
});
