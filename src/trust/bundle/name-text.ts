/**
 * Distinguished names as text, in the spellings that tools write into bundle metadata: RFC 2253 and 4514, with or
 * without spaces, identifiers or short names of any case, either order, hex values, and openssl's `/C=…/O=…`.
 *
 * @module
 */
import { Asn1Error } from '../../asn1/error.ts';
import { readAsn1 } from '../../asn1/read.ts';
import { readString } from '../../asn1/values.ts';
import { type Name, prepared } from '../../pki/name.ts';
import { ATTRIBUTE } from '../../pki/oids.ts';

const ALIASES: Readonly<Record<string, keyof typeof ATTRIBUTE>> = {
  EMAILADDRESS: 'E',
  EMAIL: 'E',
  S: 'ST',
  SP: 'ST',
  STATEORPROVINCENAME: 'ST',
  STREETADDRESS: 'street',
  SURNAME: 'SN',
  GIVENNAME: 'GN',
  G: 'GN',
  T: 'title',
  USERID: 'UID',
  COMMONNAME: 'CN',
  COUNTRYNAME: 'C',
  LOCALITYNAME: 'L',
  ORGANIZATIONNAME: 'O',
  ORGANIZATIONALUNITNAME: 'OU',
  DOMAINCOMPONENT: 'DC',
};

const TYPES = new Map<string, string>([
  ...Object.entries(ATTRIBUTE).map(([short, oid]): [string, string] => [short.toUpperCase(), oid]),
  ...Object.entries(ALIASES).map(([alias, short]): [string, string] => [alias, ATTRIBUTE[short]]),
]);

const LIMIT = 4096;

/** Equal to one of the keys of each text that spells the name. */
export const nameKey = (name: Name): string =>
  name.rdns.map((rdn) => rdnKey(rdn.map(({ oid, value }) => [oid, value]))).join('\n\n');

/** The keys of the name that a text spells, read in either order; none when it is no distinguished name. */
export function nameTextKeys(text: string): readonly string[] {
  const parts = readNameText(text);
  return parts ? [...new Set([parts.join('\n\n'), parts.toReversed().join('\n\n')])] : [];
}

const rdnKey = (attributes: readonly (readonly [string, string])[]): string =>
  attributes
    .map(([oid, value]) => `${oid}=${prepared(value)}`)
    .toSorted()
    .join('\n');

/** Relative names in the order of the text, each comparable by ===; undefined when it is no distinguished name. */
function readNameText(text: string): readonly string[] | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > LIMIT) return undefined;
  const rdns = trimmed.startsWith('/')
    ? trimmed
        .slice(1)
        .split(/\/(?=[A-Za-z0-9.]+=)/)
        .map((rdn) => [rdn])
    : split(trimmed, ',;').map((rdn) => split(rdn, '+'));
  const parts: string[] = [];
  for (const rdn of rdns) {
    const attributes: [string, string][] = [];
    for (const attribute of rdn) {
      const read = readAttribute(attribute);
      if (!read) return undefined;
      attributes.push(read);
    }
    parts.push(rdnKey(attributes));
  }
  return parts;
}

/** Cuts at separators that are neither escaped nor quoted. */
function split(text: string, separators: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (c === '\\') at++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && separators.includes(c)) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}

function readAttribute(text: string): [string, string] | undefined {
  const equals = text.indexOf('=');
  if (equals < 0) return undefined;
  const word = text
    .slice(0, equals)
    .trim()
    .replace(/^OID\./i, '');
  const oid = /^\d+(\.\d+)+$/.test(word) ? word : TYPES.get(word.toUpperCase());
  const value = readValue(text.slice(equals + 1).replace(/^\s+|(?<!\\)\s+$/g, ''));
  return oid === undefined || value === undefined ? undefined : [oid, value];
}

function readValue(text: string): string | undefined {
  if (/^#([0-9a-f]{2})+$/i.test(text)) return hexValue(text);
  const bare = /^".*"$/s.test(text) ? text.slice(1, -1) : text;
  const octets: number[] = [];
  for (let at = 0; at < bare.length; at++) {
    if (bare[at] !== '\\') {
      const point = bare.codePointAt(at)!;
      octets.push(...Buffer.from(String.fromCodePoint(point)));
      if (point > 0xffff) at++;
      continue;
    }
    const pair = /^[0-9a-f]{2}/i.exec(bare.slice(at + 1, at + 3));
    if (pair) octets.push(Number.parseInt(pair[0], 16));
    else if (at + 1 < bare.length) octets.push(...Buffer.from(bare[at + 1]!));
    else return undefined;
    at += pair ? 2 : 1;
  }
  return Buffer.from(octets).toString('utf8');
}

function hexValue(text: string): string {
  try {
    return readString(readAsn1(Buffer.from(text.slice(1), 'hex')));
  } catch (error) {
    // no character string: `Name` shows such values in the same way
    if (error instanceof Asn1Error) return text.toLowerCase();
    throw error;
  }
}
