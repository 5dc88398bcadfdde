/**
 * One request of the HTTP API: served and documented from the same line.
 *
 * @module
 */
import type { z } from 'zod';
import type { Role } from '../../src/store/tenancy-schema.ts';
import type { Caller } from './caller.ts';

/** What a request brought, read by its schemas. */
export interface Call extends Caller {
  /** A part of the path. */
  param(name: string): string;
  query(name: string): string | undefined;
  readonly body: unknown;
}

export interface ApiRoute {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete';
  /** With `{name}` for its parts. */
  readonly path: string;
  readonly summary: string;
  readonly tag: 'mail' | 'account' | 'members' | 'trust' | 'books' | 'enrollment';
  readonly for: readonly Role[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  /** 204 answers have no schema. */
  readonly answer: { readonly status: 200 | 201 | 202 | 204; readonly schema?: z.ZodType };
  /** Gives what the schema of the answer describes, or octets. @throws {TenancyError} */
  readonly serve: (call: Call) => Promise<unknown>;
}

export const EVERYBODY: readonly Role[] = ['operator', 'organization-administrator', 'user'];
export const ADMINISTRATORS: readonly Role[] = ['operator', 'organization-administrator'];
export const OPERATORS: readonly Role[] = ['operator'];

/** A route whose body is read by a schema before it is served. */
export function withBody<T>(
  route: Omit<ApiRoute, 'body' | 'serve'> & {
    readonly body: z.ZodType<T>;
    readonly serve: (call: Call, body: T) => Promise<unknown>;
  },
): ApiRoute {
  return { ...route, serve: (call) => route.serve(call, call.body as T) };
}
