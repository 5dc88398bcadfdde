/**
 * Distinguished names: reading, showing, and comparing as RFC 5280 §7.1 asks.
 *
 * @module
 */
import { children, content, expect, type Node, raw, readAsn1, TAG } from '../asn1/read.ts';
import { readOid, readString } from '../asn1/values.ts';
import { reading } from './error.ts';
import { ATTRIBUTE } from './oids.ts';

export interface NameAttribute {
  /** Dotted decimal. */
  readonly oid: string;
  /** Text; for a value that is no character string, `#` and its octets in hex (RFC 4514 §2.4). */
  readonly value: string;
}

export interface Name {
  /** Relative distinguished names in the order of the encoding (country first, as a rule). */
  readonly rdns: readonly (readonly NameAttribute[])[];
  /** The octets as received. */
  readonly der: Uint8Array;
  /** Equal for two names if and only if they match by RFC 5280 §7.1; usable as a key of a Map. */
  readonly key: string;
}

const SHORT = new Map<string, string>(Object.entries(ATTRIBUTE).map(([short, oid]) => [oid, short]));

/** @throws {PkiError} */
export function readName(node: Node | undefined, what = 'name'): Name {
  return reading(what, 'structure', () => {
    const outer = expect(node, TAG.sequence, what);
    const rdns = children(outer).map((rdn) => children(expect(rdn, TAG.set, `${what}: RDN`)).map(attribute));
    return { rdns, der: raw(outer), key: keyOf(rdns) };
  });
}

/** @throws {PkiError} */
export const parseName = (der: Uint8Array): Name =>
  reading('name', 'structure', () => readName(readAsn1(der)));

function attribute(node: Node): NameAttribute {
  const [type, value] = children(expect(node, TAG.sequence, 'attribute'));
  return { oid: readOid(type, 'attribute type'), value: attributeValue(value) };
}

const STRINGS: ReadonlySet<number> = new Set([
  TAG.utf8String,
  TAG.printableString,
  TAG.t61String,
  TAG.ia5String,
  TAG.universalString,
  TAG.bmpString,
  18,
  26,
]);

function attributeValue(node: Node | undefined): string {
  if (node && node.tagClass === 'universal' && STRINGS.has(node.tag)) return readString(node);
  return node ? `#${Buffer.from(raw(node)).toString('hex')}` : '#';
}

const keyOf = (rdns: Name['rdns']): string =>
  JSON.stringify(rdns.map((rdn) => rdn.map(({ oid, value }) => [oid, prepared(value)].join('=')).sort()));

/** Mapped to nothing by RFC 4518 §2.2. */
const INVISIBLE =
  /\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u2063]|[\ufe00-\ufe0f]|\ufeff|\ufffc/g;

/**
 * String preparation for comparison (RFC 4518 §2, as far as names in certificates need it): compatibility
 * composition, invisible characters out, white space collapsed, case folded. String types do not matter.
 */
export function prepared(value: string): string {
  return value
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]/g, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whether two names match (RFC 5280 §7.1). */
export const sameName = (a: Name, b: Name): boolean => a.key === b.key;

export const isEmptyName = (name: Name): boolean => name.rdns.length === 0;

/** Most specific part first, `CN=Dr Bob, O=Clinic, C=US`; special characters escaped as in RFC 4514. */
export function formatName(name: Name): string {
  const rdns = name.rdns.map((rdn) =>
    rdn.map(({ oid, value }) => `${SHORT.get(oid) ?? oid}=${escaped(value)}`).join('+'),
  );
  return rdns.reverse().join(', ') || '(empty name)';
}

const escaped = (value: string): string =>
  value
    .replace(/[,+"\\<>;=]/g, '\\$&')
    .replace(/[\0-\x1f\x7f]/g, (c) => `\\${c.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Values of one attribute, in order; `attribute` is a short form such as `CN` or `E`. */
export function nameValues(name: Name, attribute: keyof typeof ATTRIBUTE): string[] {
  return name.rdns.flatMap((rdn) =>
    rdn.filter((part) => part.oid === ATTRIBUTE[attribute]).map((part) => part.value),
  );
}

/** Whether `base` is `name` or stands above it: its first parts are all of `base` (RFC 5280 §4.2.1.10). */
export function isBelowName(name: Name, base: Name): boolean {
  return (
    base.rdns.length <= name.rdns.length && keyOf(name.rdns.slice(0, base.rdns.length)) === keyOf(base.rdns)
  );
}

/** Content octets of an INTEGER as the serial text that this layer uses: lower hex, no leading zero pairs. */
export function serialText(octets: Uint8Array): string {
  const negative = ((octets[0] ?? 0) & 0x80) !== 0;
  if (negative) {
    const magnitude = (1n << BigInt(octets.length * 8)) - BigInt(`0x${Buffer.from(octets).toString('hex')}`);
    const hex = magnitude.toString(16);
    return `-${hex.length % 2 ? '0' : ''}${hex}`;
  }
  let from = 0;
  while (from < octets.length - 1 && octets[from] === 0) from++;
  return Buffer.from(octets.buffer, octets.byteOffset + from, octets.length - from).toString('hex');
}

/** The serial text of an INTEGER. @throws {Asn1Error} */
export const readSerial = (node: Node | undefined): string =>
  serialText(content(expect(node, TAG.integer, 'serial number')));
