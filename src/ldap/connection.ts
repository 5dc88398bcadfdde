/**
 * One connection of the server: whole messages through the guard, searches answered from the tree, the rest by
 * ldapjs, all answers of one chunk in one write.
 *
 * @module
 */
import { encode } from '../asn1/write.ts';
import { noEvents, type Socket } from '../net/host.ts';
import { answerSearch, type SearchAnswer } from './answer.ts';
import { BER, frameEnd } from './ber-cursor.ts';
import { normalDn } from './dn.ts';
import { encodeMessages, encodeNotice, encodeReference, encodeResult, SEARCH_DONE } from './encode.ts';
import { LdapError } from './error.ts';
import { requestSummary, searchSummary } from './evidence.ts';
import { checkRequest, type Verdict } from './guard.ts';
import { Inbox } from './inbox.ts';
import { REQUESTS, type Request } from './requests.ts';
import { RESULT, START_TLS } from './result.ts';
import type { LdapService, LdapSessionInfo } from './server.ts';

interface ConnectionOptions {
  readonly conn: number;
  readonly tls: boolean;
  /** Takes the socket over for TLS. */
  readonly startTls: (
    service: LdapService,
    socket: Socket,
    tls: NonNullable<LdapService['options']['tls']>,
    conn: number,
  ) => void;
}

type Accepted = Verdict & { readonly ok: true };

/** Octets that may wait while expensive searches of the same connection are spread over time. */
const WAITING_OCTETS = 256 * 1024;

/** Serves `socket` until it closes. */
export function serveConnection(service: LdapService, socket: Socket, options: ConnectionOptions): void {
  const { host, limits } = service;
  const peer = { host: socket.remoteAddress ?? 'unknown', port: socket.remotePort ?? 0 };
  const session = { peer, conn: options.conn, tls: options.tls, bound: false };
  const recording = host.events !== noEvents;
  const extensions = service.options.tls && !service.options.ldaps ? [START_TLS] : [];
  const inbox = new Inbox();
  const out: Buffer[] = [];
  /** Searches whose answer comes later, by message id. */
  const pending = new Map<number, object>();
  let worked = 0;
  let cancelResume: (() => void) | undefined;
  let lastRequest = host.mono();
  let open = true;

  const attached = service.operations.attach(socket);

  const flush = (): void => {
    if (out.length === 0 || !open) return;
    socket.write(out.length === 1 ? out[0]! : Buffer.concat(out));
    out.length = 0;
    if (socket.writableLength > limits.backlogOctets) socket.destroy();
  };
  const stop = (): void => {
    open = false;
    cancelIdle();
    cancelResume?.();
    pending.clear();
    inbox.clear();
    socket.off('data', onData);
  };
  const disconnect = (code: number, why: string): void => {
    out.push(encodeNotice(code, why));
    flush();
    stop();
    socket.end();
    socket.destroySoon();
  };
  const record = (summary: ReturnType<typeof requestSummary>): void => {
    if (recording) host.events.emit({ kind: 'ldap', dir: 'in', peer, conn: session.conn, summary });
  };

  const reply = (
    request: { readonly id: number; readonly op: Request['op'] },
    code: number,
    why = '',
  ): void => {
    const answer = [...REQUESTS.values()].find(({ op }) => op === request.op)!.answer;
    if (answer) out.push(encodeMessages(request.id, [encodeResult(answer, code, { diagnostic: why })]));
    record(requestSummary(request.op, code, why));
  };

  const search = (request: Request & { readonly op: 'search' }): void => {
    const { id, search } = request;
    const began = recording ? host.mono() : 0;
    const reference = answerSearch(
      service.tree(),
      search,
      service.selections.of(search.attributes, search.typesOnly),
      {
        limits,
        extensions,
        mono: host.mono,
        worked: (comparisons) => {
          worked += comparisons;
        },
      },
    );
    const finish = (answer: SearchAnswer): void => {
      out.push(encodeAnswer(service, id, answer));
      if (recording) record(searchSummary(search, answer, host.mono() - began));
    };
    if (!service.options.answer) {
      finish(reference);
      return;
    }
    const given = attempt(() => service.options.answer!(search, reference, { ...session }));
    if (!(given instanceof Promise)) {
      finish(given);
      return;
    }
    const token = {};
    if (pending.size >= limits.pending) {
      reply(request, RESULT.busy, 'too many searches wait');
      return;
    }
    pending.set(id, token);
    void given.catch(failure).then((answer) => {
      if (pending.get(id) !== token) return;
      pending.delete(id);
      finish(answer);
      flush();
    });
  };

  const delegate = (verdict: Accepted, proposed: number): void => {
    const { request } = verdict;
    flush();
    const idOctets = encode(BER.integer, integerOctets(request.id));
    const message = encode(BER.sequence, idOctets, inbox.bytes.subarray(verdict.start, verdict.end));
    const result = attached.handle(Buffer.from(message), proposed);
    if (result === undefined) reply(request, RESULT.protocolError, 'the request cannot be read');
    else record(requestSummary(request.op, result));
  };

  const operate = (verdict: Accepted): void => {
    const { request } = verdict;
    if (request.critical !== undefined && request.op !== 'abandon' && request.op !== 'unbind') {
      reply(request, RESULT.unavailableCriticalExtension, `control ${request.critical} is not known`);
      return;
    }
    switch (request.op) {
      case 'search':
        return search(request);
      case 'abandon':
        pending.delete(request.target);
        return;
      case 'unbind':
        delegate(verdict, RESULT.success);
        stop();
        socket.destroySoon();
        return;
      case 'bind': {
        const { version, name, sasl } = request.bind;
        session.bound = false;
        if (version !== 3)
          return reply(request, RESULT.protocolError, `version ${version}; only 3 is served`);
        if (sasl !== undefined)
          return reply(request, RESULT.authMethodNotSupported, 'only anonymous simple bind');
        if (!isDn(name)) return reply(request, RESULT.invalidDNSyntax);
        const result = service.bind(request.bind);
        session.bound = result === RESULT.success;
        // ldapjs lets every anonymous bind succeed.
        return result === RESULT.success || name !== '' ? delegate(verdict, result) : reply(request, result);
      }
      case 'extended':
        return extended(verdict, request.oid);
      default:
        if (!isDn(request.dn)) return reply(request, RESULT.invalidDNSyntax);
        return delegate(verdict, RESULT.unwillingToPerform);
    }
  };

  const extended = (verdict: Accepted, oid: string): void => {
    const { tls } = service.options;
    if (oid !== START_TLS || !tls) return delegate(verdict, RESULT.protocolError);
    if (session.tls) return reply(verdict.request, RESULT.operationsError, 'TLS is on already');
    if (pending.size > 0 || inbox.size > 0) {
      // What follows in clear must not count as said under TLS (RFC 4511 §4.14.1).
      return reply(verdict.request, RESULT.operationsError, 'other requests are outstanding');
    }
    delegate(verdict, RESULT.success);
    stop();
    options.startTls(service, socket, tls, session.conn);
  };

  const drain = (): void => {
    cancelResume = undefined;
    worked = 0;
    while (open) {
      let end: number;
      try {
        end = frameEnd(inbox.bytes, inbox.start, inbox.stop, limits.requestOctets);
      } catch (error) {
        if (!(error instanceof LdapError)) throw error;
        record(requestSummary('message', RESULT.protocolError, error.message));
        disconnect(RESULT.protocolError, error.message);
        return;
      }
      if (end === 0) break;
      lastRequest = host.mono();
      const verdict = checkRequest(inbox.bytes, inbox.start, end);
      inbox.start = end;
      if (verdict.ok) operate(verdict);
      else if (!refuse(verdict)) return;
      if (worked > limits.work) {
        cancelResume = host.timer(0, drain);
        break;
      }
    }
    flush();
  };

  /** Whether the connection goes on. */
  const refuse = (fault: Verdict & { readonly ok: false }): boolean => {
    if (fault.fatal || !fault.op) {
      record(requestSummary(fault.op ?? 'message', fault.result, fault.why));
      disconnect(fault.result, fault.why);
      return false;
    }
    reply({ id: fault.id, op: fault.op }, fault.result, fault.why);
    return true;
  };

  const onData = (chunk: Buffer): void => {
    inbox.add(chunk);
    if (!cancelResume) drain();
    else if (inbox.size > WAITING_OCTETS) disconnect(RESULT.busy, 'too many requests wait');
  };

  // One timer that looks when the last whole request came: half a request at a time keeps nobody alive.
  const checkIdle = (): void => {
    const left = lastRequest + limits.idleMs - host.mono();
    if (left <= 0) disconnect(RESULT.unavailable, `idle for ${limits.idleMs} ms`);
    else cancelIdle = host.timer(left, checkIdle);
  };
  let cancelIdle = host.timer(limits.idleMs, checkIdle);

  socket.on('data', onData);
  socket.once('close', stop);
  record(requestSummary('connect', RESULT.success));
}

const isDn = (text: string): boolean => {
  try {
    normalDn(text);
    return true;
  } catch (error) {
    if (error instanceof LdapError) return false;
    throw error;
  }
};

const failure = (error: unknown): SearchAnswer => ({
  result: RESULT.other,
  entries: [],
  diagnostic: error instanceof Error ? error.message : String(error),
});

/** A seam that throws answers with a failure. */
function attempt(answer: () => SearchAnswer | Promise<SearchAnswer>): SearchAnswer | Promise<SearchAnswer> {
  try {
    return answer();
  } catch (error) {
    return failure(error);
  }
}

/** The answer in one piece, cut at the limit on octets with result 11. */
function encodeAnswer(service: LdapService, id: number, answer: SearchAnswer): Buffer {
  const operations: Buffer[] = [];
  let octets = 0;
  let { result } = answer;
  for (const entry of answer.entries) {
    const operation = service.selections.encoded(entry);
    octets += operation.length;
    if (octets > service.limits.answerOctets) {
      result = RESULT.adminLimitExceeded;
      break;
    }
    operations.push(operation);
  }
  for (const uri of answer.references ?? []) operations.push(encodeReference(uri));
  const plain = result === RESULT.success && !answer.matchedDn && !answer.diagnostic;
  operations.push(plain ? SEARCH_DONE : encodeResult(0x65, result, answer));
  return encodeMessages(id, operations);
}

function integerOctets(value: number): Uint8Array {
  const octets = Buffer.alloc(4);
  octets.writeInt32BE(value);
  return octets;
}

export type { LdapSessionInfo };
