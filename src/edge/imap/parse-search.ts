/**
 * The keys of SEARCH (RFC 3501 §6.4.4).
 *
 * @module
 */
import type { SearchKey } from './commands.ts';
import type { Cursor } from './cursor.ts';
import { readDay } from './dates.ts';
import { ImapError } from './error.ts';
import { readSequenceSet } from './sequence.ts';

const MAX_KEYS = 500;
const FLAG_KEYS: Readonly<Record<string, string>> = {
  ANSWERED: '\\Answered',
  DELETED: '\\Deleted',
  DRAFT: '\\Draft',
  FLAGGED: '\\Flagged',
  SEEN: '\\Seen',
};
const HEADER_KEYS = ['BCC', 'CC', 'FROM', 'SUBJECT', 'TO'];

/** A charset that is not one of ours; the answer to it is `NO [BADCHARSET]`. */
export class UnknownCharset extends Error {
  readonly charset: string;
  constructor(charset: string) {
    super(`the charset ${charset} is not known`);
    this.charset = charset;
  }
}

/** Keys to the end of the command. @throws {ImapError} @throws {UnknownCharset} */
export function readSearch(cursor: Cursor): SearchKey {
  if (cursor.take('CHARSET ')) {
    const charset = cursor.astring().toUpperCase();
    cursor.space();
    if (charset !== 'US-ASCII' && charset !== 'UTF-8') throw new UnknownCharset(charset);
  }
  let count = 0;
  const keys = (until: () => boolean): SearchKey => {
    const list = [key()];
    while (!until()) {
      cursor.space();
      list.push(key());
    }
    return list.length === 1 ? list[0]! : { kind: 'and', keys: list };
  };
  const text = (): string => {
    cursor.space();
    return cursor.astringBytes().toString('utf8').toLowerCase();
  };
  const key = (): SearchKey =>
    cursor.deeper(() => {
      if (++count > MAX_KEYS) throw new ImapError('limit', `over ${MAX_KEYS} keys`);
      if (cursor.take('(')) return keys(() => cursor.take(')'));
      if (/[\d*]/.test(cursor.peek())) return { kind: 'numbers', set: readSequenceSet(cursor) };
      const word = cursor.match(/[A-Za-z]+/y, 'a search key').toUpperCase();
      return named(word);
    });
  const named = (word: string): SearchKey => {
    const plain = word.startsWith('UN') ? word.slice(2) : word;
    if (Object.hasOwn(FLAG_KEYS, plain))
      return { kind: 'flag', flag: FLAG_KEYS[plain]!, set: plain === word };
    if (HEADER_KEYS.includes(word)) return { kind: 'header', field: word.toLowerCase(), text: text() };
    switch (word) {
      case 'ALL':
        return { kind: 'all' };
      case 'NEW':
        return { kind: 'new' };
      case 'OLD':
        return { kind: 'old' };
      case 'RECENT':
        return { kind: 'recent' };
      case 'KEYWORD':
      case 'UNKEYWORD':
        cursor.space();
        return { kind: 'flag', flag: cursor.atom(), set: word === 'KEYWORD' };
      case 'BEFORE':
      case 'ON':
      case 'SINCE':
        cursor.space();
        return { kind: lower(word), day: readDay(cursor), of: 'received' };
      case 'SENTBEFORE':
      case 'SENTON':
      case 'SENTSINCE':
        cursor.space();
        return { kind: lower(word.slice(4) as 'BEFORE'), day: readDay(cursor), of: 'sent' };
      case 'LARGER':
      case 'SMALLER':
        cursor.space();
        return { kind: word === 'LARGER' ? 'larger' : 'smaller', octets: cursor.number() };
      case 'HEADER': {
        cursor.space();
        const field = cursor.astring().toLowerCase();
        return { kind: 'header', field, text: text() };
      }
      case 'BODY':
        return { kind: 'body', text: text() };
      case 'TEXT':
        return { kind: 'text', text: text() };
      case 'UID':
        cursor.space();
        return { kind: 'uids', set: readSequenceSet(cursor) };
      case 'NOT':
        cursor.space();
        return { kind: 'not', key: key() };
      case 'OR': {
        cursor.space();
        const first = key();
        cursor.space();
        return { kind: 'or', keys: [first, key()] };
      }
      default:
        throw new ImapError('syntax', `${word} is no search key`);
    }
  };
  return keys(() => cursor.atEnd);
}

const lower = <W extends 'BEFORE' | 'ON' | 'SINCE'>(word: W): Lowercase<W> =>
  word.toLowerCase() as Lowercase<W>;
