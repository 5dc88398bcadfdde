/**
 * The items of FETCH (RFC 3501 §6.4.5).
 *
 * @module
 */
import type { FetchItem, Section } from './commands.ts';
import type { Cursor } from './cursor.ts';
import { ImapError } from './error.ts';

const MACROS: Readonly<Record<string, readonly FetchItem[]>> = {
  ALL: [{ kind: 'FLAGS' }, { kind: 'INTERNALDATE' }, { kind: 'RFC822.SIZE' }, { kind: 'ENVELOPE' }],
  FAST: [{ kind: 'FLAGS' }, { kind: 'INTERNALDATE' }, { kind: 'RFC822.SIZE' }],
  FULL: [
    { kind: 'FLAGS' },
    { kind: 'INTERNALDATE' },
    { kind: 'RFC822.SIZE' },
    { kind: 'ENVELOPE' },
    { kind: 'BODY' },
  ],
};

const NAMES = [
  'FLAGS',
  'UID',
  'INTERNALDATE',
  'ENVELOPE',
  'BODYSTRUCTURE',
  'BODY',
  'RFC822.SIZE',
  'RFC822.HEADER',
  'RFC822.TEXT',
  'RFC822',
] as const;

const MAX_ITEMS = 100;
const MAX_FIELDS = 200;
const MAX_PATH = 50;

/** @throws {ImapError} */
export function readFetchItems(cursor: Cursor): readonly FetchItem[] {
  if (cursor.peek() === '(') {
    const items = cursor.list(() => readItem(cursor));
    if (items.length > MAX_ITEMS) throw new ImapError('limit', `over ${MAX_ITEMS} items`);
    return items;
  }
  for (const name of Object.keys(MACROS)) {
    if (cursor.take(name)) {
      cursor.end();
      return MACROS[name]!;
    }
  }
  return [readItem(cursor)];
}

function readItem(cursor: Cursor): FetchItem {
  const word = cursor.match(/[A-Za-z0-9.]+/y, 'an item to fetch').toUpperCase();
  if (cursor.peek() === '[') {
    if (word !== 'BODY' && word !== 'BODY.PEEK') {
      throw new ImapError('syntax', `${word} takes no section`);
    }
    return { kind: 'section', section: readSection(cursor), peek: word === 'BODY.PEEK' };
  }
  const name = NAMES.find((one) => one === word);
  if (!name) throw new ImapError('syntax', `${word} is nothing to fetch`);
  return { kind: name };
}

function readSection(cursor: Cursor): Section {
  cursor.expect('[');
  const path: number[] = [];
  let what: Section['what'] = 'all';
  let fields: string[] = [];
  while (/\d/.test(cursor.peek())) {
    const number = cursor.number();
    if (number === 0) throw new ImapError('syntax', 'numbers of parts begin at 1');
    path.push(number);
    if (path.length > MAX_PATH) throw new ImapError('limit', `over ${MAX_PATH} levels of parts`);
    if (!cursor.take('.')) break;
    if (!/[\dA-Za-z]/.test(cursor.peek())) throw new ImapError('syntax', 'a section that ends with a dot');
  }
  if (cursor.peek() !== ']') {
    const word = cursor.match(/[A-Za-z.]+/y, 'a section').toUpperCase();
    switch (word) {
      case 'MIME':
        if (path.length === 0) throw new ImapError('syntax', 'MIME wants the number of a part');
        what = word;
        break;
      case 'HEADER':
      case 'TEXT':
        what = word;
        break;
      case 'HEADER.FIELDS':
      case 'HEADER.FIELDS.NOT':
        what = word;
        cursor.space();
        fields = cursor.list(() => cursor.astring().toLowerCase());
        if (fields.length > MAX_FIELDS) throw new ImapError('limit', `over ${MAX_FIELDS} fields`);
        break;
      default:
        throw new ImapError('syntax', `${word} is no section`);
    }
  }
  cursor.expect(']');
  const partial = readPartial(cursor);
  return { path, what, fields, ...(partial ? { partial } : {}) };
}

function readPartial(cursor: Cursor): Section['partial'] {
  if (!cursor.take('<')) return undefined;
  const from = cursor.number();
  cursor.expect('.');
  const octets = cursor.number();
  cursor.expect('>');
  if (octets === 0) throw new ImapError('syntax', 'a partial fetch of no octets');
  return { from, octets };
}
