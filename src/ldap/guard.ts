/**
 * Checks every octet of a request against the LDAP schema (RFC 4511 appendix B) before anything else sees it: tags,
 * lengths, counts, nesting. ldapjs trusts lengths inside a message; one that is longer than its container makes it
 * fill the memory, so nothing unchecked may reach it.
 *
 * @module
 */
import { BER, BerCursor } from './ber-cursor.ts';
import { LdapError } from './error.ts';
import type { Filter } from './filter.ts';
import { type PagedRequest, REQUESTS, type Request, type RequestOp, type SearchRequest } from './requests.ts';
import { PAGED_RESULTS, RESULT } from './result.ts';

/** Nesting of and, or, not. */
const FILTER_DEPTH = 32;
/** Parts of one filter. */
const FILTER_PARTS = 500;
/** Requested attributes, values of a modification, and the like. */
const LIST_ITEMS = 2000;

/** ManageDsaIT (RFC 3296) is without effect here: there are no referral entries to show. */
export const CONTROLS: readonly string[] = ['2.16.840.1.113730.3.4.2', PAGED_RESULTS];

export type Verdict =
  | {
      readonly ok: true;
      readonly request: Request;
      /** Where the operation lies in the bytes, with its identifier and length, without controls. */
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly ok: false;
      /** 0 when the message did not tell. */
      readonly id: number;
      readonly op?: RequestOp;
      readonly result: number;
      readonly why: string;
      /** The lengths lie or the envelope is not LDAP's: end the connection (RFC 4511 §4.1.1). */
      readonly fatal: boolean;
    };

/** Judges the one message that fills `bytes` from `start` to `end`, as `frameEnd` found it. Throws nothing. */
export function checkRequest(bytes: Buffer, start: number, end: number): Verdict {
  const cursor = new BerCursor(bytes, start);
  let id = 0;
  let op: RequestOp | undefined;
  try {
    cursor.open(BER.sequence, end, 'message');
    id = cursor.integer(BER.integer, end, 'message id');
    if (id < 1) throw new LdapError('encoding', `message id ${id}`);
    const opStart = cursor.at;
    const tag = cursor.peek(end);
    op = REQUESTS.get(tag)?.op;
    if (!op) throw new LdapError('encoding', `no request has the tag ${tag < 0 ? 'of nothing' : tag}`);
    const opEnd = cursor.open(tag, end, op);
    const operation = readOperation(cursor, op, opEnd);
    cursor.finish(opEnd, op);
    const controls = cursor.at < end ? readControls(cursor, op, end) : NO_CONTROLS;
    return { ok: true, request: { id, ...controls, ...operation }, start: opStart, end: opEnd };
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
    const fatal = error.code === 'encoding';
    const result = error.code === 'limit' ? RESULT.adminLimitExceeded : RESULT.protocolError;
    const fault = { ok: false, id, result, why: error.message, fatal } as const;
    return op ? { ...fault, op } : fault;
  }
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id' | 'critical' | 'paged'> : never;

function readOperation(cursor: BerCursor, op: RequestOp, end: number): Unnumbered<Request> {
  switch (op) {
    case 'search':
      return { op, search: readSearch(cursor, end) };
    case 'bind':
      return readBind(cursor, end);
    case 'unbind':
      return { op };
    case 'abandon':
      return { op, target: cursor.integerTo(end, 'id to abandon') };
    case 'extended': {
      const oid = cursor.text(0x80, end, 'request name');
      if (cursor.at < end) cursor.octets(0x81, end, 'request value');
      return { op, oid };
    }
    case 'delete': {
      const dn = cursor.bytes.toString('utf8', cursor.at, end);
      cursor.at = end;
      return { op, dns: [dn] };
    }
    case 'compare': {
      const dn = cursor.text(BER.octetString, end, 'entry');
      const inner = cursor.open(BER.sequence, end, 'assertion');
      cursor.octets(BER.octetString, inner, 'attribute');
      cursor.octets(BER.octetString, inner, 'value');
      cursor.finish(inner, 'assertion');
      return { op, dns: [dn] };
    }
    case 'modifyDn': {
      const dn = cursor.text(BER.octetString, end, 'entry');
      const dns = [dn, cursor.text(BER.octetString, end, 'new name')];
      cursor.boolean(end, 'deleteoldrdn');
      if (cursor.at < end) dns.push(cursor.text(0x80, end, 'new superior'));
      return { op, dns };
    }
    case 'add': {
      const dn = cursor.text(BER.octetString, end, 'entry');
      const list = cursor.open(BER.sequence, end, 'attributes');
      each(cursor, list, 'attributes', () => checkAttribute(cursor, list));
      return { op, dns: [dn] };
    }
    case 'modify': {
      const dn = cursor.text(BER.octetString, end, 'object');
      const list = cursor.open(BER.sequence, end, 'changes');
      each(cursor, list, 'changes', () => {
        const change = cursor.open(BER.sequence, list, 'change');
        cursor.integer(BER.enumerated, change, 'operation');
        checkAttribute(cursor, change);
        cursor.finish(change, 'change');
      });
      return { op, dns: [dn] };
    }
  }
}

function each(cursor: BerCursor, end: number, what: string, read: () => void): void {
  for (let count = 0; cursor.at < end; count++) {
    if (count === LIST_ITEMS) throw new LdapError('limit', `more than ${LIST_ITEMS} ${what}`);
    read();
  }
}

function checkAttribute(cursor: BerCursor, limit: number): void {
  const end = cursor.open(BER.sequence, limit, 'attribute');
  cursor.octets(BER.octetString, end, 'attribute type');
  const values = cursor.open(BER.set, end, 'values');
  each(cursor, values, 'values', () => cursor.octets(BER.octetString, values, 'value'));
  cursor.finish(end, 'attribute');
}

function readBind(cursor: BerCursor, end: number): Unnumbered<Request> {
  const version = cursor.integer(BER.integer, end, 'version');
  const name = cursor.text(BER.octetString, end, 'name');
  if (cursor.peek(end) !== 0xa3) {
    const password = cursor.octets(0x80, end, 'simple authentication');
    return { op: 'bind', bind: { version, name, passwordLength: password.length, password } };
  }
  const inner = cursor.open(0xa3, end, 'SASL credentials');
  const sasl = cursor.text(BER.octetString, inner, 'mechanism');
  if (cursor.at < inner) cursor.octets(BER.octetString, inner, 'credentials');
  cursor.finish(inner, 'SASL credentials');
  return { op: 'bind', bind: { version, name, sasl, passwordLength: 0, password: NO_PASSWORD } };
}

const NO_PASSWORD = new Uint8Array();

const SCOPES = ['base', 'one', 'sub'] as const;

function readSearch(cursor: BerCursor, end: number): SearchRequest {
  const base = cursor.text(BER.octetString, end, 'base');
  const scope = SCOPES[cursor.integer(BER.enumerated, end, 'scope')];
  if (!scope) throw new LdapError('protocol', 'scope is not base, one or subtree');
  const derefAliases = cursor.integer(BER.enumerated, end, 'derefAliases');
  if (derefAliases < 0 || derefAliases > 3) throw new LdapError('protocol', `derefAliases ${derefAliases}`);
  const sizeLimit = cursor.integer(BER.integer, end, 'size limit');
  const timeLimitS = cursor.integer(BER.integer, end, 'time limit');
  if (sizeLimit < 0 || timeLimitS < 0) throw new LdapError('protocol', 'negative limit');
  const typesOnly = cursor.boolean(end, 'typesOnly');
  const filter = readFilter(cursor, end);
  const list = cursor.open(BER.sequence, end, 'attributes');
  const attributes: string[] = [];
  each(cursor, list, 'attributes', () => {
    attributes.push(cursor.text(BER.octetString, list, 'attribute'));
  });
  return { base, scope, derefAliases, sizeLimit, timeLimitS, typesOnly, filter, attributes };
}

/** A filter that is being read: its parts end at `end`. */
interface OpenFilter {
  readonly kind: 'and' | 'or' | 'not';
  readonly end: number;
  readonly filters: Filter[];
}

const JUNCTIONS: ReadonlyMap<number, OpenFilter['kind']> = new Map([
  [0xa0, 'and'],
  [0xa1, 'or'],
  [0xa2, 'not'],
]);

/** With a stack of its own, so that no nesting exhausts ours. */
function readFilter(cursor: BerCursor, limit: number): Filter {
  const stack: OpenFilter[] = [];
  for (let parts = 1; ; parts++) {
    if (parts > FILTER_PARTS) throw new LdapError('limit', `filter of more than ${FILTER_PARTS} parts`);
    const bound = stack.at(-1)?.end ?? limit;
    const tag = cursor.peek(bound);
    const kind = JUNCTIONS.get(tag);
    let done: Filter | undefined;
    if (kind) {
      if (stack.length === FILTER_DEPTH) {
        throw new LdapError('limit', `filter nested deeper than ${FILTER_DEPTH}`);
      }
      stack.push({ kind, end: cursor.open(tag, bound, kind), filters: [] });
    } else {
      done = readItem(cursor, tag, bound);
    }
    for (;;) {
      const top = stack.at(-1);
      if (!top) return done!;
      if (done) top.filters.push(done);
      if (cursor.at < top.end) break;
      done = close(top);
      stack.pop();
    }
  }
}

/** `(&)` is true and `(|)` is false (RFC 4526); `not` takes exactly one. */
function close({ kind, filters }: OpenFilter): Filter {
  if (kind !== 'not') return { kind, filters };
  const [filter] = filters;
  if (!filter || filters.length > 1) throw new LdapError('protocol', `not: ${filters.length} filters`);
  return { kind, filter };
}

const COMPARISONS = new Map([
  [0xa3, 'equal'],
  [0xa5, 'greaterOrEqual'],
  [0xa6, 'lessOrEqual'],
  [0xa8, 'approx'],
] as const);

function readItem(cursor: BerCursor, tag: number, limit: number): Filter {
  if (tag === 0x87) return { kind: 'present', attribute: cursor.text(tag, limit, 'presence') };
  const comparison = (COMPARISONS as ReadonlyMap<number, 'equal' | 'greaterOrEqual'>).get(tag);
  if (comparison) {
    const end = cursor.open(tag, limit, comparison);
    const attribute = cursor.text(BER.octetString, end, 'attribute');
    const value = cursor.octets(BER.octetString, end, 'value');
    cursor.finish(end, comparison);
    return { kind: comparison, attribute, value };
  }
  if (tag === 0xa4) return readSubstrings(cursor, limit);
  if (tag === 0xa9) return readExtensible(cursor, limit);
  throw new LdapError('protocol', tag < 0 ? 'filter is missing' : `no filter has the tag ${tag}`);
}

function readSubstrings(cursor: BerCursor, limit: number): Filter {
  const end = cursor.open(0xa4, limit, 'substrings');
  const attribute = cursor.text(BER.octetString, end, 'attribute');
  const list = cursor.open(BER.sequence, end, 'substrings');
  const any: Buffer[] = [];
  let initial: Buffer | undefined;
  let final: Buffer | undefined;
  let count = 0;
  each(cursor, list, 'substrings', () => {
    const tag = cursor.peek(list);
    const part = cursor.octets(tag === 0x80 || tag === 0x82 ? tag : 0x81, list, 'substring');
    if (final || (tag === 0x80 && count > 0)) throw new LdapError('protocol', 'substrings out of order');
    if (tag === 0x80) initial = part;
    else if (tag === 0x82) final = part;
    else any.push(part);
    count++;
  });
  if (count === 0) throw new LdapError('protocol', 'substrings: none');
  cursor.finish(end, 'substrings');
  return { kind: 'substrings', attribute, any, ...(initial && { initial }), ...(final && { final }) };
}

function readExtensible(cursor: BerCursor, limit: number): Filter {
  const end = cursor.open(0xa9, limit, 'extensible match');
  if (cursor.peek(end) === 0x81) cursor.octets(0x81, end, 'matching rule');
  const attribute = cursor.peek(end) === 0x82 ? cursor.text(0x82, end, 'attribute') : '';
  const value = cursor.octets(0x83, end, 'value');
  if (cursor.at < end) {
    const flag = cursor.octets(0x84, end, 'dnAttributes');
    if (flag.length !== 1) throw new LdapError('protocol', 'dnAttributes is not a boolean');
  }
  cursor.finish(end, 'extensible match');
  return { kind: 'extensible', attribute, value };
}

interface Controls {
  /** The identifier of the first critical control that is not known, or not of this operation. */
  readonly critical?: string;
  readonly paged?: PagedRequest;
}

const NO_CONTROLS: Controls = {};

function readControls(cursor: BerCursor, op: RequestOp, limit: number): Controls {
  const end = cursor.open(0xa0, limit, 'controls');
  if (end !== limit) throw new LdapError('protocol', `message: ${limit - end} octets too many`);
  let unknown: string | undefined;
  let paged: PagedRequest | undefined;
  each(cursor, end, 'controls', () => {
    const inner = cursor.open(BER.sequence, end, 'control');
    const oid = cursor.text(BER.octetString, inner, 'control type');
    const critical = cursor.peek(inner) === BER.boolean && cursor.boolean(inner, 'criticality');
    const value = cursor.at < inner ? cursor.octets(BER.octetString, inner, 'control value') : undefined;
    cursor.finish(inner, 'control');
    const known = oid === PAGED_RESULTS ? op === 'search' : CONTROLS.includes(oid);
    if (critical && !known) unknown ??= oid;
    if (known && oid === PAGED_RESULTS) paged = readPaged(value);
  });
  return { ...(unknown !== undefined && { critical: unknown }), ...(paged && { paged }) };
}

/** Longest cookie that is read; ours are shorter. */
const COOKIE = 64;

/** RFC 2696 §2. */
function readPaged(value: Buffer | undefined): PagedRequest {
  if (!value) throw new LdapError('protocol', 'paged results: no value');
  const cursor = new BerCursor(value, 0);
  const end = cursor.open(BER.sequence, value.length, 'paged results');
  const size = cursor.integer(BER.integer, end, 'page size');
  const cookie = cursor.octets(BER.octetString, end, 'cookie');
  cursor.finish(end, 'paged results');
  if (end !== value.length) throw new LdapError('protocol', 'paged results: octets too many');
  if (size < 0) throw new LdapError('protocol', `page size ${size}`);
  if (cookie.length > COOKIE) throw new LdapError('protocol', `a cookie of ${cookie.length} octets`);
  return { size, cookie: cookie.toString('latin1') };
}
