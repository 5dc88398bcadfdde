/**
 * Guarded posting to an address that an operator configured: the same bounds as for fetching, and no redirects, so that
 * what is posted goes to nobody else.
 *
 * @module
 */
import type { Host } from '../net/host.ts';
import { HttpError, type HttpErrorCode, httpError } from './error.ts';
import type { FetchLimits } from './fetch.ts';
import { askOnce, withDeadline } from './hop.ts';
import { parseTarget } from './target.ts';

export type PostResult =
  | { readonly ok: true; readonly status: number }
  | {
      readonly ok: false;
      /** For a person. */
      readonly why: string;
      readonly code: HttpErrorCode;
      readonly status?: number;
    };

/** Never throws for what the network did. A status from 200 to 299 is a yes. */
export type Post = (
  url: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
) => Promise<PostResult>;

/** The answer is read so far and not used. */
const MAX_ANSWER = 65_536;

/** @param limits `redirects` and `maxBytes` say nothing here */
export function createPost(host: Host, limits: FetchLimits = {}): Post {
  const rules = {
    maxBytes: MAX_ANSWER,
    judgeServer: limits.judgeServer,
    allowPrivate: limits.allowPrivate ?? (() => false),
    resolve: limits.resolve ?? (() => Promise.reject(new HttpError('resolve', 'no resolver for names'))),
  };
  return (url, body, headers) =>
    withDeadline(host, limits.totalMs ?? 10_000, async (deadline) => {
      const began = host.mono();
      let result: PostResult;
      try {
        const target = parseTarget(url);
        const all = {
          host: target.host,
          'user-agent': 'anchorage',
          connection: 'close',
          'content-length': String(body.length),
          ...headers,
        };
        const { status } = await askOnce(host, target, all, rules, deadline, { method: 'POST', body });
        result =
          status >= 200 && status < 300
            ? { ok: true, status }
            : { ok: false, why: `status ${status}`, code: 'status', status };
      } catch (error) {
        const { message, code, status } = httpError(error);
        result = { ok: false, why: message, code, ...(status === undefined ? {} : { status }) };
      }
      host.events.emit({
        kind: 'http',
        dir: 'out',
        summary: {
          method: 'POST',
          url: url.slice(0, 2048),
          status: result.status ?? null,
          ...(result.ok ? {} : { error: result.why }),
          ms: host.mono() - began,
        },
      });
      return result;
    });
}
