/**
 * What happens to each request of a connection: searches are answered from the tree, the rest by ldapjs.
 *
 * @module
 */
import { encode } from '../asn1/write.ts';
import { answerSearch, type SearchAnswer } from './answer.ts';
import { BER } from './ber-cursor.ts';
import { normalDn } from './dn.ts';
import { encodeMessages, encodePaged, encodeReference, encodeResult, SEARCH_DONE } from './encode.ts';
import { LdapError } from './error.ts';
import { type LdapSummary, requestSummary, searchSummary } from './evidence.ts';
import type { Verdict } from './guard.ts';
import type { Attached } from './operations.ts';
import { createPages } from './pages.ts';
import { answerTag, type Request } from './requests.ts';
import { RESULT, START_TLS } from './result.ts';
import type { LdapService, LdapSessionInfo } from './settings.ts';

/** The connection as a request sees it. */
export interface Outlet {
  readonly session: { -readonly [K in keyof LdapSessionInfo]: LdapSessionInfo[K] };
  /** Whether anybody reads the evidence. */
  readonly recording: boolean;
  /** To go out with the next `flush`. */
  send(bytes: Buffer): void;
  flush(): void;
  record(summary: LdapSummary): void;
  /** Octets that came after this request. */
  following(): number;
}

/** What the connection does next; `tls`: goes on under TLS. */
export type Next = 'go-on' | 'end' | 'tls';

type Accepted = Verdict & { readonly ok: true };

export interface Dispatcher {
  take(verdict: Accepted, bytes: Buffer): Next;
  reply(request: { readonly id: number; readonly op: Request['op'] }, code: number, why?: string): void;
  /** Comparisons made since this was last asked. */
  takeWork(): number;
  /** Forgets the searches that wait for an answer. */
  end(): void;
}

export function createDispatcher(service: LdapService, attached: Attached, outlet: Outlet): Dispatcher {
  const { host, limits, options } = service;
  const { session } = outlet;
  const extensions = options.tls && !options.ldaps ? [START_TLS] : [];
  /** Searches whose answer comes later, by message id. */
  const waiting = new Map<number, object>();
  const pages = createPages();
  let work = 0;

  const reply: Dispatcher['reply'] = (request, code, why = '') => {
    const tag = answerTag(request.op);
    if (tag) outlet.send(encodeMessages(request.id, [encodeResult(tag, code, { diagnostic: why })]));
    outlet.record(requestSummary(request.op, code, why));
  };

  const search = (request: Request & { readonly op: 'search' }): void => {
    const { id, search } = request;
    const began = outlet.recording ? host.mono() : 0;
    const selection = service.selections.of(search.attributes, search.typesOnly);
    const worked = (comparisons: number): void => {
      work += comparisons;
    };
    const page = request.paged && pages.open(search, request.paged);
    if (page === 'unknown') {
      reply(request, RESULT.unwillingToPerform, 'the cookie belongs to no search of this connection');
      return;
    }
    const context = { limits, extensions, mono: host.mono, worked, ...(page && { page }) };
    const reference = attempt(() => answerSearch(service.tree(session), search, selection, context));
    const finish = (answer: SearchAnswer): void => {
      const control = request.paged && encodePaged(pages.keep(search, answer.next));
      outlet.send(encodeAnswer(service, id, answer, control));
      if (outlet.recording) outlet.record(searchSummary(search, answer, host.mono() - began));
    };
    const given = options.answer
      ? attempt(() => options.answer!(search, reference, { ...session }))
      : reference;
    if (!(given instanceof Promise)) finish(given);
    else if (waiting.size >= limits.waiting) reply(request, RESULT.busy, 'too many searches wait');
    else later(id, given, finish);
  };

  const later = (id: number, given: Promise<SearchAnswer>, finish: (answer: SearchAnswer) => void): void => {
    const token = {};
    waiting.set(id, token);
    void given.catch(failure).then((answer) => {
      // Abandoned, or the connection is gone.
      if (waiting.get(id) !== token) return;
      waiting.delete(id);
      finish(answer);
      outlet.flush();
    });
  };

  /** ldapjs answers, with this result unless it knows better. */
  const delegate = ({ request, start, end }: Accepted, bytes: Buffer, proposed: number): void => {
    outlet.flush();
    const id = Buffer.alloc(4);
    id.writeInt32BE(request.id);
    const message = encode(BER.sequence, encode(BER.integer, id), bytes.subarray(start, end));
    const result = attached.handle(Buffer.from(message.buffer, message.byteOffset, message.length), proposed);
    if (result === undefined) reply(request, RESULT.protocolError, 'the request cannot be read');
    else outlet.record(requestSummary(request.op, result));
  };

  const bind = (verdict: Accepted, request: Request & { readonly op: 'bind' }, bytes: Buffer): void => {
    const { version, name, sasl } = request.bind;
    session.bound = false;
    delete session.who;
    if (version !== 3) reply(request, RESULT.protocolError, `version ${version}; only 3 is served`);
    else if (sasl !== undefined) {
      reply(request, RESULT.authMethodNotSupported, 'only the simple bind is served');
    } else if (!isDn(name)) reply(request, RESULT.invalidDNSyntax);
    else {
      const answer = service.bind(request.bind, session);
      const { result, diagnostic, who } = typeof answer === 'number' ? { result: answer } : answer;
      session.bound = result === RESULT.success;
      if (session.bound && who) session.who = who;
      // ldapjs would let every anonymous bind succeed, and has no words.
      if ((name === '' && !session.bound) || diagnostic !== undefined) reply(request, result, diagnostic);
      else delegate(verdict, bytes, result);
    }
  };

  const extended = (verdict: Accepted, oid: string, bytes: Buffer): Next => {
    if (oid !== START_TLS || extensions.length === 0) {
      delegate(verdict, bytes, RESULT.protocolError);
      return 'go-on';
    }
    const { request } = verdict;
    // What follows in clear must not count as said under TLS (RFC 4511 §4.14.1).
    const early = waiting.size > 0 || outlet.following() > 0;
    if (session.tls || early) {
      reply(request, RESULT.operationsError, early ? 'other requests are outstanding' : 'TLS is on already');
      return 'go-on';
    }
    delegate(verdict, bytes, RESULT.success);
    return 'tls';
  };

  return {
    reply,
    take(verdict, bytes) {
      const { request } = verdict;
      if (request.critical !== undefined && answerTag(request.op)) {
        reply(request, RESULT.unavailableCriticalExtension, `control ${request.critical} is not known`);
        return 'go-on';
      }
      switch (request.op) {
        case 'search':
          if (service.quota.take(service.client(session))) search(request);
          else reply(request, RESULT.busy, `more than ${limits.searchesPerMinute} searches in a minute`);
          return 'go-on';
        case 'bind':
          bind(verdict, request, bytes);
          return 'go-on';
        case 'abandon':
          waiting.delete(request.target);
          return 'go-on';
        case 'unbind':
          delegate(verdict, bytes, RESULT.success);
          return 'end';
        case 'extended':
          return extended(verdict, request.oid, bytes);
        default:
          if (options.change) reply(request, options.change());
          else if (request.dns.every(isDn)) delegate(verdict, bytes, RESULT.unwillingToPerform);
          else reply(request, RESULT.invalidDNSyntax);
          return 'go-on';
      }
    },
    takeWork() {
      const done = work;
      work = 0;
      return done;
    },
    end: () => waiting.clear(),
  };
}

function isDn(text: string): boolean {
  try {
    normalDn(text);
    return true;
  } catch (error) {
    if (error instanceof LdapError) return false;
    throw error;
  }
}

const failure = (error: unknown): SearchAnswer => ({
  result: RESULT.other,
  entries: [],
  diagnostic: error instanceof Error ? error.message : String(error),
});

/** A seam or a store that throws answers with a failure. */
function attempt<T>(answer: () => T): T | SearchAnswer {
  try {
    return answer();
  } catch (error) {
    return failure(error);
  }
}

/** The answer in one piece, cut at the limit on octets with result 11. */
function encodeAnswer(service: LdapService, id: number, answer: SearchAnswer, control?: Buffer): Buffer {
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
  const done = plain ? SEARCH_DONE : encodeResult(answerTag('search'), result, answer);
  operations.push(control ? Buffer.concat([done, control]) : done);
  return encodeMessages(id, operations);
}
