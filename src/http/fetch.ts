/**
 * Guarded fetching of what certificates and bundles point at: issuers (AIA), revocation lists, trust bundles.
 *
 * Everything has a bound: who may be called, how often it may redirect, how long and how large the answer may be.
 *
 * @module
 */
import type { Host } from '../net/host.ts';
import { HttpError, type HttpErrorCode, httpError } from './error.ts';
import type { Answer } from './exchange.ts';
import { askOnce, type Deadline, type HopLimits, type JudgeServer, withDeadline } from './hop.ts';
import { parseTarget } from './target.ts';

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
  /** For https. Without it TLS judges by the machine's roots and clock, which is right on the real network only. */
  readonly judgeServer?: JudgeServer;
}

export interface FetchOptions {
  /** Media types to ask for, in the `Accept` header. */
  readonly accept?: string | readonly string[];
  /** Media types to take; any other is refused. Without it all are taken: servers of certificates say many things. */
  readonly types?: readonly string[];
  /** Sent as `If-None-Match`; then 304 is a good answer, with an empty body. */
  readonly etag?: string;
  /** An HTTP date, sent as `If-Modified-Since`; then 304 is a good answer too. */
  readonly since?: string;
  /** Largest body, where that is less than the fetcher's own limit. */
  readonly maxBytes?: number;
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
      const own = { ...full, maxBytes: Math.min(full.maxBytes, options.maxBytes ?? full.maxBytes) };
      return withDeadline(host, full.totalMs, (deadline) => walk(host, url, options, own, deadline));
    },
  };
}

async function walk(
  host: Host,
  start: string,
  options: FetchOptions,
  limits: HopLimits & { readonly redirects: number },
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
      answer = await askOnce(host, parsed, headersFor(parsed, options), limits, deadline);
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
  if (status === 304 && (options.etag !== undefined || options.since !== undefined)) return undefined;
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

function headersFor(url: URL, options: FetchOptions): Record<string, string> {
  const { accept = '*/*', etag, since } = options;
  return {
    host: url.host,
    accept: typeof accept === 'string' ? accept : accept.join(', '),
    'accept-encoding': 'identity',
    'user-agent': 'anchorage',
    connection: 'close',
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(since === undefined ? {} : { 'if-modified-since': since }),
  };
}
