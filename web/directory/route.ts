/**
 * One request of the directory's API: served and documented from the same line.
 *
 * @module
 */
import type { z } from 'zod';
import type { Reader } from '../../src/directory/access.ts';
import type { DirectoryDoor } from './door.ts';
import type { Jobs } from './jobs.ts';

/** Who may ask. `bulk`: whoever may take the directory as a whole. */
export type For = 'everybody' | 'participants' | 'bulk' | 'operators';

export interface DirectoryCall {
  readonly door: DirectoryDoor;
  readonly jobs: Jobs;
  readonly reader: Reader;
  /** A part of the path. */
  param(name: string): string;
  query(name: string): string | undefined;
  /** JSON, read by its schema. */
  readonly body: unknown;
  /** The octets of the request, for routes that take a file. */
  readonly octets: ReadableStream<Uint8Array> | null;
}

/** Octets with their type, instead of JSON. */
export interface FileAnswer {
  readonly file: string;
  readonly type: string;
  readonly body: ReadableStream<Uint8Array>;
}

export const isFile = (found: unknown): found is FileAnswer =>
  typeof found === 'object' && found !== null && 'body' in found && 'file' in found && 'type' in found;

export interface DirectoryRoute {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With `{name}` for its parts. */
  readonly path: string;
  readonly summary: string;
  readonly for: For;
  readonly query?: Readonly<Record<string, string>>;
  /** A schema: JSON. `file`: octets of any size up to the limit. */
  readonly body?: z.ZodType | 'file';
  /** `file`: its media type, instead of a schema. */
  readonly answer: {
    readonly status: 200 | 201 | 202 | 204;
    readonly schema?: z.ZodType;
    readonly file?: string;
  };
  /** What it costs of the reader's requests. Default 1. */
  readonly cost?: number;
  /** Gives what the schema describes, or a file. @throws {DirectoryError} */
  readonly serve: (call: DirectoryCall) => unknown;
}

/** A route whose JSON body is read by a schema before it is served. */
export const withJson = <T>(
  route: Omit<DirectoryRoute, 'body' | 'serve'> & {
    readonly body: z.ZodType<T>;
    readonly serve: (call: DirectoryCall, body: T) => unknown;
  },
): DirectoryRoute => ({ ...route, serve: (call) => route.serve(call, call.body as T) });
