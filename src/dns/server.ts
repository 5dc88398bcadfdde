/**
 * A DNS server on UDP and TCP (RFC 1035 §4.2, RFC 7766).
 *
 * @module
 */
import { type Addr, type Host, type Listener, NetError, type UdpPort } from '../net/host.ts';
import type { ReadyRecords } from './direct.ts';
import { UDP_SIZE } from './message.ts';
import { type AnswerFunction, createResponder, type Responder } from './respond.ts';
import { serveStream } from './server-tcp.ts';

export type { AnswerContext, AnswerFunction } from './respond.ts';

export interface DnsLimits {
  /** Largest UDP answer, in octets, whatever the client offers. Default 1,232 (REQ-DNS-10). */
  readonly udpSize: number;
  /** Largest UDP query, in octets. Default 1,232. */
  readonly udpQuery: number;
  /** Largest TCP query, in octets; a longer one ends the connection. Default 4,096. */
  readonly tcpQuery: number;
  /** Open TCP connections, all together. A further one is closed at once. Default 500. */
  readonly connections: number;
  /** Open TCP connections of one address. Default 100. */
  readonly connectionsPerPeer: number;
  /** A connection without a whole query for so long is closed. Default 10,000 ms. */
  readonly idleMs: number;
  /** Octets of answers that a client may leave unread before the connection is closed. Default 1 MiB. */
  readonly backlog: number;
}

const DEFAULT_LIMITS: DnsLimits = {
  udpSize: UDP_SIZE,
  udpQuery: UDP_SIZE,
  tcpQuery: 4096,
  connections: 500,
  connectionsPerPeer: 100,
  idleMs: 10_000,
  backlog: 1024 * 1024,
};

export interface DnsServerOptions {
  /** Both UDP and TCP on each. Port 0 takes any port that is free for both. */
  readonly at: readonly Addr[];
  readonly answer: AnswerFunction;
  /**
   * `answer` is a pure function of question, EDNS and transport: what was answered once is kept, ready to send.
   * Not for answers that depend on time, on the asker or on what was asked before. A function gives what the answers
   * are made from: when that is another object, nothing that was kept counts any more. Default false.
   */
  readonly repeatable?: boolean | (() => object);
  /** The CERT records of a canonical name, where `answer` gives those and nothing else; with `repeatable` only. */
  readonly certificatesAt?: (name: string) => ReadyRecords | undefined;
  /** Default both. A server without TCP is a fault of its own. */
  readonly transports?: readonly ('udp' | 'tcp')[];
  readonly limits?: Partial<DnsLimits>;
}

export interface DnsServer {
  /** Where it serves, in the order of `at`. */
  readonly addrs: readonly Addr[];
  close(): Promise<void>;
}

/**
 * Serves until it is closed. Each request leaves one event of kind `dns`, dir `in`, also those that are dropped.
 *
 * @throws {NetError} address-in-use, permission, unreachable; nothing stays open then
 */
export async function serveDns(host: Host, options: DnsServerOptions): Promise<DnsServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const open: (UdpPort | Listener)[] = [];
  let complete = false;
  const respond = createResponder({
    answer: options.answer,
    events: host.events,
    udpSize: limits.udpSize,
    udpQuery: limits.udpQuery,
    repeatable: options.repeatable ?? false,
    ...(options.certificatesAt && { certificatesAt: options.certificatesAt }),
    unsent: () => !complete || open.some((port) => 'pending' in port && (port.pending?.() ?? 0) > 0),
  });
  const transports = options.transports ?? ['udp', 'tcp'];
  const close = async () => {
    await Promise.all(open.map((port) => port.close()));
  };
  try {
    const addrs: Addr[] = [];
    for (const at of options.at) {
      const pair = await openPair(host, at, transports, respond, limits);
      open.push(...pair);
      addrs.push({ host: at.host, port: pair[0]?.addr.port ?? at.port });
    }
    complete = true;
    return { addrs, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** How often a port that is free for UDP is tried for TCP, when any port will do. */
const PORT_ATTEMPTS = 20;

async function openPair(
  host: Host,
  at: Addr,
  transports: readonly ('udp' | 'tcp')[],
  respond: Responder,
  limits: DnsLimits,
): Promise<(UdpPort | Listener)[]> {
  for (let attempt = 1; ; attempt++) {
    const udp = transports.includes('udp') ? await serveDatagrams(host, at, respond) : undefined;
    if (!transports.includes('tcp')) return udp ? [udp] : [];
    try {
      const tcp = await serveStream(
        host,
        { host: at.host, port: udp?.addr.port ?? at.port },
        respond,
        limits,
      );
      return udp ? [udp, tcp] : [tcp];
    } catch (error) {
      await udp?.close();
      const again = at.port === 0 && error instanceof NetError && error.code === 'address-in-use';
      if (!again || attempt >= PORT_ATTEMPTS) throw error;
    }
  }
}

async function serveDatagrams(host: Host, at: Addr, respond: Responder): Promise<UdpPort> {
  const port = await host.udp(at);
  port.onMessage((bytes, from) => {
    const answer = respond(bytes, 'udp', from);
    if (answer) port.send(answer, from);
  });
  return port;
}
