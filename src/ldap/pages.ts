/**
 * Answers in pages (RFC 2696): what a connection was given cookies for. A cookie is the number of a page start that is
 * kept here, so nobody can write one that was not given, and it is good for the same search on the same connection.
 *
 * @module
 */
import type { PageStart } from './answer.ts';
import { formatFilter } from './filter.ts';
import type { PagedRequest, SearchRequest } from './requests.ts';

/** Searches that one connection may have open; the oldest is forgotten. */
const MOST = 32;

export interface Pages {
  /** The page that is asked for. `unknown`: the cookie is not one of this search. */
  open(search: SearchRequest, paged: PagedRequest): (PageStart & { readonly size: number }) | 'unknown';
  /** The cookie of what is left; empty when nothing is. */
  keep(search: SearchRequest, next: PageStart | undefined): string;
}

export function createPages(): Pages {
  const kept = new Map<string, { readonly about: string; readonly start: PageStart }>();
  let given = 0;
  return {
    open(search, { size, cookie }) {
      if (cookie === '') return { after: -1, sent: 0, size: size === 0 ? Number.POSITIVE_INFINITY : size };
      const found = kept.get(cookie);
      if (found?.about !== aboutOf(search)) return 'unknown';
      // good once: an answer that is asked for again begins anew
      kept.delete(cookie);
      return { ...found.start, size };
    },
    keep(search, next) {
      if (!next) return '';
      given += 1;
      const cookie = String(given);
      kept.set(cookie, { about: aboutOf(search), start: next });
      if (kept.size > MOST) kept.delete(kept.keys().next().value!);
      return cookie;
    },
  };
}

const aboutOf = ({ base, scope, typesOnly, filter, attributes }: SearchRequest): string =>
  [base, scope, typesOnly, formatFilter(filter), ...attributes].join('\n');
