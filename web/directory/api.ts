/**
 * The HTTP API of the directory: `/api/directory/v1`, and its description at `/api/directory/openapi.json`.
 *
 * @module
 */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { mayTakeAll, type Reader } from '../../src/directory/access.ts';
import { type DirectoryCode, DirectoryError } from '../../src/directory/error.ts';
import { type ProblemCode, problem } from '../api/problem.ts';
import { problemsOf } from '../desk/form.ts';
import { CONTRIBUTING_ROUTES } from './contributing-routes.ts';
import { admit, type DirectoryDoor, type Who } from './door.ts';
import { createJobs } from './jobs.ts';
import { directoryOpenApi } from './openapi.ts';
import { OPERATING_ROUTES } from './operating-routes.ts';
import { READING_ROUTES } from './reading-routes.ts';
import { type DirectoryCall, type DirectoryRoute, type For, isFile } from './route.ts';

export const DIRECTORY_ROUTES: readonly DirectoryRoute[] = [
  ...READING_ROUTES,
  ...CONTRIBUTING_ROUTES,
  ...OPERATING_ROUTES,
];

const MAX_JSON = 65_536;

const CODE: Readonly<Record<DirectoryCode, ProblemCode>> = {
  format: 'invalid',
  busy: 'conflict',
  unknown: 'not-found',
  state: 'conflict',
  'not-allowed': 'forbidden',
  source: 'refused',
};

export interface DirectoryApiOptions extends Who {
  readonly version: string;
  readonly onError: (error: Error, path: string) => void;
}

export function directoryApi(door: DirectoryDoor, options: DirectoryApiOptions): Hono {
  const app = new Hono();
  const jobs = createJobs(door.directory);
  app.onError((error, c) => {
    if (error instanceof DirectoryError) {
      return problem(c, CODE[error.code], [`${error.message}.`, error.hint].filter(Boolean).join(' '));
    }
    options.onError(error, c.req.path);
    return problem(c, 'failed', 'The request could not be served; the log of Anchorage says why.');
  });
  const description = directoryOpenApi(DIRECTORY_ROUTES, options.version);
  app.get('/openapi.json', (c) => c.json(description));
  const json = bodyLimit({
    maxSize: MAX_JSON,
    onError: (c) => problem(c, 'too-large', `JSON of at most ${MAX_JSON} octets is expected here.`),
  });
  for (const route of DIRECTORY_ROUTES) {
    const path = `/v1${route.path.replace(/\{(\w+)\}/g, ':$1')}`;
    const serve = (c: Context) => answer(c, route, door, options, (call) => route.serve({ ...call, jobs }));
    if (route.body === 'file') app.on(route.method.toUpperCase(), path, serve);
    else app.on(route.method.toUpperCase(), path, json, serve);
  }
  app.all('*', (c) =>
    problem(c, 'not-found', `There is no ${c.req.method} ${c.req.path}. See /api/directory/openapi.json.`),
  );
  return app;
}

const ALLOWED: Readonly<Record<For, (reader: Reader) => boolean>> = {
  everybody: () => true,
  participants: ({ kind }) => kind !== 'public',
  bulk: mayTakeAll,
  operators: ({ kind }) => kind === 'operator',
};

async function answer(
  c: Context,
  route: DirectoryRoute,
  door: DirectoryDoor,
  who: Who,
  serve: (call: Omit<DirectoryCall, 'jobs'>) => unknown,
): Promise<Response> {
  c.header('Cache-Control', 'no-store');
  const admitted = await admit(c, door, who, route.cost ?? 1);
  if (!admitted.ok) {
    const { why, detail, retryAfterMs } = admitted;
    if (why === 'unauthorized') c.header('WWW-Authenticate', 'Bearer, Basic realm="Directory"');
    if (retryAfterMs !== undefined) c.header('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
    return problem(c, why, detail);
  }
  const { reader } = admitted;
  if (!ALLOWED[route.for](reader)) {
    if (reader.kind === 'public') {
      c.header('WWW-Authenticate', 'Bearer, Basic realm="Directory"');
      return problem(c, 'unauthorized', 'This needs a key of a participating HISP.');
    }
    const needed = route.for === 'bulk' ? 'for keys with the right "bulk"' : 'for operators';
    return problem(c, 'forbidden', `This is ${needed}.`);
  }
  let body: unknown;
  if (route.body && route.body !== 'file') {
    if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
      return problem(c, 'invalid', 'Expected JSON, with the header "Content-Type: application/json".');
    }
    const read = route.body.safeParse(await c.req.json().catch(() => undefined));
    if (!read.success) return problem(c, 'invalid', `${problemsOf(read.error)}.`);
    body = read.data;
  }
  const found = await serve({
    door,
    reader,
    body,
    octets: c.req.raw.body,
    param: (name) => c.req.param(name) ?? '',
    query: (name) => c.req.query(name),
  });
  const { status } = route.answer;
  if (status === 204) return c.body(null, 204);
  if (isFile(found)) {
    return c.body(found.body, 200, {
      'Content-Type': found.type,
      'Content-Disposition': `attachment; filename="${found.file}"`,
    });
  }
  return c.json(found as object, status);
}
