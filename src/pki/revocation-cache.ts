/**
 * Genuine revocation lists, by URL and issuer, kept until they run out and one day at most; the last good one stays,
 * to be told about when a new one cannot be had (wire-facts §10).
 *
 * @module
 */
import type { Crl } from './crl.ts';

export interface CachedList {
  readonly crl: Crl;
  /** ms since 1970 UTC: from then on a new one is fetched. */
  readonly until: number;
}

export interface RevocationCache {
  readonly get: (url: string, issuer: string) => CachedList | undefined;
  /** Keeps a list whose signature was verified for this issuer. @param at ms since 1970 UTC */
  readonly put: (url: string, issuer: string, crl: Crl, at: number) => void;
  /** Runs `fetch`, unless the same URL is being fetched: then waits for that. */
  readonly once: <T>(url: string, fetch: () => Promise<T>) => Promise<T>;
  /** Forgets every list. */
  readonly clear: () => void;
}

const DAY = 86_400_000;

/** @param limits how many lists, and octets of lists, are kept; the least recently used goes first */
export function createRevocationCache(
  limits: { readonly lists?: number; readonly octets?: number } = {},
): RevocationCache {
  const most = { lists: limits.lists ?? 500, octets: limits.octets ?? 128 * 1024 * 1024 };
  const lists = new Map<string, CachedList>();
  const running = new Map<string, Promise<unknown>>();
  let octets = 0;
  const drop = (id: string): void => {
    octets -= lists.get(id)?.crl.der.length ?? 0;
    lists.delete(id);
  };
  return {
    get(url, issuer) {
      const id = `${issuer} ${url}`;
      const found = lists.get(id);
      if (found) {
        lists.delete(id);
        lists.set(id, found);
      }
      return found;
    },
    put(url, issuer, crl, at) {
      const id = `${issuer} ${url}`;
      drop(id);
      if (crl.der.length > most.octets) return;
      lists.set(id, { crl, until: Math.min(crl.nextUpdate ?? crl.thisUpdate + DAY, at + DAY) });
      octets += crl.der.length;
      while (lists.size > most.lists || octets > most.octets) drop(lists.keys().next().value!);
    },
    once<T>(url: string, fetch: () => Promise<T>): Promise<T> {
      const known = running.get(url);
      if (known) return known as Promise<T>;
      const started = fetch().finally(() => running.delete(url));
      running.set(url, started);
      return started;
    },
    clear() {
      lists.clear();
      octets = 0;
    },
  };
}
