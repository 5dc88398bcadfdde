/**
 * FHIR R4 over the directory, at `/fhir`: read and search of five types, and what the server can do. Every error is an
 * OperationOutcome.
 *
 * @module
 */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Reader } from '../../src/directory/access.ts';
import { capabilityStatement } from '../../src/directory/fhir/capability.ts';
import { FhirError, type IssueCode, operationOutcome, problem } from '../../src/directory/fhir/outcome.ts';
import { readFhir, resourceType, searchFhir } from '../../src/directory/fhir/search.ts';
import { RESOURCE_TYPES, type ResourceType } from '../../src/directory/write/fhir-resources.ts';
import { admit, type DirectoryDoor, note, type Who } from './door.ts';

export interface FhirOptions extends Who {
  readonly version: string;
  readonly onError: (error: Error, path: string) => void;
}

const TYPE = 'application/fhir+json; charset=utf-8';
/** A search in the body of a POST. */
const MAX_FORM = 16_384;
const MAX_QUERY = 8192;

export function fhirApp(door: DirectoryDoor, options: FhirOptions): Hono {
  const app = new Hono();
  const started = new Date(door.directory.host.now()).toISOString();
  app.onError((error, c) => {
    if (error instanceof FhirError) return outcome(c, error);
    options.onError(error, c.req.path);
    return outcome(
      c,
      problem(500, 'exception', 'The request could not be served; the log of Anchorage says why.'),
    );
  });
  app.use(async (c, next) => {
    c.header('Cache-Control', 'no-store');
    acceptable(c);
    await next();
  });
  app.get('/metadata', (c) =>
    give(c, capabilityStatement({ base: baseOf(c), version: options.version, date: started })),
  );
  const search = async (c: Context): Promise<Response> => {
    const type = typeOf(c);
    const { search: query } = new URL(c.req.url);
    if (query.length > MAX_QUERY) {
      throw problem(
        400,
        'too-long',
        `The query has ${query.length} characters; expected at most ${MAX_QUERY}.`,
      );
    }
    return searched(c, door, options, type, [...new URLSearchParams(query)]);
  };
  app.get('/:type', search);
  app.get('/:type/_search', search);
  app.post(
    '/:type/_search',
    bodyLimit({
      maxSize: MAX_FORM,
      onError: (c) => outcome(c, problem(413, 'too-long', `A search has at most ${MAX_FORM} octets.`)),
    }),
    async (c) => {
      const type = typeOf(c);
      if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? '')) {
        throw problem(
          415,
          'not-supported',
          `Found ${c.req.header('content-type') ?? 'no type'}; expected application/x-www-form-urlencoded.`,
          'http.Content-Type',
        );
      }
      const both = [
        ...new URLSearchParams(new URL(c.req.url).search),
        ...new URLSearchParams(await c.req.text()),
      ];
      return searched(c, door, options, type, both);
    },
  );
  app.get('/:type/:id', async (c) => {
    const type = typeOf(c);
    const reader = await readerFor(c, door, options);
    const id = c.req.param('id');
    const resource = readFhir(door.directory, reader, type, id);
    note(door, reader, { face: 'fhir', kind: 'read', query: `${type}/${id}`, results: 1 });
    const { versionId, lastUpdated } = resource['meta'] as { versionId: string; lastUpdated: string };
    const etag = `W/"${versionId}"`;
    c.header('ETag', etag);
    c.header('Last-Modified', new Date(lastUpdated).toUTCString());
    c.header('Cache-Control', 'private, no-cache');
    if (sameVersion(c.req.header('if-none-match'), versionId)) return c.body(null, 304);
    return give(c, resource);
  });
  app.all('*', (c) => {
    const [, first = '', second] = /\/fhir\/?([^/]*)(?:\/([^/]*))?/.exec(c.req.path) ?? [];
    if (first !== '' && first !== 'metadata' && second !== '_search') typeOf(c, first);
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      c.header('Allow', second === '_search' ? 'POST' : 'GET, HEAD');
      throw problem(
        405,
        'not-supported',
        `Found ${c.req.method}; this directory is read, and changed by contributions. Expected GET, or POST to [type]/_search.`,
      );
    }
    throw problem(
      404,
      'not-supported',
      `There is no ${c.req.path.slice(0, 200)}. Expected [type]?…, [type]/[id] or metadata.`,
    );
  });
  return app;
}

async function searched(
  c: Context,
  door: DirectoryDoor,
  options: FhirOptions,
  type: ResourceType,
  pairs: readonly [string, string][],
): Promise<Response> {
  const reader = await readerFor(c, door, options);
  const { bundle, matches } = searchFhir(door.directory, {
    reader,
    type,
    pairs,
    base: baseOf(c),
    lenient: /(^|[,;\s])handling\s*=\s*"?lenient\b/i.test(c.req.header('prefer') ?? ''),
  });
  const query = new URLSearchParams(pairs.filter(([name]) => name !== '_page')).toString();
  note(door, reader, { face: 'fhir', kind: 'search', query: `${type}?${query}`, results: matches });
  return give(c, bundle);
}

async function readerFor(c: Context, door: DirectoryDoor, who: Who): Promise<Reader> {
  const admitted = await admit(c, door, who);
  if (admitted.ok) return admitted.reader;
  const { why, detail, retryAfterMs } = admitted;
  if (why === 'unauthorized') c.header('WWW-Authenticate', 'Bearer, Basic realm="Directory"');
  if (retryAfterMs !== undefined) c.header('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
  const [status, code] = REFUSED[why];
  throw problem(status, code, detail);
}

const REFUSED: Readonly<
  Record<'unauthorized' | 'too-many' | 'unavailable', readonly [FhirError['status'], IssueCode]>
> = {
  unauthorized: [401, 'login'],
  'too-many': [429, 'throttled'],
  unavailable: [500, 'exception'],
};

function typeOf(c: Context, text = c.req.param('type') ?? ''): ResourceType {
  const type = resourceType(text);
  if (type) return type;
  throw problem(
    404,
    'not-supported',
    `There is no resource type "${text.slice(0, 60)}" here; expected one of ${RESOURCE_TYPES.join(', ')}.`,
  );
}

/** Where the resources are served, as the client called it. */
const baseOf = (c: Context): string => `${new URL(c.req.url).origin}/fhir`;

const JSON_FORMATS = /^(json|text\/json|application\/json|application\/fhir\+json)$/i;

/** @throws {FhirError} 406 */
function acceptable(c: Context): void {
  // a plus sign in a query is a blank; both are meant
  const format = c.req.query('_format')?.replaceAll(' ', '+').split(';')[0];
  const accept = c.req.header('accept');
  if (format !== undefined) {
    if (JSON_FORMATS.test(format)) return;
    throw problem(
      406,
      'not-supported',
      `Found the format "${format.slice(0, 40)}"; expected json or application/fhir+json.`,
      'http._format',
    );
  }
  if (accept === undefined || accept.trim() === '') return;
  const ranges = accept.split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
    return { name, refused: parameters.some((one) => /^q=0(\.0*)?$/i.test(one)) };
  });
  const fits = ({ name, refused }: { name: string; refused: boolean }): boolean =>
    !refused && (JSON_FORMATS.test(name) || name === '*/*' || name === 'application/*');
  if (ranges.some(fits)) return;
  throw problem(
    406,
    'not-supported',
    `Found "Accept: ${accept.slice(0, 80)}"; expected application/fhir+json among it.`,
    'http.Accept',
  );
}

const sameVersion = (header: string | undefined, versionId: string): boolean =>
  (header ?? '').split(',').some((one) => {
    const tag = one.trim().replace(/^W\//, '');
    return tag === '*' || tag === `"${versionId}"`;
  });

function give(c: Context, resource: object): Response {
  const pretty = c.req.query('_pretty') === 'true';
  return c.body(JSON.stringify(resource, null, pretty ? 2 : undefined), 200, { 'Content-Type': TYPE });
}

function outcome(c: Context, error: FhirError): Response {
  return c.body(JSON.stringify(operationOutcome(error.issues)), error.status, { 'Content-Type': TYPE });
}
