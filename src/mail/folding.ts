/**
 * Header fields as written: ASCII, CRLF, folded at 78 columns (RFC 5322 §2.1.1, §2.2.3).
 *
 * @module
 */
import type { Address } from './address.ts';
import { parseAddress } from './address.ts';
import { encodeWords } from './encoded-words.ts';
import { MailError } from './error.ts';

const WIDTH = 78;
const MAX_LINE = 998;

/**
 * One field with its line end. Lines break before blanks only, so a long word may stand out.
 *
 * @throws {MailError} `compose` when the value is not printable ASCII (a line break in it would begin another field)
 *   or holds a word that no line may carry
 */
export function field(name: string, value: string): string {
  if (!/^[\x21-\x39\x3b-\x7e]+$/.test(name))
    throw new MailError('compose', `${JSON.stringify(name)} is no field name`);
  if (!/^[\x20-\x7e\t]*$/.test(value))
    throw new MailError('compose', `${name}: the value is not printable ASCII`);
  if (value === '') return `${name}:\r\n`;
  if (name.length + 2 + value.length <= WIDTH) return `${name}: ${value}\r\n`;
  const lines: string[] = [];
  let line = `${name}:`;
  for (const [piece] of ` ${value}`.matchAll(/[ \t]+[^ \t]*/g)) {
    // A line of the name alone or of blanks alone is not always read as folded.
    if (line.length + piece.length > WIDTH && line.trim() !== `${name}:` && /[^ \t]/.test(piece)) {
      lines.push(line);
      line = piece;
    } else line += piece;
    if (line.length > MAX_LINE) throw new MailError('compose', `${name}: a word over ${MAX_LINE} octets`);
  }
  return `${[...lines, line].join('\r\n')}\r\n`;
}

/** A field of free text in any alphabet: Subject, Comments. @throws {MailError} `compose` on control characters */
export function textField(name: string, text: string): string {
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(text)) throw new MailError('compose', `${name}: control characters`);
  return field(name, encodeWords(text));
}

/** `Name <local@domain>` or `local@domain`. @throws {MailError} `compose` when the text is not one address */
export function writeAddress(address: Address | string): string {
  const read = typeof address === 'string' ? parseAddress(address) : address;
  if (!read) throw new MailError('compose', `${JSON.stringify(address)} is not one mail address`);
  if (!read.name) return read.address;
  const plain = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]+$/.test(read.name) && !read.name.includes('=?');
  const ascii = /^[\x20-\x7e]*$/.test(read.name) && !read.name.includes('=?');
  const name = plain
    ? read.name
    : ascii
      ? `"${read.name.replace(/[\\"]/g, '\\$&')}"`
      : encodeWords(read.name.replace(/[\x00-\x1f\x7f]/g, ' '));
  return `${name} <${read.address}>`;
}

/** A field of addresses. @throws {MailError} `compose` */
export const addressField = (name: string, addresses: readonly (Address | string)[]): string =>
  field(name, addresses.map(writeAddress).join(', '));

/** @throws {MailError} `compose` when the boundary could not stand in a message as it is (RFC 2046 §5.1.1) */
export function checkBoundary(boundary: string): string {
  if (!/^[0-9A-Za-z'()+_,\-./:=?]{1,70}$/.test(boundary)) {
    throw new MailError('compose', `${JSON.stringify(boundary)} is no boundary`);
  }
  return boundary;
}
