import type { Context } from 'hono';
import { visitorOf } from '../desk/visitor.ts';
import { type Frame, type Html, page } from '../layout.ts';
import type { Tokens } from '../security.ts';

/** Answers with a page of a room. */
export function show(
  c: Context,
  tokens: Tokens,
  frame: Omit<Frame, 'token' | 'body'> & {
    readonly body: (token: string) => Html;
    readonly status?: 403 | 404 | 422 | 429;
  },
) {
  const token = tokens.issue(c);
  c.header('Cache-Control', 'no-store');
  return c.html(
    page({ ...frame, token, visitor: visitorOf(c), body: frame.body(token) }),
    frame.status ?? 200,
  );
}
