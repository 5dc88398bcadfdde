/**
 * Text of other alphabets in header fields (RFC 2047).
 *
 * @module
 */
import { decodeBase64 } from './base64.ts';
import { decodeText } from './charset.ts';
import { MailError } from './error.ts';
import { ascii } from './octets.ts';
import { decodeQuotedPrintable } from './quoted-printable.ts';

const WORD = /=\?([^\s?*]{1,40})(?:\*[^\s?]{0,20})?\?([bBqQ])\?([^?\r\n]{0,2000})\?=/g;

interface Run {
  charset: string;
  readonly parts: Uint8Array[];
}

/**
 * The text for people. Neighbouring words of one charset are joined before decoding, for senders that cut inside a
 * character. What is not a valid encoded word stays as it is.
 */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return value;
  let out = '';
  let last = 0;
  let run: Run | undefined;
  const flush = (): void => {
    if (run) out += decodeText(Buffer.concat(run.parts), run.charset).text;
    run = undefined;
  };
  for (const match of value.matchAll(WORD)) {
    const between = value.slice(last, match.index);
    const charset = match[1]!.toLowerCase();
    const octets = decodeWord(match[2]!, match[3]!);
    if (!octets) continue;
    if (!run || between.trim() !== '' || run.charset !== charset) {
      const joined = run !== undefined && between.trim() === '';
      flush();
      if (!joined) out += between;
      run = { charset, parts: [] };
    }
    run.parts.push(octets);
    last = match.index + match[0].length;
  }
  flush();
  return out + value.slice(last);
}

function decodeWord(encoding: string, text: string): Uint8Array | undefined {
  if (encoding.toLowerCase() === 'q') return decodeQuotedPrintable(ascii(text.replaceAll('_', '=20'))).bytes;
  try {
    return decodeBase64(ascii(text)).bytes;
  } catch (error) {
    if (error instanceof MailError) return undefined;
    throw error;
  }
}

/** Octets that one `=?utf-8?B?…?=` carries: it fits on a line behind a short field name. */
const WORD_OCTETS = 39;

/** Text as it may stand in an unstructured field or a display name: itself when ASCII, else words of UTF-8. */
export function encodeWords(text: string): string {
  if (/^[\x20-\x7e\t]*$/.test(text) && !text.includes('=?')) return text;
  const words: string[] = [];
  let chunk = '';
  let length = 0;
  const flush = (): void => {
    if (chunk) words.push(`=?utf-8?B?${Buffer.from(chunk, 'utf8').toString('base64')}?=`);
    chunk = '';
    length = 0;
  };
  for (const character of text) {
    const size = Buffer.byteLength(character, 'utf8');
    if (length + size > WORD_OCTETS) flush();
    chunk += character;
    length += size;
  }
  flush();
  return words.join(' ');
}
