/**
 * What a reader of contribution files yields, record by record.
 *
 * @module
 */
import type { DirectoryRecord } from '../record.ts';

/** Something wrong, in words: where it is, what was found and what was expected. */
export interface Fault {
  readonly line: number;
  /** Name of the column as the file has it, or a part of the record in other formats. */
  readonly column: string;
  readonly found: string;
  readonly expected: string;
}

export type Item =
  | {
      readonly kind: 'record';
      readonly line: number;
      readonly change: 'put' | 'delete';
      readonly record: DirectoryRecord;
    }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Octets of a file, piece by piece. */
export type Chunks = Iterable<Uint8Array>;

/** Reads a whole file. @throws {DirectoryError} `format` when no record of it can be read */
export type Reader = (chunks: Chunks) => Iterable<Item>;

export const fault = (line: number, column: string, found: string, expected: string): Item => ({
  kind: 'fault',
  fault: { line, column, found: shown(found), expected },
});

/** A value as people see it: control characters as `\u00XX`, at most 200 characters. */
export function shown(value: string): string {
  const cut = value.length > 200 ? `${value.slice(0, 200)}…` : value;
  return cut.replace(
    /[\u0000-\u001f\u007f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
