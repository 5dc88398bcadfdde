/**
 * The values that certificates and messages are made of: object identifiers, integers, times, strings.
 *
 * @module
 */
import { Asn1Error } from './error.ts';
import { content, describe, expect, is, type Node, stringContent, TAG } from './read.ts';

/** Dotted decimal, for example `2.5.29.17`. @throws {Asn1Error} */
export function readOid(node: Node | undefined, what = 'object identifier'): string {
  const octets = content(expect(node, TAG.oid, what));
  if (octets.length === 0 || octets.length > 64)
    throw new Asn1Error('value', node!.start, `${what}: bad length`);
  let text = '';
  let arc = 0;
  /** The arc once it no longer fits a number exactly. */
  let large: bigint | undefined;
  let open = false;
  for (const octet of octets) {
    if (large !== undefined) large = (large << 7n) | BigInt(octet & 0x7f);
    else if (arc >= 0x400_0000_0000) large = (BigInt(arc) << 7n) | BigInt(octet & 0x7f);
    else arc = arc * 128 + (octet & 0x7f);
    open = (octet & 0x80) !== 0;
    if (open) continue;
    if (text === '') {
      const top = large !== undefined || arc >= 80 ? 2 : arc >= 40 ? 1 : 0;
      text = `${top}.${large === undefined ? arc - top * 40 : large - 80n}`;
    } else text += `.${large ?? arc}`;
    arc = 0;
    large = undefined;
  }
  if (open) throw new Asn1Error('value', node!.start, `${what}: last arc is cut`);
  return text;
}

/** @throws {Asn1Error} */
export function readInteger(node: Node | undefined, what = 'integer'): bigint {
  const octets = content(expect(node, TAG.integer, what));
  return integerOf(octets, node!.start, what);
}

/** @throws {Asn1Error} also when the value does not fit a safe number */
export function readSmallInteger(
  node: Node | undefined,
  what = 'integer',
  tag: number = TAG.integer,
): number {
  const octets = content(expect(node, tag, what));
  const value = integerOf(octets, node!.start, what);
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER)) {
    throw new Asn1Error('value', node!.start, `${what}: ${octets.length} octets is too large`);
  }
  return Number(value);
}

function integerOf(octets: Uint8Array, at: number, what: string): bigint {
  if (octets.length === 0 || octets.length > 8192) throw new Asn1Error('value', at, `${what}: bad length`);
  const magnitude = BigInt(`0x${Buffer.from(octets).toString('hex')}`);
  return octets[0]! & 0x80 ? magnitude - (1n << BigInt(octets.length * 8)) : magnitude;
}

/** BER takes any octet but zero as true. @throws {Asn1Error} */
export function readBoolean(node: Node | undefined, what = 'boolean'): boolean {
  const octets = content(expect(node, TAG.boolean, what));
  if (octets.length !== 1) throw new Asn1Error('value', node!.start, `${what}: ${octets.length} octets`);
  return octets[0] !== 0;
}

/** The bits of a BIT STRING, packed, and how many of the last octet's are unused. @throws {Asn1Error} */
export function readBitString(
  node: Node | undefined,
  what = 'bit string',
): { bytes: Uint8Array; unused: number } {
  const octets = stringContent(expect(node, TAG.bitString, what));
  const unused = octets[0];
  if (unused === undefined || unused > 7 || (octets.length === 1 && unused !== 0)) {
    throw new Asn1Error('value', node!.start, `${what}: bad count of unused bits`);
  }
  return { bytes: octets.subarray(1), unused };
}

/** @throws {Asn1Error} */
export const readOctetString = (node: Node | undefined, what = 'octet string'): Uint8Array =>
  stringContent(expect(node, TAG.octetString, what));

/** Text of any character string type; octets that do not decode become U+FFFD. @throws {Asn1Error} not a string type */
export function readString(node: Node | undefined, what = 'string'): string {
  if (!node) throw new Asn1Error('unexpected', 0, `${what}: nothing found`);
  const octets = stringContent(node);
  switch (node.tagClass === 'universal' ? node.tag : -1) {
    case TAG.utf8String:
      return new TextDecoder().decode(octets);
    case TAG.bmpString:
      return Buffer.from(octets.length % 2 ? octets.subarray(0, -1) : octets)
        .swap16()
        .toString('utf16le');
    case TAG.universalString: {
      let text = '';
      for (let i = 0; i + 3 < octets.length; i += 4) {
        const point =
          octets[i]! * 0x1000000 + (octets[i + 1]! << 16) + (octets[i + 2]! << 8) + octets[i + 3]!;
        text += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
      }
      return text;
    }
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.t61String:
    case 18: // NumericString
    case 26: // VisibleString
      return Buffer.from(octets).toString('latin1');
    default:
      throw new Asn1Error('unexpected', node.start, `${what}: ${describe(node)} is not a character string`);
  }
}

const UTC = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/;
const GENERALIZED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)?(\d\d)?(?:[.,](\d{1,9}))?(Z|[+-]\d{4})?$/;

/**
 * UTCTime (years 50–99 are 19xx, RFC 5280 §4.1.2.5.1) or GeneralizedTime.
 *
 * @returns milliseconds since 1970 UTC
 * @throws {Asn1Error}
 */
export function readTime(node: Node | undefined, what = 'time'): number {
  const utc = is(node, TAG.utcTime);
  if (!utc && !is(node, TAG.generalizedTime)) expect(node, TAG.generalizedTime, what);
  const text = Buffer.from(stringContent(node!)).toString('latin1');
  const match = (utc ? UTC : GENERALIZED).exec(text);
  if (!match)
    throw new Asn1Error('value', node!.start, `${what}: ${JSON.stringify(text.slice(0, 40))} is not a time`);
  const n = (index: number): number => Number(match[index] ?? 0);
  const year = utc ? (n(1) < 50 ? 2000 + n(1) : 1900 + n(1)) : n(1);
  const fraction = utc ? 0 : Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
  const zone = utc ? match[7] : match[8];
  const offset =
    !zone || zone === 'Z'
      ? 0
      : (zone[0] === '-' ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)));
  const ms =
    new Date(0).setUTCFullYear(year, n(2) - 1, n(3)) +
    (n(4) * 3600 + n(5) * 60 + n(6) - offset * 60) * 1000 +
    fraction;
  if (
    n(2) < 1 ||
    n(2) > 12 ||
    n(3) < 1 ||
    n(3) > 31 ||
    n(4) > 24 ||
    n(5) > 59 ||
    n(6) > 60 ||
    Number.isNaN(ms)
  ) {
    throw new Asn1Error('value', node!.start, `${what}: ${JSON.stringify(text)} is not a time`);
  }
  return ms;
}
