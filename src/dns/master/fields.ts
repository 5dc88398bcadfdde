/**
 * The fields of one entry, read in order, each error at its own place.
 *
 * @module
 */
import { DnsError } from '../error.ts';
import { formatName, joinNames, parseName, readEscape } from '../names.ts';
import type { RdataText } from '../types/type.ts';
import { EntryFailure, masterError, type Place } from './error.ts';
import type { Token } from './tokens.ts';

export interface Fields extends RdataText {
  /** The next token, left where it is. */
  peek(): Token | undefined;
  next(what: string): Token;
  /** Reports whatever is left over. */
  end(what: string): void;
  /** All that is left. */
  rest(): Token[];
  /** The name that a token stands for. */
  nameOf(token: Token, what: string): string;
}

const shown = (token: Token): string => {
  const text = token.text.length > 40 ? `${token.text.slice(0, 40)}…` : token.text;
  return token.quoted ? `the string "${text}"` : `"${text}"`;
};

/** Seconds of `3600`, `1h30m`, `2W`; undefined when it is no time. */
export function readSeconds(text: string): number | undefined {
  if (!/^(?:\d+[smhdw]?)+$/i.test(text)) return undefined;
  let total = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+)([smhdw]?)/gi)) {
    total += Number(digits) * UNITS[(unit || 's').toLowerCase()]!;
  }
  return total;
}
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
export const MAX_SECONDS = 0x7fffffff;

/** @param origin What relative names are completed by; undefined when none was given yet. */
export function readFields(tokens: readonly Token[], end: Place, origin: string | undefined): Fields {
  let at = 0;
  let last: Place = tokens[0] ?? end;
  const fail = (found: string, expected: string, cure: string): never => {
    throw new EntryFailure(masterError(last, found, expected, cure));
  };
  const next = (what: string): Token => {
    const token = tokens[at];
    if (!token) {
      last = end;
      return fail('the end of the entry', what, 'add it, or put an entry of several lines in parentheses');
    }
    at++;
    last = token;
    return token;
  };
  const nameOf = (token: Token, what: string): string => {
    last = token;
    if (token.quoted) return fail(shown(token), what, 'write names without quotes');
    if (token.text === '@')
      return origin ?? fail('"@"', `an origin for the ${what}`, 'write $ORIGIN before it');
    try {
      const name = formatName(parseName(token.text));
      if (/(?:^|[^\\])(?:\\\\)*\.$/.test(token.text)) return name;
      if (origin === undefined)
        return fail(shown(token), `a full ${what} with a dot at its end`, 'or write $ORIGIN first');
      return formatName(parseName(joinNames(name, origin)));
    } catch (error) {
      if (!(error instanceof DnsError)) throw error;
      return fail(shown(token), what, error.message);
    }
  };
  const whole = (token: Token, what: string, most: number): number => {
    const value = /^\d{1,10}$/.test(token.text) && !token.quoted ? Number(token.text) : -1;
    if (value < 0 || value > most)
      fail(shown(token), `a number from 0 to ${most} (${what})`, 'write it in decimal');
    return value;
  };
  const octetsOf = (token: Token, what: string): Uint8Array => {
    const octets: number[] = [];
    for (let i = 0; i < token.text.length; ) {
      if (token.text[i] === '\\') {
        try {
          const { octet, length } = readEscape(token.text, i);
          octets.push(octet);
          i += length;
        } catch (error) {
          if (!(error instanceof DnsError)) throw error;
          fail(shown(token), what, error.message);
        }
      } else {
        const character = String.fromCodePoint(token.text.codePointAt(i)!);
        octets.push(...Buffer.from(character, 'utf8'));
        i += character.length;
      }
    }
    if (octets.length > 255)
      fail(`a string of ${octets.length} octets`, 'at most 255', 'split it into several strings');
    return Uint8Array.from(octets);
  };
  const rest = (): Token[] => {
    const left = tokens.slice(at);
    at = tokens.length;
    last = left[0] ?? end;
    return left;
  };
  return {
    peek: () => tokens[at],
    next,
    rest,
    fail,
    nameOf,
    end(what) {
      const token = tokens[at];
      if (!token) return;
      last = token;
      fail(shown(token), `the end of the ${what}`, 'remove it, or put it on a line of its own');
    },
    name: (what) => nameOf(next(what), what),
    word(what) {
      const token = next(what);
      if (token.quoted) fail(shown(token), what, 'write it without quotes');
      return token.text;
    },
    number: (what, bits) => whole(next(what), what, 2 ** bits - 1),
    seconds(what) {
      const token = next(what);
      const value = token.quoted ? undefined : readSeconds(token.text);
      if (value === undefined || value > MAX_SECONDS) {
        return fail(
          shown(token),
          `a time (${what})`,
          'write seconds, or units as 1h30m, at most 2147483647 s',
        );
      }
      return value;
    },
    mnemonic(what, table, bits) {
      const token = next(what);
      const known = token.quoted ? undefined : table[token.text.toUpperCase()];
      if (known !== undefined) return known;
      if (/^\d/.test(token.text)) return whole(token, what, 2 ** bits - 1);
      return fail(shown(token), `a number or one of ${Object.keys(table).join(' ')} (${what})`, 'correct it');
    },
    strings(what) {
      const first = next(what);
      return [first, ...rest()].map((token) => {
        last = token;
        return octetsOf(token, what);
      });
    },
    base64(what) {
      const first = next(what);
      const pieces = [first, ...rest()];
      for (const token of pieces) {
        last = token;
        if (token.quoted || !/^[A-Za-z0-9+/]*={0,2}$/.test(token.text)) {
          fail(shown(token), `base64 (${what})`, 'write letters, digits, + and / with = at the end');
        }
      }
      const text = pieces.map((token) => token.text).join('');
      last = first;
      if (text.length % 4 !== 0 || /=[^=]/.test(text)) {
        fail(
          `base64 of ${text.length} characters`,
          'a multiple of four, padded with =',
          'look for a piece that got lost',
        );
      }
      return new Uint8Array(Buffer.from(text, 'base64'));
    },
  };
}
