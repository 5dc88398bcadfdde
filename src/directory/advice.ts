/**
 * What to say to somebody who searched and found nothing: what the text looks like, what is wrong with it, and what
 * would be found instead.
 *
 * @module
 */
import { nearest } from '../outcome/nearest.ts';
import { EMAIL, HOST_NAME } from './address-form.ts';
import type { Directory } from './directory.ts';
import { isNpi, npiCheckDigit } from './npi.ts';
import { type SearchOptions, search, wordsOf } from './search.ts';

export type Advice =
  /** `right`: with the check digit that the first nine digits have. */
  | { readonly kind: 'npi-check-digit'; readonly npi: string; readonly right: string }
  | { readonly kind: 'npi-first-digit'; readonly npi: string }
  | { readonly kind: 'npi-length'; readonly digits: number }
  | { readonly kind: 'npi-unknown'; readonly npi: string }
  /** Discovery can tell whether it exists. */
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'malformed-address'; readonly text: string }
  | { readonly kind: 'domain'; readonly domain: string }
  /** A text that finds something. */
  | { readonly kind: 'spelling'; readonly text: string }
  /** Without the filters something is found. */
  | { readonly kind: 'filters' };

/** @param options as they were searched with */
export function adviceFor(directory: Directory, query: string, options: SearchOptions): Advice[] {
  const text = query.trim().slice(0, 200);
  const bare = text.replace(/^mailto:/i, '');
  const digits = text.replaceAll(/[\s-]/g, '');
  const form = formAdvice(bare, digits);
  if (form.length > 0) return form;
  const unfiltered: SearchOptions = {
    limit: 1,
    ...(options.allowed ? { allowed: options.allowed } : {}),
    ...(options.where ? { where: options.where } : {}),
  };
  const filtered = (['state', 'hisp', 'type', 'specialty', 'domain', 'verified'] as const).some(
    (name) => options[name] !== undefined,
  );
  if (filtered && text !== '' && search(directory, text, unfiltered).hits.length > 0)
    return [{ kind: 'filters' }];
  const other = spelledOtherwise(directory, text, unfiltered);
  return other === undefined ? [] : [{ kind: 'spelling', text: other }];
}

function formAdvice(text: string, digits: string): Advice[] {
  if (text.includes('@')) {
    const address = text.toLowerCase();
    return EMAIL.test(address) ? [{ kind: 'address', address }] : [{ kind: 'malformed-address', text }];
  }
  if (/^\d{8,12}$/.test(digits)) {
    if (digits.length !== 10) return [{ kind: 'npi-length', digits: digits.length }];
    if (isNpi(digits)) return [{ kind: 'npi-unknown', npi: digits }];
    if (!/^[12]/.test(digits)) return [{ kind: 'npi-first-digit', npi: digits }];
    const nine = digits.slice(0, 9);
    return [{ kind: 'npi-check-digit', npi: digits, right: `${nine}${npiCheckDigit(nine)}` }];
  }
  return HOST_NAME.test(text) ? [{ kind: 'domain', domain: text.toLowerCase() }] : [];
}

/** Words of the index that a word is held against. */
const LOOKED = 4000;

/**
 * The text with each word that nothing has in place of the nearest one that something has. Only what the reader finds
 * is told: a word of an entry that may not be shown is no advice.
 */
function spelledOtherwise(directory: Directory, text: string, options: SearchOptions): string | undefined {
  const words = wordsOf(text);
  if (words.length === 0 || words.length > 6) return undefined;
  const finds = (tried: string): boolean => search(directory, tried, options).hits.length > 0;
  const changed = words.map((word) => {
    if (word.length < 4 || finds(word)) return word;
    return nearest(word, vocabulary(directory, word.slice(0, 2))) ?? word;
  });
  const tried = changed.join(' ');
  return tried !== words.join(' ') && finds(tried) ? tried : undefined;
}

/** Words of the index that begin so; those made for filters are none. */
function vocabulary({ handle }: Directory, start: string): string[] {
  handle.exec(
    `create virtual table if not exists temp.directory_vocabulary using fts5vocab('main', 'directory_words', 'row')`,
  );
  return handle
    .prepare('select term from temp.directory_vocabulary where term >= ? and term < ? limit ?')
    .all(start, `${start}\u{10ffff}`, LOOKED)
    .map((row) => String(row['term']))
    .filter((term) => !/^x(state|hisp|type|specialty|domain)/.test(term) && !/^\d+$/.test(term));
}
