/**
 * Reads BER as LDAP restricts it (RFC 4511 §5.1: definite lengths, one identifier octet), forward, copying nothing.
 *
 * Of its own beside `asn1/` because every message of a stranger goes through it: no node is built, and the walk says
 * at once which part of the schema was expected.
 *
 * @module
 */
import { LdapError } from './error.ts';

export const BER = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const;

export class BerCursor {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** The next identifier octet, or -1 at `limit`. */
  peek(limit: number): number {
    return this.at < limit ? this.bytes[this.at]! : -1;
  }

  /**
   * Steps into the value, which must have `tag` and lie before `limit`; gives where it ends.
   *
   * @throws {LdapError} protocol: another tag; encoding: a length that cannot be
   */
  open(tag: number, limit: number, what: string): number {
    if (this.at >= limit) throw new LdapError('protocol', `${what} is missing`);
    const found = this.bytes[this.at]!;
    if (found !== tag) {
      throw new LdapError('protocol', `${what}: expected tag ${hex(tag)}, found ${hex(found)}`);
    }
    this.at++;
    return this.length(limit, what);
  }

  /** Reads length octets; gives where the value ends. @throws {LdapError} encoding */
  length(limit: number, what: string): number {
    if (this.at >= limit) throw new LdapError('encoding', `${what} ends before its length`);
    let length = this.bytes[this.at++]!;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0) throw new LdapError('encoding', `${what} has an indefinite length`);
      if (count > 4) throw new LdapError('encoding', `${what} has a length of ${count} octets`);
      if (count > limit - this.at) throw new LdapError('encoding', `${what} ends within its length`);
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + this.bytes[this.at++]!;
    }
    if (length > limit - this.at) {
      throw new LdapError('encoding', `${what} claims ${length} octets where ${limit - this.at} are left`);
    }
    return this.at + length;
  }

  /** @throws {LdapError} */
  octets(tag: number, limit: number, what: string): Buffer {
    const end = this.open(tag, limit, what);
    const value = this.bytes.subarray(this.at, end);
    this.at = end;
    return value;
  }

  /** UTF-8; octets that do not decode become U+FFFD. @throws {LdapError} */
  text(tag: number, limit: number, what: string): string {
    const end = this.open(tag, limit, what);
    const value = this.bytes.toString('utf8', this.at, end);
    this.at = end;
    return value;
  }

  /** INTEGER or ENUMERATED of one to four octets. @throws {LdapError} */
  integer(tag: number, limit: number, what: string): number {
    const end = this.open(tag, limit, what);
    return this.integerTo(end, what);
  }

  /** The content octets of an integer up to `end`. @throws {LdapError} */
  integerTo(end: number, what: string): number {
    const size = end - this.at;
    if (size < 1 || size > 4) throw new LdapError('protocol', `${what}: integer of ${size} octets`);
    const value = this.bytes.readIntBE(this.at, size);
    this.at = end;
    return value;
  }

  /** @throws {LdapError} */
  boolean(limit: number, what: string): boolean {
    const end = this.open(BER.boolean, limit, what);
    if (end - this.at !== 1) throw new LdapError('protocol', `${what}: boolean of ${end - this.at} octets`);
    return this.bytes[this.at++] !== 0;
  }

  /** @throws {LdapError} when something is left */
  finish(end: number, what: string): void {
    if (this.at !== end) throw new LdapError('protocol', `${what}: ${end - this.at} octets too many`);
  }
}

/**
 * Where the message that starts at `start` ends; 0 when the octets up to `stop` do not tell or do not reach that far.
 *
 * @throws {LdapError} encoding: not the start of an LDAP message; limit: larger than `most` octets
 */
export function frameEnd(bytes: Buffer, start: number, stop: number, most: number): number {
  if (start >= stop) return 0;
  if (bytes[start] !== BER.sequence) {
    throw new LdapError('encoding', `expected a message (tag 0x30), found ${hex(bytes[start]!)}`);
  }
  if (start + 1 >= stop) return 0;
  let length = bytes[start + 1]!;
  let at = start + 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    if (count === 0) throw new LdapError('encoding', 'message has an indefinite length');
    if (count > 4) throw new LdapError('encoding', `message has a length of ${count} octets`);
    if (at + count > stop) return 0;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + bytes[at++]!;
  }
  const end = at + length;
  if (end - start > most) throw new LdapError('limit', `message of ${length} octets, at most ${most}`);
  return end <= stop ? end : 0;
}

const hex = (octet: number): string => `0x${octet.toString(16).padStart(2, '0')}`;
