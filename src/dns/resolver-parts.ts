/**
 * How a client decides: whom to ask next and how, and what an answer means. Both are named and replaceable, because
 * that is where the clients of the field differ.
 *
 * @module
 */
import { type Addr, formatAddr } from '../net/host.ts';
import { type DnsMessage, UDP_SIZE } from './message.ts';
import { sameName } from './names.ts';
import type { ResourceRecord } from './records.ts';

/** One question sent and what came of it. */
export interface DnsExchange {
  readonly server: Addr;
  readonly transport: 'udp' | 'tcp';
  /** UDP size offered, or null: asked without EDNS. */
  readonly edns: number | null;
  readonly rcode?: string;
  readonly tc?: boolean;
  /** Records in the answer section. */
  readonly answers: number;
  readonly ms: number;
  /** `timeout`, `refused`, `closed`, …, `malformed: …`, `referral`; undefined when an answer came and was read. */
  readonly error?: string;
  /** Number of the event. */
  readonly event: number;
}

export interface Attempt {
  readonly server: Addr;
  readonly transport: 'udp' | 'tcp';
  readonly edns: number | null;
  /** The attempt is given up after this long. */
  readonly timeoutMs: number;
}

/** `retry`: no answer that counts; ask on as `next` says. `unknown`: stop, and say that nothing is known. */
export type Reading = 'answer' | 'nodata' | 'nxdomain' | 'retry' | 'unknown';

export interface ResolverParts {
  /** What to try next, from what was tried for this question; undefined: give up. */
  next(history: readonly DnsExchange[], servers: readonly Addr[]): Attempt | undefined;
  read(message: DnsMessage, exchange: DnsExchange): Reading;
  /** Whether what came counts all the same, though this about it is not as it was asked (RFC 5452 §9). */
  believes(fault: AnswerFault): boolean;
  /** Whether a record in an answer about `name` counts (REQ-DNS-26). */
  owns(record: ResourceRecord, name: string): boolean;
}

/** It has another id, is about another question, or comes from another address or port. */
export type AnswerFault = 'id' | 'question' | 'source';

export const UDP_TIMEOUT_MS = 1500;
export const TCP_TIMEOUT_MS = 3000;

export const udpAttempt = (server: Addr, edns: number | null): Attempt => ({
  server,
  transport: 'udp',
  edns,
  timeoutMs: UDP_TIMEOUT_MS,
});
export const tcpAttempt = (server: Addr, edns: number | null): Attempt => ({
  server,
  transport: 'tcp',
  edns,
  timeoutMs: TCP_TIMEOUT_MS,
});

const sameServer = (a: Addr, b: Addr): boolean => a.host === b.host && a.port === b.port;

const EDNS_REFUSALS = new Set(['FORMERR', 'NOTIMP', 'BADVERS']);

/**
 * UDP with EDNS 1232; cut short → TCP; EDNS refused → without; silence → the next server, then without EDNS, then
 * TCP; a server that fails or refuses is not asked again (wire-facts §1.2, REQ-DNS-07, REQ-DNS-09, REQ-DNS-11).
 */
export const referenceResolver: ResolverParts = {
  next(history, servers) {
    const last = history.at(-1);
    if (last) {
      if (last.transport === 'udp' && last.tc && !last.error) return tcpAttempt(last.server, last.edns);
      if (last.edns !== null && (refusesEdns(last) || last.error?.startsWith('malformed'))) {
        return last.transport === 'udp' ? udpAttempt(last.server, null) : tcpAttempt(last.server, null);
      }
    }
    const tried = servers.map((server, order) => ({
      server,
      order,
      past: history.filter((exchange) => sameServer(exchange.server, server)),
    }));
    const left = tried.filter(({ past }) => past.length < 3 && past.every(isUnsettled));
    const first = left.sort((a, b) => a.past.length - b.past.length || a.order - b.order)[0];
    if (!first) return undefined;
    if (first.past.length === 2) {
      return tcpAttempt(first.server, first.past.some(refusesEdns) ? null : UDP_SIZE);
    }
    return udpAttempt(first.server, first.past.length === 0 ? UDP_SIZE : null);
  },

  read(message, exchange) {
    if (message.truncated && exchange.transport === 'udp') return 'retry';
    if (message.rcode === 'NXDOMAIN') return 'nxdomain';
    if (message.rcode !== 'NOERROR') return 'retry';
    if (answersItsQuestion(message)) return 'answer';
    return isReferral(message) ? 'retry' : 'nodata';
  },

  believes: () => false,
  owns: (record, name) => sameName(record.name, name),
};

const refusesEdns = ({ edns, rcode }: DnsExchange): boolean =>
  edns !== null && EDNS_REFUSALS.has(rcode ?? '');

/** Over UDP nothing came that could be read: another way of asking may do better. */
const isUnsettled = (exchange: DnsExchange): boolean =>
  refusesEdns(exchange) || (exchange.transport === 'udp' && exchange.error !== undefined && !exchange.rcode);

/** Whether a record of the answer belongs to the name asked: others are nobody's business (REQ-DNS-26). */
export const answersItsQuestion = (message: DnsMessage): boolean => {
  const { question } = message;
  return question !== undefined && message.answers.some((record) => sameName(record.name, question.name));
};

/** A server that neither knows nor asks: it says who might (RFC 1034 §4.3.1). That is no answer for a stub. */
export const isReferral = (message: DnsMessage): boolean =>
  !message.authoritative &&
  !message.recursionAvailable &&
  message.answers.length === 0 &&
  message.authority.some((record) => record.data.type === 'NS') &&
  !message.authority.some((record) => record.data.type === 'SOA');

/** Why nothing is known, in words: what each server last did. */
export function whyUnknown(history: readonly DnsExchange[], elapsedMs: number): string {
  if (history.length === 0) return 'no name server is configured';
  const last = new Map(history.map((exchange) => [formatAddr(exchange.server), exchange]));
  const told = [...last].map(([server, exchange]) => {
    if (exchange.rcode && exchange.rcode !== 'NOERROR') return `${exchange.rcode} from ${server}`;
    if (exchange.error === 'referral') return `${server} only refers to other servers`;
    if (exchange.tc) return `a truncated answer from ${server}`;
    if (exchange.error && exchange.error !== 'timeout')
      return `${exchange.transport} ${server}: ${exchange.error}`;
    return undefined;
  });
  const texts = told.filter((text) => text !== undefined);
  return texts.length > 0 ? texts.join('; ') : `no answer in ${Math.round(elapsedMs / 100) / 10} s`;
}
