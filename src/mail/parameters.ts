/**
 * Fields with parameters: Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183, RFC 2231).
 *
 * @module
 */
import { decodeText } from './charset.ts';
import { decodeWords } from './encoded-words.ts';

export interface Parameterized {
  /** What stands before the first `;`, lower case, without blanks and comments. */
  readonly value: string;
  /** By lower-case name; continuations joined, charsets and encoded words decoded. The first of a name counts. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether something was passed over that is no parameter. */
  readonly odd: boolean;
}

const MAX_PARAMETERS = 100;

/** Reads leniently: quoted or not, in any order, with blanks anywhere, with empty pieces. Never fails. */
export function readParameterized(text: string): Parameterized {
  const pieces = split(text);
  const found = new Map<string, string>();
  let odd = false;
  for (const piece of pieces.slice(1, MAX_PARAMETERS + 1)) {
    const equals = piece.indexOf('=');
    const name = piece.slice(0, Math.max(0, equals)).trim().toLowerCase();
    if (equals < 0 || !/^[!#-'*+\-.0-9A-Z^_a-z|~]+$/.test(name)) {
      odd ||= piece.trim() !== '';
      continue;
    }
    if (!found.has(name)) found.set(name, unquote(piece.slice(equals + 1).trim()));
    else odd = true;
  }
  return { value: (pieces[0] ?? '').replace(/\s+/g, '').toLowerCase(), parameters: join(found), odd };
}

/** Splits at `;` outside quotes, leaving comments out. */
function split(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let comment = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === '\\' && (quoted || comment > 0)) {
      if (quoted) piece += character + (text[i + 1] ?? '');
      i++;
    } else if (character === '"' && comment === 0) {
      quoted = !quoted;
      piece += character;
    } else if (quoted) piece += character;
    else if (character === '(') comment++;
    else if (comment > 0) {
      if (character === ')') comment--;
    } else if (character === ';') {
      pieces.push(piece);
      piece = '';
    } else piece += character;
  }
  pieces.push(piece);
  return pieces;
}

const unquote = (text: string): string =>
  text.startsWith('"')
    ? text.slice(1, text.length > 1 && text.endsWith('"') ? -1 : undefined).replace(/\\(.)/g, '$1')
    : text;

const CONTINUED = /^(.+?)\*(?:(\d{1,3})(\*)?)?$/;

/** Joins `name*0`, `name*1*`, … and decodes `charset'language'percent` (RFC 2231 §3 and §4). */
function join(found: ReadonlyMap<string, string>): Record<string, string> {
  const out: Record<string, string> = Object.create(null) as Record<string, string>;
  const parts = new Map<string, { index: number; encoded: boolean; text: string }[]>();
  for (const [name, text] of found) {
    const match = CONTINUED.exec(name);
    if (!match) out[name] = decodeWords(text);
    else {
      const list = parts.get(match[1]!) ?? [];
      list.push({
        index: Number(match[2] ?? 0),
        encoded: match[2] === undefined || match[3] !== undefined,
        text,
      });
      parts.set(match[1]!, list);
    }
  }
  for (const [name, list] of parts) {
    list.sort((a, b) => a.index - b.index);
    let charset: string | undefined;
    const octets = list.map((part, position) => {
      let text = part.text;
      if (part.encoded && position === 0) {
        const header = /^([^']*)'[^']*'/.exec(text);
        if (header) {
          charset = header[1];
          text = text.slice(header[0].length);
        }
      }
      return part.encoded ? percentDecode(text) : Buffer.from(text, 'utf8');
    });
    out[name] = decodeText(Buffer.concat(octets), charset || 'utf-8').text;
  }
  return out;
}

const percentDecode = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/[^\x00-\xff]/g, '?')
      .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/** A parameter value as written: a token when it can be, else quoted. ASCII only. */
export const quoteParameter = (value: string): string =>
  /^[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+$/.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`;

/** `name=value`, or the extended form of RFC 2231 when the value is not ASCII. */
export function writeParameter(name: string, value: string): string {
  if (/^[\x20-\x7e]*$/.test(value)) return `${name}="${value.replace(/[\\"]/g, '\\$&')}"`;
  const encoded = encodeURIComponent(value.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${name}*=utf-8''${encoded}`;
}
