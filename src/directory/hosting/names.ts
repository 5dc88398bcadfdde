/**
 * Where the store keeps a name of a hosted zone: under a number that is made of the name, so that finding one of a
 * million is one step down one tree, and nothing about it is held in memory.
 *
 * @module
 */
import type { SqlList, Statement } from '../../store/handle.ts';
import type { Directory } from '../directory.ts';

export interface HostedName {
  readonly n: number;
  /** `hosted_zone.n`. */
  readonly zone: number;
  /** Address or domain; empty where only other names lie below. */
  readonly owner: string;
  /** Names with certificates below it. */
  readonly below: number;
  readonly certificates: Uint8Array | null;
}

/** Two names of one number are told apart by their text; the second goes to the next of these numbers. */
const ATTEMPTS = 4;

/** A number below 2^53: two multiplications of 32 bits, each with what the other has seen (cyrb53). */
function numberOf(text: string, attempt: number): number {
  let a = 0xdeadbeef ^ attempt;
  let b = 0x41c6ce57 ^ attempt;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}

export interface HostedNames {
  /** @param name canonical, lower case */
  find(name: string): HostedName | undefined;
  /** The number that a name has, or would have. @throws {Error} when there is none left, which chance alone never does */
  place(name: string): { readonly n: number; readonly found: HostedName | undefined };
}

export function hostedNames({ handle, tenant }: Directory): HostedNames {
  const statement: Statement = handle.prepare(
    'select name, zone, owner, below, certificates, tenant from hosted_name where n = ?',
  );
  const place: HostedNames['place'] = (name) => {
    const text = `${tenant}\u0000${name}`;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const n = numberOf(text, attempt);
      const [row] = statement.lists(n);
      if (!row) return { n, found: undefined };
      if (row[0] === name && row[5] === tenant) return { n, found: nameOf(n, row) };
    }
    throw new Error(`no number is left for the name ${name}`);
  };
  return { place, find: (name) => place(name).found };
}

const nameOf = (n: number, [, zone, owner, below, certificates]: SqlList): HostedName => ({
  n,
  zone: zone as number,
  owner: owner as string,
  below: below as number,
  certificates: certificates as Uint8Array | null,
});

/** RDATA of several CERT records in one piece, each after its length. */
export function packRdata(records: readonly Uint8Array[]): Uint8Array {
  const pieces = records.flatMap((rdata) => [Uint8Array.of(rdata.length >> 8, rdata.length & 0xff), rdata]);
  return Buffer.concat(pieces);
}

/** What `packRdata` packed; what is cut off is left out. */
export function unpackRdata(packed: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at + 2 <= packed.length; ) {
    const length = (packed[at]! << 8) | packed[at + 1]!;
    at += 2;
    if (at + length > packed.length) break;
    records.push(packed.subarray(at, at + length));
    at += length;
  }
  return records;
}
