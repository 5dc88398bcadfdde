/**
 * Who reads the directory, and what that reader may see (directory §5.5). Every face, whether LDAP, FHIR, REST or a page,
 * asks `visibleTo` (or `visibleRows`, the same for the database) and nothing else.
 *
 * @module
 */
import { type Condition, seenBy, visibilityOf } from './choices.ts';
import { type Directory, findContributor } from './directory.ts';
import type { Entry } from './entries.ts';
import { DirectoryError } from './error.ts';
import { findKey } from './keys.ts';

export type Reader =
  /** Nobody that we know. `peer`: the address that asks. */
  | { readonly kind: 'public'; readonly peer: string }
  /** A HISP's key, or a signed-in member of a participating HISP. `id`: the contributor. */
  | { readonly kind: 'participant'; readonly id: string; readonly name: string; readonly bulk: boolean }
  | { readonly kind: 'operator'; readonly name: string };

/** Says of an entry whether the reader may see it. Operators see everything. */
export function visibleTo(directory: Directory, reader: Reader): (entry: Entry) => boolean {
  if (reader.kind === 'operator') return () => true;
  const visibility = visibilityOf(directory);
  return reader.kind === 'participant'
    ? (entry) => visibility(entry) !== 'never'
    : (entry) => visibility(entry) === 'public';
}

/** The same as a condition on the `r`, `e`, `o` and `c` of `SELECT_ENTRY`. */
export function visibleRows(directory: Directory, reader: Reader): Condition {
  if (reader.kind === 'operator') return { sql: '1', values: [] };
  return seenBy(directory, reader.kind === 'participant' ? 'participants' : 'public');
}

/** Whether the reader may take the directory as a whole. */
export const mayTakeAll = (reader: Reader): boolean =>
  reader.kind === 'operator' || (reader.kind === 'participant' && reader.bulk);

/** How far a reader gets with one search. */
export interface Reach {
  /** Results of one page, at most. */
  readonly page: number;
  /** Results of all pages together, at most. */
  readonly depth: number;
  /** Whether a search without any criterion is answered. */
  readonly listing: boolean;
}

/** Whoever may not take all of it must not be able to page through it either. */
export function reachOf(reader: Reader): Reach {
  if (mayTakeAll(reader)) return { page: 1000, depth: Number.POSITIVE_INFINITY, listing: true };
  return reader.kind === 'participant'
    ? { page: 1000, depth: 1000, listing: false }
    : { page: 20, depth: 60, listing: false };
}

/** @throws {DirectoryError} `not-allowed` */
export function mustTakeAll(reader: Reader): void {
  if (mayTakeAll(reader)) return;
  throw new DirectoryError('not-allowed', 'the directory as a whole is given only with the right "bulk"', {
    hint: 'An operator gives it: anchorage directory key add <hisp> --bulk.',
  });
}

/**
 * Who shows this key; undefined when nobody has it, or it was revoked.
 *
 * @param id what the reader calls itself, where a face asks for a name too: it must be the key's HISP
 */
export function readerOf(directory: Directory, key: string, id?: string): Reader | undefined {
  const found = findKey(directory, key);
  if (!found || (id !== undefined && id.toLowerCase() !== found.hisp)) return undefined;
  if (!findContributor(directory, found.hisp)) return undefined;
  return { kind: 'participant', id: found.hisp, name: found.label, bulk: found.bulk };
}
