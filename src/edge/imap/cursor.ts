/**
 * Reads the words of a command (RFC 3501 §9): atoms, strings, literals, numbers, lists.
 *
 * Octets stand for characters, one each; texts that may be in another alphabet are given as octets.
 *
 * @module
 */
import { ImapError } from './error.ts';
import { decodeFolderName } from './modified-utf7.ts';

export interface Cursor {
  readonly atEnd: boolean;
  /** The next character, '' at the end. */
  peek(): string;
  /** Takes exactly this text, in any case. @throws {ImapError} */
  expect(text: string): void;
  /** Takes the text if it is next. */
  take(text: string): boolean;
  space(): void;
  /** @throws {ImapError} when anything is left */
  end(): void;
  /** What the pattern (sticky, not empty) matches here. @throws {ImapError} `what` was expected */
  match(pattern: RegExp, what: string): string;
  atom(): string;
  number(): number;
  /** Atom, quoted string or literal. */
  astring(): string;
  astringBytes(): Buffer;
  string(): Buffer;
  /** The literal that must be next. */
  literal(): Buffer;
  /** The name of a folder. */
  folderName(): string;
  /** `(` items `)` with one space between. */
  list<T>(item: () => T): T[];
  /** Runs `inner` one level deeper. @throws {ImapError} `limit` */
  deeper<T>(inner: () => T): T;
}

const MAX_DEPTH = 50;
const ATOM = /[^\x00-\x20\x7f-\xff(){%*"\\\]]+/y;
const ASTRING_ATOM = /[^\x00-\x20\x7f-\xff(){%*"\\]+/y;
const NUMBER = /\d{1,10}/y;
const QUOTED = /"((?:[^\r\n"\\\x00]|\\["\\])*)"/y;
const LITERAL = /\{(\d{1,10})\+?\}\r\n/y;

export function createCursor(bytes: Buffer): Cursor {
  const text = bytes.toString('latin1');
  let at = 0;
  let depth = 0;
  const fail = (what: string): never => {
    throw new ImapError('syntax', `expected ${what} at octet ${at + 1}`);
  };
  const run = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) return undefined;
    at += found[0].length;
    return found;
  };
  const cursor: Cursor = {
    get atEnd() {
      return at >= text.length;
    },
    peek: () => text[at] ?? '',
    take(wanted) {
      if (text.slice(at, at + wanted.length).toUpperCase() !== wanted.toUpperCase()) return false;
      at += wanted.length;
      return true;
    },
    expect(wanted) {
      if (!cursor.take(wanted)) fail(JSON.stringify(wanted));
    },
    space: () => cursor.expect(' '),
    end() {
      if (!cursor.atEnd) fail('the end of the command');
    },
    match: (pattern, what) => run(pattern)?.[0] ?? fail(what),
    atom: () => cursor.match(ATOM, 'an atom'),
    number() {
      const value = Number(cursor.match(NUMBER, 'a number'));
      return value <= 0xffffffff ? value : fail('a number of 32 bits');
    },
    literal() {
      const head = run(LITERAL) ?? fail('a literal');
      const octets = Number(head[1]);
      if (at + octets > bytes.length) fail('a whole literal');
      const value = bytes.subarray(at, at + octets);
      at += octets;
      return value;
    },
    string() {
      if (text[at] === '{') return cursor.literal();
      const quoted = run(QUOTED) ?? fail('a string');
      return Buffer.from(quoted[1]!.replace(/\\(.)/g, '$1'), 'latin1');
    },
    astringBytes() {
      if (text[at] === '{' || text[at] === '"') return cursor.string();
      return Buffer.from(cursor.match(ASTRING_ATOM, 'a string'), 'latin1');
    },
    astring() {
      const value = cursor.astringBytes().toString('latin1');
      return value.includes('\0') ? fail('a string without NUL') : value;
    },
    folderName() {
      const name = decodeFolderName(cursor.astring());
      return name.length <= MAX_NAME ? name : fail('a shorter name');
    },
    list(item) {
      cursor.expect('(');
      const items = [item()];
      while (!cursor.take(')')) {
        cursor.space();
        items.push(item());
      }
      return items;
    },
    deeper(inner) {
      if (++depth > MAX_DEPTH) throw new ImapError('limit', `nested deeper than ${MAX_DEPTH}`);
      try {
        return inner();
      } finally {
        depth--;
      }
    },
  };
  return cursor;
}

const MAX_NAME = 500;
