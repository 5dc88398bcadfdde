/**
 * Views on octets, without copies.
 *
 * @module
 */
export const LF = 10;
export const CR = 13;
export const CRLF = Buffer.from('\r\n');

/** The same octets as a Buffer, for its fast searches and text slices. */
export const view = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** ASCII text written here; nothing else goes through it, so one octet is one character. */
export const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of header octets: UTF-8 when it is valid UTF-8 (RFC 6532), else each octet its Latin-1 character. */
export function headerText(bytes: Uint8Array): string {
  const buffer = view(bytes);
  const text = buffer.toString('latin1');
  if (!/[\x80-\xff]/.test(text)) return text;
  try {
    return strict.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return text;
    throw error;
  }
}
