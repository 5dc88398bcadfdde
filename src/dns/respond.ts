/**
 * From the octets of a query to the octets of its answer: the part of a server that knows no sockets.
 *
 * @module
 */
import type { Addr, Sink } from '../net/host.ts';
import { noEvents } from '../net/host.ts';
import type { Transport } from './answer.ts';
import { rcodeNumber } from './codes.ts';
import { directAnswer, type ReadyRecords } from './direct.ts';
import { DnsError } from './error.ts';
import { type Summary, summaryOf } from './evidence.ts';
import { bareAnswer, guardQuery } from './guard.ts';
import { type DnsMessage, decodeMessage, encodeMessage, makeResponse, PLAIN_UDP_SIZE } from './message.ts';
import {
  answerSlab,
  canonicalQuery,
  patched,
  type ReadyAnswers,
  type ReadyKey,
  readyAnswers,
  readyKey,
} from './ready.ts';

export interface AnswerContext {
  readonly transport: Transport;
  readonly peer: Addr;
}

/** What a query is answered with; undefined: nothing. The reference is an `Authority`; faults are laid over this. */
export type AnswerFunction = (query: DnsMessage, context: AnswerContext) => DnsMessage | undefined;

export interface ResponderOptions {
  readonly answer: AnswerFunction;
  readonly events: Sink;
  /** Largest UDP answer in octets, whatever the client offers. */
  readonly udpSize: number;
  /** Largest query in octets. */
  readonly udpQuery: number;
  /**
   * `answer` always says the same to the same question: keep what was said, ready to send. A function: as long as it
   * gives the same object.
   */
  readonly repeatable: boolean | (() => object);
  /**
   * The CERT records of a canonical name, where `answer` gives those and nothing else. Undefined: ask `answer`.
   */
  readonly certificatesAt?: (name: string) => ReadyRecords | undefined;
  /** Whether an answer that was returned before may still be waiting to be sent: its memory is not used again then. */
  unsent(): boolean;
}

export type Responder = (
  bytes: Uint8Array,
  transport: Transport,
  peer: Addr,
  conn?: number,
) => Uint8Array | undefined;

/** Nothing that comes in makes it throw. An answer is good until it is sent or copied. */
export function createResponder(options: ResponderOptions): Responder {
  const { events } = options;
  const watched = events !== noEvents;
  const { repeatable } = options;
  let ready: ReadyAnswers<Summary> = readyAnswers();
  let source: object | undefined;
  const slab = answerSlab(options.unsent);

  const emit = (peer: Addr, conn: number | undefined, summary: Summary) => {
    if (watched) events.emit({ kind: 'dns', dir: 'in', peer, ...(conn !== undefined && { conn }), summary });
  };

  return (bytes, transport, peer, conn) => {
    if (typeof repeatable === 'function') {
      const current = repeatable();
      if (current !== source) ready = readyAnswers();
      source = current;
    }
    const key = repeatable ? keyOf(bytes, transport, options) : undefined;
    if (!key) {
      const { wire, summary } = respond(options, bytes, { transport, peer }, watched);
      emit(peer, conn, summary);
      return wire;
    }
    const { nameEnd } = key;
    let answer = ready.find(key);
    const direct =
      answer || watched || !options.certificatesAt ? undefined : directAnswer(key, options.certificatesAt);
    if (direct) ready.keep(key, (answer = { wire: direct, summary: NO_SUMMARY }));
    if (!answer) {
      const reply = respond(options, canonicalQuery(bytes, nameEnd), { transport, peer }, watched);
      if (!reply.wire) {
        emit(peer, conn, reply.summary);
        return undefined;
      }
      answer = { wire: Buffer.from(reply.wire), summary: reply.summary };
      if (reply.good) ready.keep(key, answer);
    }
    if (watched) emit(peer, conn, { ...answer.summary, id: (bytes[0]! << 8) | bytes[1]! });
    return patched(answer.wire, bytes, nameEnd, slab);
  };
}

const keyOf = (query: Uint8Array, transport: Transport, options: ResponderOptions): ReadyKey | undefined => {
  if (transport === 'tcp') return readyKey(query, 0);
  return query.length > options.udpQuery ? undefined : readyKey(query, options.udpSize);
};

interface Reply {
  readonly wire: Uint8Array | undefined;
  readonly summary: Summary;
  /** The query was understood and answered as `answer` wanted. */
  readonly good: boolean;
}

function respond(
  options: ResponderOptions,
  bytes: Uint8Array,
  context: AnswerContext,
  watched: boolean,
): Reply {
  const { transport } = context;
  const verdict = guardQuery(bytes, transport === 'udp' ? options.udpQuery : 0xffff);
  if (verdict.kind === 'drop')
    return { wire: undefined, summary: unreadable(transport, verdict.why), good: false };
  if (verdict.kind === 'refuse') return bare(bytes, transport, verdict.rcode, verdict.why);
  let query: DnsMessage;
  try {
    query = decodeMessage(bytes);
  } catch (error) {
    if (error instanceof DnsError) return bare(bytes, transport, 'FORMERR', error.message);
    throw error;
  }
  try {
    const answer = options.answer(query, context);
    if (!answer) {
      return {
        wire: undefined,
        summary: summaryOf(transport, query, undefined, { error: 'not answered' }),
        good: false,
      };
    }
    const limit = transport === 'tcp' ? 0xffff : udpLimit(query, answer, options.udpSize);
    const wire = encodeMessage(answer, { limit });
    return {
      wire,
      summary: watched ? summaryOf(transport, query, asSent(answer, wire)) : NO_SUMMARY,
      good: true,
    };
  } catch (error) {
    // One question that cannot be answered must not stop the server: the asker learns that it failed.
    const answer = makeResponse(query, 'SERVFAIL');
    const summary = summaryOf(transport, query, answer, { error: (error as Error).message });
    return { wire: encodeMessage(answer), summary, good: false };
  }
}

const bare = (bytes: Uint8Array, transport: Transport, rcode: 'FORMERR' | 'NOTIMP', why: string): Reply => ({
  wire: bareAnswer(bytes, rcodeNumber(rcode)),
  summary: unreadable(transport, why, rcode),
  good: false,
});

/** What is left of an answer after it was cut to size. */
const asSent = (answer: DnsMessage, wire: Uint8Array): DnsMessage => ({
  ...answer,
  truncated: (wire[2]! & 0x02) !== 0,
  answers: answer.answers.slice(0, (wire[6]! << 8) | wire[7]!),
});

const NO_SUMMARY: Summary = {};

/** A server that answers without OPT does not know EDNS, so it does not know sizes over 512 either. */
const udpLimit = (query: DnsMessage, answer: DnsMessage, largest: number): number =>
  query.edns && answer.edns
    ? Math.min(Math.max(query.edns.udpSize, PLAIN_UDP_SIZE), largest)
    : PLAIN_UDP_SIZE;

const unreadable = (transport: Transport, error: string, rcode = ''): Summary => ({
  transport,
  name: '',
  type: '',
  edns: null,
  rcode,
  tc: false,
  answers: [],
  error,
});
