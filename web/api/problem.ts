/**
 * What went wrong with a request of a program (RFC 9457).
 *
 * @module
 */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

const STATUS = {
  invalid: [400, 'The request does not fit'],
  unauthorized: [401, 'Who asks is not known'],
  forbidden: [403, 'Not allowed'],
  'not-found': [404, 'Not found'],
  conflict: [409, 'It is there already'],
  'too-large': [413, 'Too large'],
  refused: [422, 'Refused'],
  'too-many': [429, 'Too many attempts'],
  failed: [500, 'Something went wrong inside'],
  unavailable: [503, 'Not available now'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof STATUS;

/** Answers with a problem. `detail`: what was found, what was expected, what to do. */
export function problem(c: Context, code: ProblemCode, detail: string): Response {
  const [status, title] = STATUS[code];
  const body = JSON.stringify({ type: 'about:blank', title, status, code, detail });
  return c.body(body, status satisfies ContentfulStatusCode, { 'Content-Type': 'application/problem+json' });
}
