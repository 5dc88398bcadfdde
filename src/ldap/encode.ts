/**
 * Answers as octets (RFC 4511 §4.1.9, §4.5.2, §4.12).
 *
 * @module
 */
import { encode } from '../asn1/write.ts';
import { BER } from './ber-cursor.ts';
import type { LdapEntry } from './entries.ts';
import { NOTICE_OF_DISCONNECTION, PAGED_RESULTS, RESULT } from './result.ts';

const octets = (value: string | Uint8Array): Uint8Array =>
  encode(BER.octetString, typeof value === 'string' ? Buffer.from(value, 'utf8') : value);

const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** SearchResultEntry, without the message around it. Written into one piece: there are many, and each has many parts. */
export function encodeEntry(entry: LdapEntry): Buffer {
  const attributes = Object.entries(entry.attributes);
  const sizes: number[] = [];
  let list = 0;
  for (const [name, values] of attributes) {
    let set = 0;
    for (const value of values) set += whole(sizeOf(value));
    const content = whole(sizeOf(name)) + whole(set);
    sizes.push(content, set);
    list += whole(content);
  }
  const content = whole(sizeOf(entry.dn)) + whole(list);
  const out = Buffer.allocUnsafe(whole(content));
  let at = writeHead(out, 0, 0x64, content);
  at = writeOctets(out, at, entry.dn);
  at = writeHead(out, at, BER.sequence, list);
  let next = 0;
  for (const [name, values] of attributes) {
    at = writeHead(out, at, BER.sequence, sizes[next++]!);
    at = writeOctets(out, at, name);
    at = writeHead(out, at, BER.set, sizes[next++]!);
    for (const value of values) at = writeOctets(out, at, value);
  }
  return out;
}

const sizeOf = (value: string | Uint8Array): number =>
  typeof value === 'string' ? Buffer.byteLength(value) : value.length;

/** Octets of a value with its identifier and length. */
const whole = (content: number): number => 1 + lengthSize(content) + content;

function writeHead(out: Buffer, at: number, tag: number, content: number): number {
  out[at] = tag;
  return writeLength(out, at + 1, content);
}

function writeOctets(out: Buffer, at: number, value: string | Uint8Array): number {
  const start = writeHead(out, at, BER.octetString, sizeOf(value));
  if (typeof value === 'string') return start + out.write(value, start);
  out.set(value, start);
  return start + value.length;
}

/** SearchResultReference with one URI. */
export const encodeReference = (uri: string): Buffer => buffer(encode(0x73, octets(uri)));

export interface ResultText {
  readonly matchedDn?: string;
  readonly diagnostic?: string;
}

/** An LDAPResult under the identifier of its operation. */
export function encodeResult(tag: number, code: number, text: ResultText = {}, more?: Uint8Array): Buffer {
  const parts = [
    encode(BER.enumerated, Uint8Array.of(code)),
    octets(text.matchedDn ?? ''),
    octets(text.diagnostic ?? ''),
  ];
  return buffer(encode(tag, ...parts, ...(more ? [more] : [])));
}

/** The controls of a page's end (RFC 2696 §2), to stand behind its operation; the size of the whole is not told. */
export const encodePaged = (cookie: string): Buffer => {
  const size = encode(BER.integer, Uint8Array.of(0));
  const value = encode(BER.sequence, size, octets(Buffer.from(cookie, 'latin1')));
  return buffer(encode(0xa0, encode(BER.sequence, octets(PAGED_RESULTS), octets(value))));
};

/** The end of most searches. */
export const SEARCH_DONE = encodeResult(0x65, RESULT.success);

/** Notice of Disconnection, a whole message with id 0 (RFC 4511 §4.4.1). */
export const encodeNotice = (code: number, diagnostic: string): Buffer =>
  encodeMessages(0, [
    encodeResult(0x78, code, { diagnostic }, encode(0x8a, Buffer.from(NOTICE_OF_DISCONNECTION, 'latin1'))),
  ]);

/**
 * The operations, each as a message with `id`, one after another in one piece of memory: an answer goes out in a
 * single write.
 */
export function encodeMessages(id: number, operations: readonly Buffer[]): Buffer {
  const idSize = id < 0x80 ? 1 : id < 0x8000 ? 2 : id < 0x80_0000 ? 3 : 4;
  let total = 0;
  for (const operation of operations) {
    const length = 2 + idSize + operation.length;
    total += 1 + lengthSize(length) + length;
  }
  const out = Buffer.allocUnsafe(total);
  let at = 0;
  for (const operation of operations) {
    out[at++] = BER.sequence;
    at = writeLength(out, at, 2 + idSize + operation.length);
    out[at++] = BER.integer;
    out[at++] = idSize;
    at = out.writeUIntBE(id, at, idSize);
    out.set(operation, at);
    at += operation.length;
  }
  return out;
}

const lengthSize = (length: number): number =>
  length < 0x80 ? 1 : length < 0x100 ? 2 : length < 0x1_0000 ? 3 : length < 0x100_0000 ? 4 : 5;

function writeLength(out: Buffer, at: number, length: number): number {
  const size = lengthSize(length) - 1;
  if (size === 0) {
    out[at] = length;
    return at + 1;
  }
  out[at] = 0x80 | size;
  return out.writeUIntBE(length, at + 1, size);
}
