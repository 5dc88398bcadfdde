/**
 * Forms as browsers post them: read by the same schemas as the HTTP API, told in words when they do not fit.
 *
 * @module
 */
import type { Context } from 'hono';
import type { z } from 'zod';
import { TenancyError } from '../../src/hisp/tenancy/actor.ts';
import { plainIssue } from '../../src/hisp/tenancy/input.ts';

/** The fields of a form; of several with one name, each. */
export interface Form {
  /** Trimmed; empty when it is not there. */
  text(name: string): string;
  /** As it was typed: passwords. */
  exact(name: string): string;
  /** Every value under this name. */
  all(name: string): readonly string[];
  files(name: string): readonly File[];
  checked(name: string): boolean;
  /** Null for an empty field. */
  optional(name: string): string | null;
}

export async function readForm(c: Context): Promise<Form> {
  const body = await c.req.parseBody({ all: true });
  const values = (name: string) => [body[name] ?? []].flat();
  const strings = (name: string) => values(name).filter((value) => typeof value === 'string');
  return {
    text: (name) => strings(name)[0]?.trim() ?? '',
    exact: (name) => strings(name)[0] ?? '',
    all: strings,
    files: (name) => values(name).filter((value): value is File => value instanceof File && value.size > 0),
    checked: (name) => strings(name).length > 0,
    optional: (name) => strings(name)[0]?.trim() || null,
  };
}

/** Whole numbers of a field; null for an empty one, the text itself when it is none (the schema says so then). */
export const numberOf = (text: string | null): number | string | null =>
  text === null || text === '' ? null : /^\d{1,9}$/.test(text) ? Number(text) : text;

/** Addresses, one or several, with blanks or commas between. */
export const listOf = (text: string): string[] => text.split(/[\s,;]+/).filter((one) => one !== '');

/** @throws {TenancyError} `invalid`, in words */
export function fitting<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new TenancyError('invalid', problemsOf(read.error));
}

/** `address: expected a Direct address, such as …` for each field that does not fit, in one line. */
export const problemsOf = (error: z.ZodError): string =>
  error.issues
    .map(({ path, message }) =>
      [...(path.length > 0 ? [path.join('.')] : []), plainIssue(message)].join(': '),
    )
    .join('; ');
