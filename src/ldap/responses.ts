/**
 * Checks every octet of a server's answer against the LDAP schema before ldapts sees it, as the guard does for
 * requests: a hostile server must not cost more than a closed connection.
 *
 * @module
 */
import { BER, BerCursor } from './ber-cursor.ts';

export type ResponseOp = 'bind' | 'entry' | 'reference' | 'done' | 'extended' | 'other';

export interface CheckedResponse {
  readonly id: number;
  readonly op: ResponseOp;
  /** Where the operation lies, with its identifier and length, without controls. */
  readonly start: number;
  readonly end: number;
  readonly result?: {
    readonly code: number;
    readonly diagnostic: string;
    /** URIs that come with result 10. */
    readonly referrals: readonly string[];
    /** Where the octets of the code lie. */
    readonly codeStart: number;
    readonly codeEnd: number;
  };
}

const RESPONSES = new Map<number, ResponseOp>([
  [0x61, 'bind'],
  [0x64, 'entry'],
  [0x73, 'reference'],
  [0x65, 'done'],
  [0x78, 'extended'],
  [0x79, 'other'],
]);

/**
 * Judges the one message from `start` to `end`. Answers to what we never ask are `other`, unchecked inside.
 *
 * @throws {LdapError} encoding, protocol
 */
export function checkResponse(bytes: Buffer, start: number, end: number): CheckedResponse {
  const cursor = new BerCursor(bytes, start);
  cursor.open(BER.sequence, end, 'message');
  const id = cursor.integer(BER.integer, end, 'message id');
  const opStart = cursor.at;
  const tag = cursor.peek(end);
  const op = RESPONSES.get(tag) ?? 'other';
  const opEnd = cursor.open(tag, end, op);
  const result = checkBody(cursor, op, opEnd);
  return { id, op, start: opStart, end: opEnd, ...(result && { result }) };
}

function checkBody(cursor: BerCursor, op: ResponseOp, end: number): CheckedResponse['result'] {
  switch (op) {
    case 'entry':
      checkEntry(cursor, end);
      return undefined;
    case 'reference':
      while (cursor.at < end) cursor.octets(BER.octetString, end, 'URI');
      return undefined;
    case 'other':
      return undefined;
    default:
      return checkResult(cursor, end);
  }
}

function checkEntry(cursor: BerCursor, end: number): void {
  cursor.octets(BER.octetString, end, 'entry name');
  const list = cursor.open(BER.sequence, end, 'attributes');
  while (cursor.at < list) {
    const attribute = cursor.open(BER.sequence, list, 'attribute');
    cursor.octets(BER.octetString, attribute, 'attribute type');
    const values = cursor.open(BER.set, attribute, 'values');
    while (cursor.at < values) cursor.octets(BER.octetString, values, 'value');
    cursor.finish(attribute, 'attribute');
  }
  cursor.finish(end, 'entry');
}

const MOST_REFERRALS = 20;

function checkResult(cursor: BerCursor, end: number): NonNullable<CheckedResponse['result']> {
  const codeEnd = cursor.open(BER.enumerated, end, 'result code');
  const codeStart = cursor.at;
  const code = cursor.integerTo(codeEnd, 'result code');
  cursor.octets(BER.octetString, end, 'matched name');
  const diagnostic = cursor.text(BER.octetString, end, 'diagnostic').slice(0, 500);
  const referrals: string[] = [];
  if (cursor.peek(end) === 0xa3) {
    const list = cursor.open(0xa3, end, 'referral');
    while (cursor.at < list) {
      const uri = cursor.text(BER.octetString, list, 'URI');
      if (referrals.length < MOST_REFERRALS) referrals.push(uri);
    }
  }
  while (cursor.at < end) {
    const tag = cursor.peek(end);
    cursor.octets(tag === 0x87 || tag === 0x8a ? tag : 0x8b, end, 'part of the answer');
  }
  return { code, diagnostic, referrals, codeStart, codeEnd };
}
