/**
 * The HTTP API of a HISP's members: `/api/v1`, and its description at `/api/openapi.json`.
 *
 * @module
 */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { TenancyError, type TenancyErrorCode } from '../../src/hisp/tenancy/actor.ts';
import type { Tenancy } from '../../src/hisp/tenancy/tenancy.ts';
import { problemsOf } from '../desk/form.ts';
import { BOOK_ROUTES } from './book-routes.ts';
import { callerOf } from './caller.ts';
import { ENROLLMENT_ROUTES } from './enrollment-routes.ts';
import { MAIL_ROUTES } from './mail-routes.ts';
import { MEMBER_ROUTES } from './member-routes.ts';
import { openApi } from './openapi.ts';
import { type ProblemCode, problem } from './problem.ts';
import type { ApiRoute, Call } from './route.ts';

export const API_ROUTES: readonly ApiRoute[] = [
  ...MAIL_ROUTES,
  ...MEMBER_ROUTES,
  ...BOOK_ROUTES,
  ...ENROLLMENT_ROUTES,
];

/** A message of 25 MB in base64, and its frame. */
const MAX_BODY = 36 << 20;

const CODE: Readonly<Record<TenancyErrorCode, ProblemCode>> = {
  forbidden: 'forbidden',
  'not-found': 'not-found',
  invalid: 'refused',
  conflict: 'conflict',
};

/** @param token what programs on this machine show to act as operator */
export function memberApi(
  tenancies: readonly Tenancy[],
  {
    token,
    version,
    onError,
  }: {
    readonly token: string | undefined;
    readonly version: string;
    readonly onError: (error: Error, path: string) => void;
  },
): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    onError(error, c.req.path);
    return problem(c, 'failed', 'The request could not be served; the log of Anchorage says why.');
  });
  const description = openApi(API_ROUTES, version);
  app.get('/openapi.json', (c) => c.json(description));
  app.use(
    '/v1/*',
    bodyLimit({ maxSize: MAX_BODY, onError: (c) => problem(c, 'too-large', 'A request has at most 36 MB.') }),
  );
  for (const route of API_ROUTES) {
    const path = `/v1${route.path.replace(/\{(\w+)\}/g, ':$1')}`;
    app.on(route.method.toUpperCase(), path, (c) => answer(c, route, tenancies, token));
  }
  app.all('/v1/*', (c) =>
    problem(c, 'not-found', `There is no ${c.req.method} ${c.req.path}. See /api/openapi.json.`),
  );
  return app;
}

async function answer(
  c: Context,
  route: ApiRoute,
  tenancies: readonly Tenancy[],
  token: string | undefined,
): Promise<Response> {
  c.header('Cache-Control', 'no-store');
  const called = await callerOf(c, tenancies, token);
  if (!called.ok) {
    if (called.code === 'unauthorized') c.header('WWW-Authenticate', 'Basic realm="Anchorage", Bearer');
    if (called.retryAfterMs !== undefined)
      c.header('Retry-After', String(Math.ceil(called.retryAfterMs / 1000)));
    return problem(c, called.code, called.detail);
  }
  const { caller } = called;
  if (!route.for.includes(caller.actor.role)) {
    return problem(c, 'forbidden', `This is for: ${route.for.join(', ')}. You are: ${caller.actor.role}.`);
  }
  let body: unknown;
  if (route.body) {
    if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
      return problem(c, 'invalid', 'Expected JSON, with the header "Content-Type: application/json".');
    }
    const read = route.body.safeParse(await c.req.json().catch(() => undefined));
    if (!read.success) return problem(c, 'invalid', `${problemsOf(read.error)}.`);
    body = read.data;
  }
  const call: Call = {
    ...caller,
    body,
    param: (name) => c.req.param(name) ?? '',
    query: (name) => c.req.query(name),
  };
  try {
    return give(c, route, await route.serve(call));
  } catch (error) {
    if (error instanceof TenancyError) return problem(c, CODE[error.code], error.message);
    throw error;
  }
}

function give(c: Context, { answer: { status } }: ApiRoute, found: unknown): Response {
  if (status === 204) return c.body(null, 204);
  if (found instanceof Uint8Array) {
    return c.body(new Uint8Array(found), 200, { 'Content-Type': 'message/rfc822' });
  }
  return c.json(found as object, status);
}
