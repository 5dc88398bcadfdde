/**
 * The text of a master file as entries of tokens (RFC 1035 §5.1): comments, quotes, escapes and parentheses are
 * understood here and nowhere else.
 *
 * @module
 */
import { type MasterError, masterError, type Place } from './error.ts';

export interface Token extends Place {
  /** As written, escapes and all, without the quotes. */
  readonly text: string;
  readonly quoted: boolean;
}

/** One entry: a line, or several in parentheses. */
export interface Entry {
  readonly tokens: readonly Token[];
  /** The line starts with white space: the owner is that of the entry before. */
  readonly indented: boolean;
}

export function readEntries(text: string, file: string): { entries: Entry[]; errors: MasterError[] } {
  const entries: Entry[] = [];
  const errors: MasterError[] = [];
  let tokens: Token[] = [];
  let indented = false;
  let open: Place | undefined;
  let line = 1;
  let lineStart = 0;
  let spoiled = false;
  const place = (at: number): Place => ({ file, line, column: at - lineStart + 1 });
  const finish = () => {
    if (tokens.length > 0 && !spoiled) entries.push({ tokens, indented });
    tokens = [];
    spoiled = false;
  };
  const fail = (at: Place, found: string, expected: string, cure: string) => {
    errors.push(masterError(at, found, expected, cure));
    spoiled = true;
  };

  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '\n') {
      if (!open) finish();
      at++;
      line++;
      lineStart = at;
    } else if (character === ' ' || character === '\t' || character === '\r') {
      if (at === lineStart && !open) indented = true;
      at++;
    } else if (character === ';') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else {
      if (at === lineStart && !open) indented = false;
      if (character === '(') {
        if (open) fail(place(at), 'a second "("', 'no parentheses within parentheses', 'remove one of them');
        else open = place(at);
        at++;
      } else if (character === ')') {
        if (!open)
          fail(place(at), 'a ")" without "("', 'parentheses in pairs', 'remove it, or open one before');
        open = undefined;
        at++;
      } else if (character === '"') {
        const end = closingQuote(text, at + 1);
        if (end < 0) {
          fail(
            place(at),
            'a string without its closing quote',
            'a string within one line',
            'close it with "',
          );
          const next = text.indexOf('\n', at);
          at = next < 0 ? text.length : next;
        } else {
          tokens.push({ ...place(at), text: text.slice(at + 1, end), quoted: true });
          at = end + 1;
        }
      } else {
        const end = wordEnd(text, at);
        tokens.push({ ...place(at), text: text.slice(at, end), quoted: false });
        at = end;
      }
    }
  }
  if (open) fail(open, 'a "(" that is never closed', 'parentheses in pairs', 'close it with ")"');
  finish();
  return { entries, errors };
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !' \t\r\n;()"'.includes(text[at]!)) {
    at += text[at] === '\\' && at + 1 < text.length && text[at + 1] !== '\n' ? 2 : 1;
  }
  return at;
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at++;
  }
  return -1;
}
