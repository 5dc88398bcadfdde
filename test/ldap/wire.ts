import { encode } from '../../src/asn1/write.ts';
import { BerCursor, frameEnd } from '../../src/ldap/ber-cursor.ts';

/** Octets of LDAP messages, right or wrong, written by hand. */
export const octets = (value: string | Uint8Array): Uint8Array =>
  encode(0x04, typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
export const int = (value: number, tag = 0x02): Uint8Array => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return encode(tag, value < 128 && value >= 0 ? bytes.subarray(3) : bytes);
};
export const bool = (value: boolean): Uint8Array => Uint8Array.of(1, 1, value ? 0xff : 0);
export const sequence = (...parts: Uint8Array[]): Uint8Array => encode(0x30, ...parts);

export const message = (id: number, operation: Uint8Array, controls?: Uint8Array): Buffer =>
  Buffer.from(controls ? sequence(int(id), operation, controls) : sequence(int(id), operation));

export const control = (oid: string, critical: boolean, value?: Uint8Array): Uint8Array =>
  encode(0xa0, sequence(octets(oid), ...(critical ? [bool(true)] : []), ...(value ? [octets(value)] : [])));

export const equal = (attribute: string, value: string | Uint8Array): Uint8Array =>
  encode(0xa3, octets(attribute), octets(value));
export const present = (attribute: string): Uint8Array => encode(0x87, Buffer.from(attribute));
export const and = (...filters: Uint8Array[]): Uint8Array => encode(0xa0, ...filters);
export const or = (...filters: Uint8Array[]): Uint8Array => encode(0xa1, ...filters);
export const not = (filter: Uint8Array): Uint8Array => encode(0xa2, filter);
export const substrings = (attribute: string, initial: string, any: string[], final: string): Uint8Array =>
  encode(
    0xa4,
    octets(attribute),
    sequence(
      ...(initial ? [encode(0x80, Buffer.from(initial))] : []),
      ...any.map((part) => encode(0x81, Buffer.from(part))),
      ...(final ? [encode(0x82, Buffer.from(final))] : []),
    ),
  );

export interface SearchParts {
  base?: string;
  scope?: number;
  deref?: number;
  size?: number;
  time?: number;
  typesOnly?: boolean;
  filter?: Uint8Array;
  attributes?: string[];
}

export const searchOp = (parts: SearchParts = {}): Uint8Array =>
  encode(
    0x63,
    octets(parts.base ?? ''),
    int(parts.scope ?? 2, 0x0a),
    int(parts.deref ?? 0, 0x0a),
    int(parts.size ?? 0),
    int(parts.time ?? 0),
    bool(parts.typesOnly ?? false),
    parts.filter ?? present('objectClass'),
    sequence(...(parts.attributes ?? []).map(octets)),
  );

export const search = (id: number, parts: SearchParts = {}): Buffer => message(id, searchOp(parts));

export const bindOp = (version = 3, name = '', password = ''): Uint8Array =>
  encode(0x60, int(version), octets(name), encode(0x80, Buffer.from(password)));
export const bind = (id: number, version = 3, name = '', password = ''): Buffer =>
  message(id, bindOp(version, name, password));
export const saslBind = (id: number): Buffer =>
  message(id, encode(0x60, int(3), octets(''), encode(0xa3, octets('EXTERNAL'), octets(''))));
export const unbind = (id: number): Buffer => message(id, Uint8Array.of(0x42, 0));
export const abandon = (id: number, target: number): Buffer => message(id, int(target, 0x50));
export const extended = (id: number, oid: string): Buffer =>
  message(id, encode(0x77, encode(0x80, Buffer.from(oid))));
export const del = (id: number, dn: string): Buffer => message(id, encode(0x4a, Buffer.from(dn)));
export const add = (id: number, dn: string): Buffer =>
  message(id, encode(0x68, octets(dn), sequence(sequence(octets('cn'), encode(0x31, octets('x'))))));
export const modify = (id: number, dn: string): Buffer =>
  message(
    id,
    encode(
      0x66,
      octets(dn),
      sequence(sequence(int(0, 0x0a), sequence(octets('cn'), encode(0x31, octets('x'))))),
    ),
  );
export const modifyDn = (id: number, dn: string, name = 'cn=z', superior?: string): Buffer =>
  message(
    id,
    encode(
      0x6c,
      octets(dn),
      octets(name),
      bool(true),
      ...(superior === undefined ? [] : [encode(0x80, Buffer.from(superior))]),
    ),
  );
export const compare = (id: number, dn: string, attribute: string, value: string): Buffer =>
  message(id, encode(0x6e, octets(dn), sequence(octets(attribute), octets(value))));

/** An answer, as far as the tests look at it. */
export interface Answer {
  readonly id: number;
  readonly tag: number;
  readonly code?: number;
  readonly matchedDn?: string;
  readonly diagnostic?: string;
  readonly dn?: string;
  readonly attributes?: Record<string, Buffer[]>;
}

/** Every whole message of the bytes. */
export function answers(bytes: Buffer): Answer[] {
  const found: Answer[] = [];
  for (let at = 0; ; ) {
    const end = frameEnd(bytes, at, bytes.length, 0x7fffffff);
    if (end === 0) return found;
    found.push(answer(bytes, at, end));
    at = end;
  }
}

function answer(bytes: Buffer, start: number, end: number): Answer {
  const cursor = new BerCursor(bytes, start);
  cursor.open(0x30, end, 'message');
  const id = cursor.integer(0x02, end, 'id');
  const tag = cursor.peek(end);
  cursor.open(tag, end, 'operation');
  if (tag === 0x73) return { id, tag };
  if (tag !== 0x64) {
    const code = cursor.integer(0x0a, end, 'code');
    const matchedDn = cursor.text(0x04, end, 'matched');
    return { id, tag, code, matchedDn, diagnostic: cursor.text(0x04, end, 'diagnostic') };
  }
  const dn = cursor.text(0x04, end, 'dn');
  const attributes: Record<string, Buffer[]> = {};
  const list = cursor.open(0x30, end, 'attributes');
  while (cursor.at < list) {
    cursor.open(0x30, list, 'attribute');
    const values: Buffer[] = (attributes[cursor.text(0x04, list, 'type')] = []);
    const set = cursor.open(0x31, list, 'values');
    while (cursor.at < set) values.push(Buffer.from(cursor.octets(0x04, set, 'value')));
  }
  return { id, tag, dn, attributes };
}
