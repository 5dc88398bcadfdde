/**
 * Distinguished names (RFC 4514) in one spelling, so that equal names are equal strings.
 *
 * @module
 */
import { comparable, describeAttribute } from './attributes.ts';
import { LdapError } from './error.ts';

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
  const normal = normalParts(text).join(',');
  if (cache.size >= MOST_CACHED) cache.clear();
  cache.set(text, normal);
  return normal;
}

/**
 * One `type=value`; what follows must be a separator or the end. Stricter than the reader of ldapjs, which never ends
 * on `cn=#61 b`: nothing may reach it that was not read here.
 */
const PAIR =
  / *([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*) *= *(?! )(#(?:[0-9a-fA-F]{2})+|(?!#)(?:[^\\"+,;<>\0]|\\(?:[0-9a-fA-F]{2}|[ "#+,;<=>\\]))*)/y;

function normalParts(text: string): string[] {
  const parts: string[] = [];
  let pairs: string[] = [];
  for (let at = 0; ; ) {
    PAIR.lastIndex = at;
    const match = PAIR.exec(text);
    if (!match) throw badDn(text, `expected type=value at ${at}`);
    const [whole, type = '', value = ''] = match;
    pairs.push(`${describeAttribute(type).type}=${normalValue(value)}`);
    at += whole.length;
    const separator = text[at++];
    if (separator === '+') continue;
    parts.push(pairs.sort().join('+'));
    pairs = [];
    if (separator === undefined) return parts;
    if (separator !== ',' && separator !== ';') {
      throw badDn(text, `expected a separator at ${at - 1}, found ${JSON.stringify(separator)}`);
    }
  }
}

function normalValue(escaped: string): string {
  if (escaped.startsWith('#')) return escaped.toLowerCase();
  const plain = escaped.replace(/(?:\\[0-9a-fA-F]{2})+|\\./gs, (found) =>
    found.length > 2 ? Buffer.from(found.replaceAll('\\', ''), 'hex').toString('utf8') : found.slice(1),
  );
  return escapeValue(comparable(plain.trim())).replace(/^#/, '\\23');
}

const escapeValue = (value: string): string =>
  value.replace(/[\\,+=;"<>\0]/g, (found) => `\\${found.charCodeAt(0).toString(16).padStart(2, '0')}`);

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
