/**
 * A look at the first octets of a query, before anything is decoded: what cannot be a query of ours costs nothing.
 *
 * @module
 */
export type Verdict =
  | { readonly kind: 'query' }
  /** Answer with this code and nothing but the header; say why in the evidence. */
  | { readonly kind: 'refuse'; readonly rcode: 'FORMERR' | 'NOTIMP'; readonly why: string }
  /** Say nothing: an answer could go round in circles or hit a bystander. */
  | { readonly kind: 'drop'; readonly why: string };

const OK: Verdict = { kind: 'query' };
const drop = (why: string): Verdict => ({ kind: 'drop', why });
const refuse = (rcode: 'FORMERR' | 'NOTIMP', why: string): Verdict => ({ kind: 'refuse', rcode, why });

/** @param limit Octets that a query may have on this transport. */
export function guardQuery(bytes: Uint8Array, limit: number): Verdict {
  if (bytes.length < 12) return drop('shorter than a header');
  const high = bytes[2]!;
  if (high & 0x80) return drop('an answer, not a query (QR=1)');
  if (bytes.length > limit) return refuse('FORMERR', `a query of ${bytes.length} octets (at most ${limit})`);
  const opcode = (high >> 3) & 15;
  if (opcode !== 0) return refuse('NOTIMP', `operation ${opcode}`);
  const count = (at: number) => (bytes[at]! << 8) | bytes[at + 1]!;
  if (count(4) !== 1) return refuse('FORMERR', `${count(4)} questions`);
  if (count(6) !== 0 || count(8) !== 0) return refuse('FORMERR', 'records in a query');
  if (count(10) > 2) return refuse('FORMERR', `${count(10)} additional records in a query`);
  let at = 12;
  for (;;) {
    const length = bytes[at];
    if (length === undefined) return refuse('FORMERR', 'the question is cut short');
    if (length === 0) break;
    if (length > 63) return refuse('FORMERR', 'a compression pointer in the question');
    at += length + 1;
    if (at - 12 > 254) return refuse('FORMERR', 'a name over 255 octets');
  }
  if (at + 5 > bytes.length) return refuse('FORMERR', 'the question is cut short');
  return OK;
}

/** The header of a query, turned into an answer that holds nothing else. */
export function bareAnswer(query: Uint8Array, rcode: number): Uint8Array {
  const bytes = new Uint8Array(12);
  bytes.set(query.subarray(0, 4));
  bytes[2] = (bytes[2]! & 0x79) | 0x80;
  bytes[3] = (bytes[3]! & 0x10) | (rcode & 15);
  return bytes;
}
