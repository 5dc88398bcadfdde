/**
 * A bounded reader of BER and DER (X.690). It copies nothing: a node is a window on the bytes that were handed in, so
 * that signed parts keep their exact octets.
 *
 * Children are read when asked for, once, and without recursion into definite lengths: a list of 100,000 revoked
 * certificates costs only what is looked at. Indefinite lengths are walked to find their end, within the limits.
 *
 * @module
 */
import { Asn1Error } from './error.ts';

export const TAG = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  enumerated: 10,
  utf8String: 12,
  sequence: 16,
  set: 17,
  printableString: 19,
  t61String: 20,
  ia5String: 22,
  utcTime: 23,
  generalizedTime: 24,
  universalString: 28,
  bmpString: 30,
} as const;

export type TagClass = 'universal' | 'application' | 'context' | 'private';

export interface ReadLimits {
  /** Nesting of constructed values. Default 64. */
  readonly depth: number;
  /** Values read from one input, all together. Default 4,000,000. */
  readonly nodes: number;
  /** `der` refuses indefinite lengths and lengths that are not minimal. Default `ber`. */
  readonly rules: 'ber' | 'der';
}

const DEFAULT_LIMITS: ReadLimits = { depth: 64, nodes: 4_000_000, rules: 'ber' };

/** One value. Offsets count from the start of `source`. */
export interface Node {
  readonly source: Uint8Array;
  readonly tagClass: TagClass;
  readonly constructed: boolean;
  readonly tag: number;
  /** First identifier octet. */
  readonly start: number;
  readonly contentStart: number;
  /** End of the content, without end-of-contents octets. */
  readonly contentEnd: number;
  /** End of the whole value, with end-of-contents octets. */
  readonly end: number;
  readonly indefinite: boolean;
}

interface Budget {
  readonly limits: ReadLimits;
  left: number;
}

interface InternalNode extends Node {
  readonly budget: Budget;
  readonly level: number;
  kids?: readonly Node[];
}

const CLASSES: readonly TagClass[] = ['universal', 'application', 'context', 'private'];

/**
 * Reads one value from the start of `bytes`.
 *
 * @param trailing `refuse` (default) wants the value to fill the bytes; `allow` leaves what follows to the caller,
 *   who finds it after `end`.
 * @throws {Asn1Error}
 */
export function readAsn1(
  bytes: Uint8Array,
  options: Partial<ReadLimits> & { trailing?: 'refuse' | 'allow' } = {},
): Node {
  const limits: ReadLimits = {
    depth: options.depth ?? DEFAULT_LIMITS.depth,
    nodes: options.nodes ?? DEFAULT_LIMITS.nodes,
    rules: options.rules ?? DEFAULT_LIMITS.rules,
  };
  const node = readOne(bytes, 0, bytes.length, 1, { limits, left: limits.nodes });
  if (options.trailing !== 'allow' && node.end !== bytes.length) {
    throw new Asn1Error('trailing', node.end, `${bytes.length - node.end} octets follow the value`);
  }
  return node;
}

/** The values inside a constructed one, in order. @throws {Asn1Error} also when `node` is primitive. */
export function children(node: Node): readonly Node[] {
  const inner = node as InternalNode;
  if (inner.kids) return inner.kids;
  if (!node.constructed)
    throw new Asn1Error('unexpected', node.start, `${describe(node)} has no inner values`);
  const kids: Node[] = [];
  for (let at = node.contentStart; at < node.contentEnd; ) {
    const kid = readOne(node.source, at, node.contentEnd, inner.level + 1, inner.budget);
    kids.push(kid);
    at = kid.end;
  }
  inner.kids = kids;
  return kids;
}

/** The whole value with its identifier and length octets, as received. */
export const raw = (node: Node): Uint8Array => node.source.subarray(node.start, node.end);

/** The content octets as received. */
export const content = (node: Node): Uint8Array => node.source.subarray(node.contentStart, node.contentEnd);

/** Whether the node is universal with this tag, or context-specific when `tagClass` says so. */
export const is = (node: Node | undefined, tag: number, tagClass: TagClass = 'universal'): node is Node =>
  node !== undefined && node.tag === tag && node.tagClass === tagClass;

export const isContext = (node: Node | undefined, tag: number): node is Node => is(node, tag, 'context');

/** `node`, or an error that says what stood in its place. */
export function expect(
  node: Node | undefined,
  tag: number,
  what: string,
  tagClass: TagClass = 'universal',
): Node {
  if (node?.tag === tag && node.tagClass === tagClass) return node;
  throw new Asn1Error(
    'unexpected',
    node?.start ?? 0,
    `${what}: expected ${tagClass} tag ${tag}, found ${node ? describe(node) : 'nothing'}`,
  );
}

/** Content of a string type that BER may have cut into segments (X.690 §8.7.3), joined. */
export function stringContent(node: Node): Uint8Array {
  if (!node.constructed) return content(node);
  const parts: Uint8Array[] = [];
  const pending: Node[] = [node];
  let length = 0;
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.constructed) {
      // Not spread into `push`: a large content has more segments than a call may have arguments.
      for (const kid of children(next).toReversed()) pending.push(kid);
    } else {
      const part = content(next);
      parts.push(part);
      length += part.length;
    }
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function readOne(
  source: Uint8Array,
  start: number,
  limit: number,
  level: number,
  budget: Budget,
): InternalNode {
  if (level > budget.limits.depth)
    throw new Asn1Error('depth', start, `nested deeper than ${budget.limits.depth}`);
  if (--budget.left < 0) throw new Asn1Error('nodes', start, `more than ${budget.limits.nodes} values`);
  const head = readHead(source, start, limit, budget.limits.rules);
  if (head.length !== undefined) {
    const contentEnd = head.contentStart + head.length;
    return {
      ...head.id,
      source,
      start,
      contentStart: head.contentStart,
      contentEnd,
      end: contentEnd,
      indefinite: false,
      budget,
      level,
    };
  }
  const contentEnd = findEnd(source, head.contentStart, limit, level, budget);
  return {
    ...head.id,
    source,
    start,
    contentStart: head.contentStart,
    contentEnd,
    end: contentEnd + 2,
    indefinite: true,
    budget,
    level,
  };
}

/** Walks an indefinite length to its end-of-contents octets; an explicit stack, so no input can exhaust ours. */
function findEnd(source: Uint8Array, from: number, limit: number, level: number, budget: Budget): number {
  let open = 1;
  let at = from;
  for (;;) {
    if (at + 2 > limit) throw new Asn1Error('truncated', at, 'indefinite length without its end');
    if (source[at] === 0 && source[at + 1] === 0) {
      if (--open === 0) return at;
      at += 2;
      continue;
    }
    if (--budget.left < 0) throw new Asn1Error('nodes', at, `more than ${budget.limits.nodes} values`);
    const head = readHead(source, at, limit, budget.limits.rules);
    if (head.length === undefined) {
      if (level + ++open > budget.limits.depth) {
        throw new Asn1Error('depth', at, `nested deeper than ${budget.limits.depth}`);
      }
      at = head.contentStart;
    } else {
      at = head.contentStart + head.length;
    }
  }
}

interface Head {
  readonly id: { readonly tagClass: TagClass; readonly constructed: boolean; readonly tag: number };
  readonly contentStart: number;
  /** undefined: indefinite */
  readonly length: number | undefined;
}

function readHead(source: Uint8Array, start: number, limit: number, rules: 'ber' | 'der'): Head {
  let at = start;
  const next = (): number => {
    if (at >= limit) throw new Asn1Error('truncated', at, 'value ends early');
    return source[at++]!;
  };
  const first = next();
  let tag = first & 0x1f;
  if (tag === 0x1f) {
    tag = 0;
    for (let octet = 0x80, count = 0; octet & 0x80; count++) {
      if (count === 4) throw new Asn1Error('tag', start, 'tag number over 28 bits');
      octet = next();
      tag = (tag << 7) | (octet & 0x7f);
    }
  }
  const constructed = (first & 0x20) !== 0;
  const id = { tagClass: CLASSES[first >> 6]!, constructed, tag };
  let length = next();
  if (length === 0x80) {
    if (rules === 'der') throw new Asn1Error('indefinite', start, 'indefinite length is not DER');
    if (!constructed) throw new Asn1Error('indefinite', start, 'indefinite length on a primitive value');
    return { id, contentStart: at, length: undefined };
  }
  if (length & 0x80) {
    let count = length & 0x7f;
    if (count === 0x7f) throw new Asn1Error('length', start, 'reserved length octet');
    if (rules === 'der' && (count > 4 || source[at] === 0)) {
      throw new Asn1Error('length', start, 'length is not minimal');
    }
    length = 0;
    for (; count > 0; count--) {
      length = length * 256 + next();
      if (length > 0x7fff_ffff) throw new Asn1Error('length', start, 'length over 2 GiB');
    }
    if (rules === 'der' && length < 0x80) throw new Asn1Error('length', start, 'length is not minimal');
  }
  if (length > limit - at) {
    throw new Asn1Error('truncated', start, `length ${length} where ${limit - at} octets remain`);
  }
  return { id, contentStart: at, length };
}

/** For error texts: `SEQUENCE`, `[0]`, `universal tag 9`. */
export function describe(node: Node): string {
  if (node.tagClass === 'context') return `[${node.tag}]`;
  const name = Object.entries(TAG).find(([, number]) => number === node.tag)?.[0];
  return node.tagClass === 'universal' && name ? name : `${node.tagClass} tag ${node.tag}`;
}
