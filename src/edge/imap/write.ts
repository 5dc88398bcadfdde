/**
 * Values as responses have them (RFC 3501 §4). Text here is octets, one character each.
 *
 * @module
 */
import { encodeFolderName } from './modified-utf7.ts';

/** Octets of a response, in order. */
export type Chunk = string | Uint8Array;

/** A string: quoted when it can be, else a literal of UTF-8. */
export function string(text: string): string {
  if (/^[\x20-\x7e]{0,1000}$/.test(text)) return `"${text.replace(/[\\"]/g, '\\$&')}"`;
  const octets = Buffer.from(text.replaceAll('\0', ''), 'utf8');
  return `{${octets.length}}\r\n${octets.toString('latin1')}`;
}

export const nstring = (text: string | undefined): string => (text === undefined ? 'NIL' : string(text));

/** Octets as they are. */
export const literal = (bytes: Uint8Array): Chunk[] => [`{${bytes.length}}\r\n`, bytes];

/** The name of a folder. */
export const folderString = (name: string): string => string(encodeFolderName(name));

/** `(\Seen urgent)` */
export const flagsText = (flags: readonly string[]): string => `(${flags.join(' ')})`;

/** Text of people in one line of a response. */
export const oneLine = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');
