import { referenceAgent } from '../../src/agent/reference.ts';
import { createAuthority } from '../../src/dns/answer.ts';
import type { ResourceRecord } from '../../src/dns/records.ts';
import { serveDns } from '../../src/dns/server.ts';
import { buildZone } from '../../src/dns/zone.ts';
import type { HispConfig } from '../../src/hisp/config.ts';
import { createHisp, type Hisp } from '../../src/hisp/hisp.ts';
import { type HispParts, hispParts } from '../../src/hisp/parts.ts';
import type { Agent } from '../../src/hisp/world.ts';
import { composeMessage } from '../../src/mail/compose.ts';
import { finalDeliveryRequest } from '../../src/mail/mdn.ts';
import type { Host, Observation } from '../../src/net/host.ts';
import { type SimNetwork, simNetwork } from '../../src/net/sim/network.ts';
import { plainAgent } from './plain-agent.ts';

export const EPOCH = Date.UTC(2026, 0, 5, 15, 0, 0);
export const LIMITS = { virtualMs: 3 * 3_600_000, realMs: 10_000 };
export const MINUTE = 60_000;

export interface Seen extends Observation {
  readonly host: string;
  readonly at: number;
}

export interface TestNetwork {
  readonly network: SimNetwork;
  readonly events: readonly Seen[];
  /** `stage address` of every message event of a host, with the seconds since the start where they are not 0. */
  stages(host: string): string[];
  hisp(name: 'a' | 'b', more?: Partial<HispConfig>, agent?: Agent, parts?: Partial<HispParts>): Hisp;
  host(name: 'a' | 'b'): Host;
  run<T>(work: () => Promise<T>): Promise<T>;
}

const NS = '10.0.0.53';
const ADDRESS = { a: '10.0.0.1', b: '10.0.0.2' } as const;

/** Two HISPs, a.example and b.example, and a name server that knows their exchangers. */
export function testNetwork(records: readonly ResourceRecord[] = [], limits = LIMITS): TestNetwork {
  const events: Seen[] = [];
  const network = simNetwork({
    seed: 1,
    epoch: EPOCH,
    sink: (host, observation, at) => events.push({ ...observation, host, at }),
  });
  const ns = network.host('ns', { addresses: [NS] });
  const hosts = {
    a: network.host('a', { addresses: [ADDRESS.a, '2001:db8::1'], resolvers: [{ host: NS, port: 53 }] }),
    b: network.host('b', { addresses: [ADDRESS.b, '10.0.0.3'], resolvers: [{ host: NS, port: 53 }] }),
  };
  return {
    network,
    events,
    stages: (host) =>
      events
        .filter((event) => event.kind === 'message' && event.host === host)
        .map(({ summary, at }) => {
          const { stage, address } = summary as { stage: string; address?: string };
          const after = Math.round((at - EPOCH) / 1000);
          return [stage, address, after > 0 ? `+${after}` : ''].filter(Boolean).join(' ');
        }),
    hisp(name, more = {}, agent = plainAgent(), parts = {}) {
      const domain = `${name}.example`;
      return createHisp(
        hosts[name],
        {
          name,
          hostname: `mx.${domain}`,
          domains: [{ name: domain }],
          addresses: ['alice', 'bob', 'distrust', 'unsure', 'later', 'none'].map((local) => ({
            address: `${local}@${domain}`,
          })),
          keys: [],
          anchors: [],
          smtp: { listen: [{ host: ADDRESS[name], port: 25 }] },
          store: { file: ':memory:' },
          ...more,
        },
        { ...hispParts(referenceAgent), ...parts },
        agent,
      );
    },
    host: (name) => hosts[name],
    run: (work) =>
      network.run(async () => {
        const dns = await serveDns(ns, { at: [{ host: NS, port: 53 }], answer: answers(records) });
        try {
          return await work();
        } finally {
          await dns.close();
        }
      }, limits),
  };
}

function answers(records: readonly ResourceRecord[]) {
  const zone = (origin: string, own: readonly ResourceRecord[]) =>
    buildZone(origin, [
      {
        name: origin,
        ttl: 60,
        data: {
          type: 'SOA',
          mname: `ns.${origin}`,
          rname: `host.${origin}`,
          serial: 1,
          refresh: 60,
          retry: 60,
          expire: 60,
          minimum: 60,
        },
      },
      { name: origin, ttl: 60, data: { type: 'NS', target: `ns.${origin}` } },
      { name: `ns.${origin}`, ttl: 60, data: { type: 'A', address: NS } },
      ...own,
    ]);
  const site = (origin: string, address: string) => {
    const own = records.filter(({ name }) => name.endsWith(origin));
    return zone(
      origin,
      own.length > 0
        ? own
        : [
            { name: origin, ttl: 60, data: { type: 'MX', preference: 10, exchange: `mx.${origin}` } },
            { name: `mx.${origin}`, ttl: 60, data: { type: 'A', address } },
          ],
    );
  };
  const authority = createAuthority([site('a.example', ADDRESS.a), site('b.example', ADDRESS.b)]);
  return (query: Parameters<typeof authority.answer>[0], context: { transport: 'udp' | 'tcp' }) =>
    authority.answer(query, context.transport);
}

/** A message as a user writes it. */
export const letter = (
  from: string,
  to: readonly string[],
  o: { id?: string; requested?: boolean; text?: string } = {},
) =>
  composeMessage({
    from,
    to,
    subject: 'Referral',
    date: EPOCH,
    messageId: o.id ?? 'm-1@a.example',
    text: o.text ?? 'Hello.',
    extraHeaders: o.requested ? finalDeliveryRequest(from) : [],
  });

export const sleep = (host: Host, ms: number): Promise<void> =>
  new Promise((resolve) => void host.timer(ms, resolve));
