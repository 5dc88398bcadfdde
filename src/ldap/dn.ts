/**
 * Distinguished names (RFC 4514) in one spelling, so that equal names are equal strings.
 *
 * @module
 */
import ldapjs from 'ldapjs';
import { comparable, describeAttribute } from './attributes.ts';
import { LdapError } from './error.ts';

/** What ldapjs gives; its published types are of an older version. */
interface Rdn {
  keys(): Iterable<string>;
  /** A string, or a reader with the octets of a `#…` value. */
  getValue(name: string): string | { readonly buffer: Uint8Array };
}
interface ParsedDn {
  readonly length: number;
  rdnAt(index: number): Rdn;
}
const parse = (ldapjs as unknown as { parseDN(text: string): ParsedDn }).parseDN;

const MOST_CACHED = 1000;
const LONGEST = 1000;
const cache = new Map<string, string>();

/**
 * Types in their short lower-case names, values lower-cased with single blanks, separators inside values escaped, no
 * blanks around separators: `UID = a, O=X  Y` gives `uid=a,o=x y`. The empty name stays empty.
 *
 * @throws {LdapError} dn
 */
export function normalDn(text: string): string {
  if (text === '') return '';
  const cached = cache.get(text);
  if (cached !== undefined) return cached;
  if (text.length > LONGEST) throw new LdapError('dn', `name of ${text.length} characters`);
  // ldapjs skips separators without a name between them.
  if (!text.includes('"') && /^\s*[,;+]|(?<!\\)[,;+]\s*[,;+]/.test(text)) throw badDn(text, 'empty part');
  const normal = normalParts(text).join(',');
  if (cache.size >= MOST_CACHED) cache.clear();
  cache.set(text, normal);
  return normal;
}

function normalParts(text: string): string[] {
  let dn: ParsedDn;
  try {
    dn = parse(text);
  } catch (error) {
    throw badDn(text, error instanceof Error ? error.message : String(error));
  }
  return Array.from({ length: dn.length }, (_, index) => {
    const rdn = dn.rdnAt(index);
    const pairs = [...rdn.keys()].map((name) => {
      const value = rdn.getValue(name);
      const plain = typeof value === 'string' ? value : `#${Buffer.from(value.buffer).toString('hex')}`;
      return `${describeAttribute(name).type}=${escapeValue(comparable(plain))}`;
    });
    return pairs.sort().join('+');
  });
}

const escapeValue = (value: string): string =>
  value.replace(/[\\,+=;]/g, (found) => `\\${found.charCodeAt(0).toString(16)}`);

const badDn = (text: string, why: string): LdapError =>
  new LdapError('dn', `${JSON.stringify(text.slice(0, 80))} is not a distinguished name: ${why}`);

/** The name above a normal one; the empty name above the last part. */
export function parentDn(normal: string): string {
  const comma = normal.indexOf(',');
  return comma < 0 ? '' : normal.slice(comma + 1);
}

/** Whether a normal name is `base` or below it. Everything is below the empty name. */
export const isWithin = (normal: string, base: string): boolean =>
  base === '' ||
  normal === base ||
  (normal.endsWith(base) && normal[normal.length - base.length - 1] === ',');
