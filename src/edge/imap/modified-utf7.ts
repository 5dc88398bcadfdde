/**
 * Names of folders on the wire: modified UTF-7 (RFC 3501 §5.1.3).
 *
 * @module
 */
import { ImapError } from './error.ts';

/** Any text as printable ASCII. */
export const encodeFolderName = (name: string): string =>
  name
    .toWellFormed()
    .replace(/&/g, '&-')
    .replace(
      /[^\x20-\x7e]+/g,
      (run) => `&${utf16(run).toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`,
    );

/** @throws {ImapError} `syntax` for what no encoder writes */
export function decodeFolderName(text: string): string {
  if (/[^\x20-\x7e]/.test(text)) throw new ImapError('syntax', 'a folder name that is not modified UTF-7');
  const name = text.replace(/&([^-]*)(-?)/g, (_whole, code: string, end: string) => {
    if (end === '') throw new ImapError('syntax', 'a folder name with an open "&"');
    if (code === '') return '&';
    const octets = Buffer.from(code.replaceAll(',', '/'), 'base64');
    if (!/^[A-Za-z0-9+,]+$/.test(code) || octets.length % 2 !== 0) {
      throw new ImapError('syntax', 'a folder name that is not modified UTF-7');
    }
    return octets.swap16().toString('utf16le');
  });
  // one name, one spelling: otherwise two names on the wire would be one folder
  if (encodeFolderName(name) !== text) {
    throw new ImapError('syntax', 'a folder name that is not modified UTF-7 in its one form');
  }
  return name;
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
