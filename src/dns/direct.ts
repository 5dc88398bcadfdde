/**
 * Answers to the question that senders ask most, for the certificates of one name, written from records that are ready:
 * nothing is decoded and nothing encoded. Everything else about a query is left to the decoder and the authority, which
 * would write the same octets.
 *
 * @module
 */
import { UDP_SIZE } from './message.ts';
import type { ReadyKey } from './ready.ts';

/** The CERT records of a name that a server answers for. */
export interface ReadyRecords {
  /** Seconds. */
  readonly ttl: number;
  readonly rdata: readonly Uint8Array[];
}

const CERT = 37;
/** Octets of the key behind the name: type, class, size, flags. */
const BEHIND = 7;

/**
 * The answer to the canonical query of the key, or undefined when there is more to it: another question, a name with
 * unusual octets, nothing found, or more than fits.
 *
 * @param find takes a canonical name
 */
export function directAnswer(
  { octets, length }: ReadyKey,
  find: (name: string) => ReadyRecords | undefined,
): Buffer | undefined {
  const nameEnd = length - BEHIND;
  if (nameEnd < 2 || octets[nameEnd] !== 0 || octets[nameEnd + 1] !== CERT) return undefined;
  if (octets[nameEnd + 2] !== 0 || octets[nameEnd + 3] !== 1) return undefined;
  const name = nameOf(octets, nameEnd);
  const found = name === undefined ? undefined : find(name);
  if (!found || found.rdata.length === 0) return undefined;
  const size = (octets[nameEnd + 4]! << 8) | octets[nameEnd + 5]!;
  const flags = octets[nameEnd + 6]!;
  let total = 12 + nameEnd + 5 + (flags === 0 ? 0 : 11);
  for (const rdata of found.rdata) total += 12 + rdata.length;
  if (total > (size === 0 ? 0xffff : size)) return undefined;
  const wire = Buffer.allocUnsafe(total);
  wire.fill(0, 0, 12);
  // an answer, authoritative
  wire[2] = 0x84;
  wire[5] = 1;
  wire.writeUInt16BE(found.rdata.length, 6);
  wire[11] = flags === 0 ? 0 : 1;
  wire.set(octets.subarray(0, nameEnd), 12);
  let at = 12 + nameEnd;
  wire[at++] = 0;
  at = wire.writeUInt16BE(CERT, at);
  at = wire.writeUInt16BE(1, at);
  for (const rdata of found.rdata) {
    // the name of the question, which stands behind the header
    at = wire.writeUInt16BE(0xc00c, at);
    at = wire.writeUInt16BE(CERT, at);
    at = wire.writeUInt16BE(1, at);
    at = wire.writeUInt32BE(found.ttl, at);
    at = wire.writeUInt16BE(rdata.length, at);
    wire.set(rdata, at);
    at += rdata.length;
  }
  if (flags !== 0) {
    wire[at++] = 0;
    at = wire.writeUInt16BE(41, at);
    at = wire.writeUInt16BE(UDP_SIZE, at);
    at = wire.writeUInt32BE(flags & 2 ? 0x8000 : 0, at);
    wire.writeUInt16BE(0, at);
  }
  return wire;
}

const scratch = Buffer.alloc(300);

/** The labels as text; undefined when one has octets that text escapes. */
function nameOf(octets: Uint8Array, end: number): string | undefined {
  for (let at = 0; at < end; ) {
    const next = at + 1 + octets[at]!;
    scratch[at] = 0x2e;
    for (at++; at < next; at++) {
      const octet = octets[at]!;
      const plain = (octet >= 0x61 && octet <= 0x7a) || (octet >= 0x30 && octet <= 0x39);
      if (!plain && octet !== 0x2d && octet !== 0x5f) return undefined;
      scratch[at] = octet;
    }
  }
  return scratch.toString('latin1', 1, end);
}
