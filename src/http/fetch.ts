/**
 * Guarded fetching of what certificates and bundles point at: issuers (AIA), revocation lists, trust bundles.
 *
 * Everything has a bound: who may be called, how often it may redirect, how long and how large the answer may be.
 *
 * @module
 */
import type { Host, Socket } from '../net/host.ts';
import { peerCertificates, secureClient } from '../net/tls.ts';
import { HttpError, type HttpErrorCode, httpError } from './error.ts';
import { type Answer, exchange } from './exchange.ts';
import { locate, parseTarget, type Target, type TargetRules } from './target.ts';

export interface FetchLimits {
  /** Largest body; default 1 MiB. */
  readonly maxBytes?: number;
  /** For the whole fetch, redirects included; default 10,000. */
  readonly totalMs?: number;
  /** Default 3. */
  readonly redirects?: number;
  /** Whether an address that is not public (private, loopback, link-local, …) may be called; default: none. */
  readonly allowPrivate?: (address: string) => boolean;
  /** Addresses of a host name; without it only IP literals are fetched. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
  /**
   * Judges the certificates of an https server (DER, leaf first) at `at` (ms UTC): a text is the reason to refuse.
   * Without it TLS judges by the machine's roots and clock, which is right on the real network only.
   */
  readonly judgeServer?: (chain: readonly Uint8Array[], hostname: string, at: number) => string | undefined;
}

export interface FetchOptions {
  /** Media types to ask for, in the `Accept` header. */
  readonly accept?: string | readonly string[];
  /** Media types to take; any other is refused. Without it all are taken: servers of certificates say many things. */
  readonly types?: readonly string[];
  /** Sent as `If-None-Match`; then 304 is a good answer, with an empty body. */
  readonly etag?: string;
  /** Number of the event that led to this fetch. */
  readonly cause?: number;
}

export type FetchResult =
  | {
      readonly ok: true;
      /** Where it was found in the end. */
      readonly url: string;
      readonly status: number;
      /** Media type without parameters, lower case; '' when the server said none. */
      readonly type: string;
      readonly body: Uint8Array;
      readonly headers: Readonly<Record<string, string>>;
      readonly event: number;
    }
  | {
      readonly ok: false;
      readonly url: string;
      /** For a person. */
      readonly why: string;
      readonly code: HttpErrorCode;
      readonly status?: number;
      readonly event: number;
    };

export interface Fetcher {
  /** Never throws for what the network did. */
  get(url: string, options?: FetchOptions): Promise<FetchResult>;
}

const nobody = (): boolean => false;
const noResolver = (): Promise<string[]> => Promise.reject(new HttpError('resolve', 'no resolver for names'));
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export function createFetcher(host: Host, limits: FetchLimits = {}): Fetcher {
  const full = {
    maxBytes: limits.maxBytes ?? 1 << 20,
    totalMs: limits.totalMs ?? 10_000,
    redirects: limits.redirects ?? 3,
    judgeServer: limits.judgeServer,
    allowPrivate: limits.allowPrivate ?? nobody,
    resolve: limits.resolve ?? noResolver,
  };
  return {
    get(url, options = {}) {
      return withDeadline(host, full.totalMs, (deadline) => walk(host, url, options, full, deadline));
    },
  };
}

type FullLimits = TargetRules & {
  readonly maxBytes: number;
  readonly totalMs: number;
  readonly redirects: number;
  readonly judgeServer: FetchLimits['judgeServer'];
};

/** What the deadline ends when it comes. */
interface Deadline {
  /** Rejects with `timeout` when the time is over. */
  readonly over: Promise<never>;
  readonly leftMs: () => number;
}

async function withDeadline<T>(host: Host, ms: number, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  const end = host.mono() + ms;
  let cancel = () => {};
  const over = new Promise<never>((_resolve, reject) => {
    cancel = host.timer(ms, () => reject(new HttpError('timeout', `no complete answer in ${ms} ms`)));
  });
  // Whoever races against it hears of it; when nobody does at that moment it is no error.
  over.catch(() => undefined);
  try {
    return await work({ over, leftMs: () => Math.max(0, end - host.mono()) });
  } finally {
    cancel();
  }
}

async function walk(
  host: Host,
  start: string,
  options: FetchOptions,
  limits: FullLimits,
  deadline: Deadline,
): Promise<FetchResult> {
  let text = start;
  let base: URL | undefined;
  let cause = options.cause;
  for (let hop = 0; ; hop++) {
    const began = host.mono();
    let url = text.slice(0, 2048);
    let answer: Answer | undefined;
    let failure: HttpError | undefined;
    try {
      const parsed = parseTarget(text, base);
      url = parsed.href;
      if (base?.protocol === 'https:' && parsed.protocol === 'http:')
        throw new HttpError('redirect', `redirected from https to ${url}`);
      answer = await once(host, parsed, options, limits, deadline);
      base = parsed;
      failure = judgeAnswer(answer, options, hop, limits.redirects);
    } catch (error) {
      failure = httpError(error);
    }
    const type = answer ? mediaType(answer) : '';
    const event = host.events.emit({
      kind: 'http',
      dir: 'out',
      ...(cause === undefined ? {} : { cause }),
      ...(answer && answer.body.length > 0 ? { blob: answer.body } : {}),
      summary: {
        method: 'GET',
        url,
        status: answer?.status ?? failure?.status ?? null,
        ...(answer ? { type, bytes: answer.body.length } : {}),
        ...(failure ? { error: failure.message } : {}),
        ms: host.mono() - began,
      },
    });
    if (failure || !answer) {
      const { code = 'protocol', message = 'no answer', status = answer?.status } = failure ?? {};
      return { ok: false, url, why: message, code, ...(status === undefined ? {} : { status }), event };
    }
    if (!REDIRECTS.has(answer.status))
      return {
        ok: true,
        url,
        status: answer.status,
        type,
        body: answer.body,
        headers: answer.headers,
        event,
      };
    text = answer.headers['location']!;
    cause = event;
  }
}

/** Why an answer is not one to use or to follow. */
function judgeAnswer(
  answer: Answer,
  options: FetchOptions,
  hop: number,
  redirects: number,
): HttpError | undefined {
  const { status } = answer;
  if (REDIRECTS.has(status)) {
    if (answer.headers['location'] === undefined)
      return new HttpError('redirect', `${status} without Location`, status);
    if (hop >= redirects) return new HttpError('redirect', `more than ${redirects} redirects`, status);
    return undefined;
  }
  if (status === 304 && options.etag !== undefined) return undefined;
  // 206 answers a question for a part, which we never ask.
  if (status < 200 || status > 299 || status === 206)
    return new HttpError('status', `status ${status}`, status);
  const type = mediaType(answer);
  if (options.types && !options.types.includes(type))
    return new HttpError(
      'media-type',
      `media type ${type || 'not said'}, expected ${options.types.join(' or ')}`,
      status,
    );
  return undefined;
}

const mediaType = (answer: Answer): string =>
  (answer.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase().slice(0, 200);

async function once(
  host: Host,
  url: URL,
  options: FetchOptions,
  limits: FullLimits,
  deadline: Deadline,
): Promise<Answer> {
  const target = await Promise.race([locate(url, limits), deadline.over]);
  let socket: Socket = await host.dial(target.addr, { deadlineMs: deadline.leftMs() });
  const plain = socket;
  try {
    if (target.secure) socket = await upgrade(host, socket, target, limits, deadline);
    const asked = exchange(socket, {
      path: `${url.pathname}${url.search}`,
      headers: headersFor(url, options),
      maxBytes: limits.maxBytes,
    });
    return await Promise.race([asked, deadline.over]);
  } finally {
    socket.destroy();
    plain.destroy();
  }
}

async function upgrade(
  host: Host,
  socket: Socket,
  target: Target,
  limits: FullLimits,
  deadline: Deadline,
): Promise<Socket> {
  const judge = limits.judgeServer;
  const secure = await secureClient(host, socket, {
    servername: target.hostname,
    rejectUnauthorized: judge === undefined,
    deadlineMs: deadline.leftMs(),
  }).catch((error: unknown) => {
    const { code, message } = httpError(error);
    throw new HttpError(code === 'timeout' ? 'timeout' : 'tls', message);
  });
  const refusal = judge?.(peerCertificates(secure), target.hostname, host.now());
  if (refusal !== undefined) {
    secure.destroy();
    throw new HttpError('tls', `certificate of ${target.hostname}: ${refusal}`);
  }
  return secure;
}

function headersFor(url: URL, options: FetchOptions): Record<string, string> {
  const { accept = '*/*', etag } = options;
  return {
    host: url.host,
    accept: typeof accept === 'string' ? accept : accept.join(', '),
    'accept-encoding': 'identity',
    'user-agent': 'anchorage',
    connection: 'close',
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
  };
}
