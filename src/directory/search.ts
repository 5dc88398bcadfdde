/**
 * One search box: names, NPI, cities, domains and addresses. Exact addresses come first, then NPI, then names, then
 * all else; in each of them what nobody vouches for now comes last (directory §5.10).
 *
 * @module
 */
import type { SqlRow } from '../store/handle.ts';
import type { Condition } from './choices.ts';
import { AT_REVISION, currentRevision, type Directory } from './directory.ts';
import { type Entry, entryOf, lookUp, SELECT_ENTRY } from './entries.ts';
import { COLUMNS, type Column } from './record.ts';
import { facet, kindOf } from './write/words.ts';

export interface SearchFilters {
  /** Code of a state. */
  readonly state?: string;
  /** Name of a HISP. */
  readonly hisp?: string;
  /** person, organisation, department, device. */
  readonly type?: string;
  /** NUCC code. */
  readonly specialty?: string;
  /** Domain of the address. */
  readonly domain?: string;
  /** Whether our own discovery found a usable certificate the last time. */
  readonly verified?: boolean;
}

export interface SearchOptions extends SearchFilters {
  /** Default 25, at most 100. */
  readonly limit?: number;
  /** Results to leave out, for the next page; at most 1,000. */
  readonly offset?: number;
  /** What may be shown; default everything. */
  readonly allowed?: (entry: Entry) => boolean;
  /** The same for the database, so that what may not be shown does not use up what is looked at. */
  readonly where?: Condition;
}

export type Why = 'address' | 'npi' | 'name' | 'other';

export interface Hit {
  readonly entry: Entry;
  /** What matched, the best first. */
  readonly why: Why;
  /** Where words of the query stand: column, and begin and end in its value. */
  readonly matches: readonly { readonly column: Column; readonly from: number; readonly to: number }[];
}

export interface SearchResult {
  readonly hits: readonly Hit[];
  /** There are more than were asked for. */
  readonly more: boolean;
  /** So many entries have these words that not all of them were looked at. */
  readonly incomplete: boolean;
  /** Words that were searched for, without marks and in lower case. */
  readonly words: readonly string[];
}

/** Entries that are looked at for one kind of match. */
const CANDIDATES = 400;
/** Entries of the index that are looked at for as many; the rest may not be shown, or does not pass the filters. */
const SCANNED = 5000;
const PORTION = 500;
const MAX_OFFSET = 1000;

export function search(directory: Directory, query: string, options: SearchOptions = {}): SearchResult {
  const limit = Math.min(Math.max(1, options.limit ?? 25), 100);
  const offset = Math.min(Math.max(0, options.offset ?? 0), MAX_OFFSET);
  const wanted = offset + limit + 1;
  const text = query.trim().slice(0, 200);
  const words = wordsOf(text);
  const found = new Map<number, { entry: Entry; why: Why }>();
  const seen = { incomplete: false };
  const take = (entries: readonly Entry[], why: Why): void => {
    const fresh = entries.filter((entry) => !found.has(entry.n) && (options.allowed?.(entry) ?? true));
    // what is active first; the order is else as it came
    for (const active of [true, false]) {
      for (const entry of fresh) if (entry.active === active) found.set(entry.n, { entry, why });
    }
  };
  const bare = text.replace(/^mailto:/i, '');
  const [local, domain] = /^\S+@\S+$/.test(bare)
    ? cut(bare)
    : [undefined, DOMAIN.test(bare) ? bare : undefined];
  // a domain is one word of its own: its labels stand in too many entries to be looked for one by one
  const looked = local === undefined ? (domain === undefined ? words : []) : wordsOf(local);
  const facets = facetsOf(directory, options);
  if (facets !== undefined) {
    if (local !== undefined) take(matching(lookUp(directory, bare), options), 'address');
    if (/^\d{10}$/.test(text)) take(matching(byNpi(directory, text), options), 'npi');
    const exact = found.size > 0;
    const within = domain === undefined ? facets : [...facets, facet('domain', domain)];
    const room = CANDIDATES + offset;
    if (!exact && looked.length > 0 && domain === undefined) {
      take(byWords(directory, `{name} : (${terms(looked)})`, within, room, options, seen), 'name');
    }
    if (!exact && found.size < wanted && (looked.length > 0 || within.length > 0)) {
      const query = looked.length > 0 ? `{name place address} : (${terms(looked)})` : '';
      take(byWords(directory, query, within, room, options, seen), 'other');
    }
    // a part of a domain
    if (found.size === 0 && domain !== undefined && local === undefined) {
      take(byWords(directory, `{address} : (${terms(words)})`, facets, room, options, seen), 'other');
    }
  }
  const all = [...found.values()];
  return {
    hits: all
      .slice(offset, offset + limit)
      .map(({ entry, why }) => ({ entry, why, matches: highlights(entry, text, words) })),
    more: all.length > offset + limit,
    incomplete: seen.incomplete,
    words,
  };
}

const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

const cut = (address: string): readonly [string, string] => {
  const at = address.lastIndexOf('@');
  return [address.slice(0, at), address.slice(at + 1)];
};

/** As the index folds them: letters and digits, without marks, in lower case. */
export const wordsOf = (text: string): string[] => (fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, 12);

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase();

/** All words; the last one may be the beginning of one. */
const terms = (words: readonly string[]): string =>
  words.map((word, i) => (i === words.length - 1 && word.length >= 3 ? `"${word}"*` : `"${word}"`)).join(' ');

/** The words of the filters; undefined when nothing can match. */
function facetsOf({ handle, tenant }: Directory, filters: SearchFilters): string[] | undefined {
  const found: string[] = [];
  if (filters.state) found.push(facet('state', filters.state));
  if (filters.type) found.push(facet('type', filters.type));
  if (filters.specialty) found.push(facet('specialty', filters.specialty));
  if (filters.domain) found.push(facet('domain', filters.domain));
  if (filters.hisp) {
    const row = handle
      .prepare('select n from directory_operator where tenant = ? and name = ?')
      .get(tenant, filters.hisp);
    if (!row) return undefined;
    found.push(facet('hisp', Number(row['n'])));
  }
  return found;
}

function byWords(
  directory: Directory,
  query: string,
  facets: readonly string[],
  room: number,
  { where, verified }: SearchOptions,
  seen: { incomplete: boolean },
): Entry[] {
  const { handle, tenant } = directory;
  const revision = currentRevision(directory);
  const filter = facets.length > 0 ? `{facet} : (${facets.join(' ')})` : '';
  const asked = [query, filter].filter((part) => part !== '').join(' AND ');
  const ids = handle
    .prepare('select rowid as n from directory_words where directory_words match ? limit ?')
    .all(asked, SCANNED)
    .map((row) => Number(row['n']));
  const known = verified === undefined ? '' : ` and ${verified ? VERIFIED : `not (${VERIFIED})`}`;
  const portion = handle.prepare(
    `${SELECT_ENTRY} where r.n in (select value from json_each(?)) and r.tenant = ? and ${AT_REVISION}${known} and (${where?.sql ?? '1'}) limit ?`,
  );
  const found: Entry[] = [];
  for (let from = 0; from < ids.length; from += PORTION) {
    const some = JSON.stringify(ids.slice(from, from + PORTION));
    const rows = portion.all(some, tenant, revision, revision, ...(where?.values ?? []), room - found.length);
    for (const row of rows) found.push(entryOf(row));
    if (found.length >= room) return found;
  }
  if (ids.length === SCANNED) seen.incomplete = true;
  return found;
}

const VERIFIED = "coalesce(e.outcome, '') = 'verified'";

function byNpi(directory: Directory, npi: string): Entry[] {
  const revision = currentRevision(directory);
  const found = new Map<number, SqlRow>();
  for (const condition of [
    `r.practitioner in (select n from directory_practitioner where prov_npi = ? and prov_npi <> '')`,
    `r.organization in (select n from directory_organization where org_npi = ? and org_npi <> '')`,
  ]) {
    const rows = directory.handle
      .prepare(`${SELECT_ENTRY} where ${condition} and r.tenant = ? and ${AT_REVISION} limit ${CANDIDATES}`)
      .all(npi, directory.tenant, revision, revision);
    for (const row of rows) found.set(Number(row['n']), row);
  }
  return [...found.values()].map(entryOf);
}

/** What the filters leave of entries that were not found by words. */
const matching = (entries: readonly Entry[], filters: SearchFilters): Entry[] =>
  entries.filter(
    ({ record, verification }) =>
      same(filters.state, record.ORG_STATE) &&
      same(filters.hisp, record.HISP_OPERATOR) &&
      same(filters.type, kindOf(record)) &&
      same(filters.specialty, record.PROV_SPECIALTY) &&
      (filters.verified === undefined || (verification === 'verified') === filters.verified) &&
      (filters.domain === undefined || record.DIRECT_ADDRESS.endsWith(`@${filters.domain.toLowerCase()}`)),
  );

const same = (wanted: string | undefined, value: string): boolean =>
  wanted === undefined || wanted.toLowerCase() === value.toLowerCase();

function highlights(entry: Entry, text: string, words: readonly string[]): Hit['matches'] {
  const wholes = [text.toLowerCase().replace(/^mailto:/, ''), ...words].filter((word) => word.length > 0);
  return COLUMNS.flatMap((column) => {
    const value = entry.record[column];
    if (value === '') return [];
    const plain = fold(value);
    // marks that are letters of their own would shift the places
    if (plain.length !== value.length) return [];
    const spans = wholes.flatMap((word) => {
      const at = plain.search(new RegExp(`(?<![\\p{L}\\p{N}])${escaped(word)}`, 'u'));
      return at < 0 ? [] : [{ column, from: at, to: at + word.length }];
    });
    return merged(spans);
  });
}

const escaped = (word: string): string => word.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

function merged(spans: readonly Hit['matches'][number][]): Hit['matches'][number][] {
  const out: Hit['matches'][number][] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = out.at(-1);
    if (last && span.from <= last.to) out[out.length - 1] = { ...last, to: Math.max(last.to, span.to) };
    else out.push(span);
  }
  return out;
}
