/**
 * The description of the directory's HTTP API (OpenAPI 3.1), made from the routes that serve it.
 *
 * @module
 */
import { jsonContent, operationOf, problemSchema } from '../api/openapi.ts';
import type { DirectoryRoute, For } from './route.ts';

const TOLD: Readonly<Record<For, string>> = {
  everybody: 'everybody; without a key what is public, and only so many results',
  participants: 'participating HISPs, and operators',
  bulk: 'keys with the right "bulk", and operators',
  operators: 'operators: the token of the state folder',
};

/** @returns the whole document, plain JSON */
export function directoryOpenApi(
  routes: readonly DirectoryRoute[],
  version: string,
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = `/v1${route.path}`;
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Anchorage: the address directory',
      version,
      description:
        'Search, read, contribute and download. FHIR R4 is at /fhir, described by /fhir/metadata. Errors are problems (RFC 9457).',
    },
    servers: [{ url: '/api/directory' }],
    security: [{ key: [] }, { password: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of a participating HISP; on the machine itself, the token of the state folder',
        },
        password: {
          type: 'http',
          scheme: 'basic',
          description: 'The id of a HISP and its key; or an account of a participating HISP and its password',
        },
      },
      schemas: { Problem: problemSchema() },
    },
  };
}

const octets = (type: string) => ({ [type]: { schema: { type: 'string', format: 'binary' } } });

function operation(route: DirectoryRoute) {
  const { status, schema, file } = route.answer;
  return operationOf({
    route,
    told: TOLD[route.for],
    query: route.query ?? {},
    body:
      route.body === 'file'
        ? octets('application/octet-stream')
        : route.body && jsonContent(route.body, 'input'),
    status,
    answer: file ? octets(file) : schema && jsonContent(schema, 'output'),
  });
}
