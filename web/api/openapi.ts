/**
 * The description of the HTTP API (OpenAPI 3.1), made from the routes that serve it.
 *
 * @module
 */
import { z } from 'zod';
import type { ApiRoute } from './route.ts';

const PROBLEM = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
});

const TAGS: Readonly<Record<ApiRoute['tag'], string>> = {
  mail: 'Send, list, read, status',
  account: 'One’s own account',
  members: 'Organizations, domains, addresses and accounts',
  trust: 'Keys, anchors and bundle subscriptions',
  books: 'Settings, audit, queue, quarantine and report',
  enrollment: 'Requests to join, and departures',
};

/** As JSON schema, without its dialect. */
export const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json;
};

export const problemSchema = () => schemaOf(PROBLEM, 'output');

/** @returns the whole document, plain JSON */
export function openApi(routes: readonly ApiRoute[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = `/v1${route.path}`;
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Anchorage',
      version,
      description:
        'The members of a HISP and their mail. Errors are problems (RFC 9457). The directory has a description of its own: /api/directory/openapi.json.',
    },
    servers: [{ url: '/api' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ password: [] }, { bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        password: {
          type: 'http',
          scheme: 'basic',
          description: 'The name of an account, with its password or an application password that opens rest',
        },
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An application password that opens rest; or, on the machine itself, the token of the state folder with ?hisp=',
        },
      },
      schemas: { Problem: problemSchema() },
    },
  };
}

/** What the description of a request says, whichever API it is of. */
interface Described {
  readonly route: { readonly method: string; readonly path: string; readonly summary: string };
  /** Who may. */
  readonly told: string;
  readonly query: Readonly<Record<string, string>>;
  /** Content by media type; undefined: there is none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>> | undefined;
  readonly tags?: readonly string[];
}

export const jsonContent = (schema: z.ZodType, io: 'input' | 'output') => ({
  'application/json': { schema: schemaOf(schema, io) },
});

/** One request as OpenAPI writes it (Operation Object). */
export function operationOf({ route, told, query, body, status, answer, tags }: Described) {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  return {
    operationId: `${route.method} ${route.path}`.replace(/[^a-z0-9]+/gi, '-').replace(/-$/, ''),
    summary: route.summary,
    ...(tags ? { tags } : {}),
    description: `For: ${told}.`,
    parameters: [...inPath, ...inQuery],
    ...(body ? { requestBody: { required: true, content: body } } : {}),
    responses: {
      [status]: {
        description: status === 204 ? 'Done' : route.summary,
        ...(answer ? { content: answer } : {}),
      },
      default: {
        description: 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function operation(route: ApiRoute) {
  const { status, schema } = route.answer;
  return operationOf({
    route,
    told: route.for.join(', '),
    query: { ...route.query, hisp: 'With the token of the state folder: which HISP' },
    body: route.body && jsonContent(route.body, 'input'),
    status,
    answer: schema && jsonContent(schema, 'output'),
    tags: [route.tag],
  });
}
