/**
 * LDAP requests as octets, for what no client of ours does: changing something, and many searches at once.
 *
 * @module
 */
import { boolean, encode, integer } from '../../../asn1/write.ts';
import { BER, BerCursor, frameEnd } from '../../../ldap/ber-cursor.ts';
import { LdapError } from '../../../ldap/error.ts';
import { resultName } from '../../../ldap/result.ts';
import type { Addr, Host } from '../../../net/host.ts';

const text = (value: string): Uint8Array => encode(BER.octetString, Buffer.from(value));
const enumerated = (value: number): Uint8Array => Uint8Array.of(BER.enumerated, 1, value);
const attribute = (name: string, value: string): Uint8Array =>
  encode(BER.sequence, text(name), encode(BER.set, text(value)));

/** AddRequest (RFC 4511 §4.7). */
export const addRequest = (dn: string): Uint8Array =>
  encode(
    0x68,
    text(dn),
    encode(BER.sequence, attribute('objectClass', 'person'), attribute('cn', 'x'), attribute('sn', 'x')),
  );

/** ModifyRequest that adds a description (§4.6). */
export const modifyRequest = (dn: string): Uint8Array =>
  encode(
    0x66,
    text(dn),
    encode(BER.sequence, encode(BER.sequence, enumerated(0), attribute('description', 'changed'))),
  );

/** DelRequest (§4.8). */
export const deleteRequest = (dn: string): Uint8Array => encode(0x4a, Buffer.from(dn));

/** SearchRequest for one value of `mail`, below `base` (§4.5.1). */
export const mailSearch = (base: string, mail: string): Uint8Array =>
  encode(
    0x63,
    text(base),
    enumerated(2),
    enumerated(0),
    integer(1),
    integer(5),
    boolean(false),
    encode(0xa3, text('mail'), text(mail)),
    encode(BER.sequence, text('mail')),
  );

const LARGEST = 1 << 20;
/** Of the messages of an answer those that end it: SearchResultDone, and the answers to modify, add and delete. */
const LAST = new Set([0x65, 0x67, 0x69, 0x6b]);

/**
 * Sends all requests at once on a connection of their own and waits for the answers.
 *
 * @returns names of the result codes, in the order of the requests; fewer when the server ends the connection or the
 *   time is over
 * @throws {NetError} there is no connection
 */
export async function resultsOf(
  host: Host,
  addr: Addr,
  requests: readonly Uint8Array[],
  deadlineMs: number,
): Promise<string[]> {
  const socket = await host.dial(addr, { deadlineMs });
  const results: string[] = [];
  await new Promise<void>((resolve) => {
    let waiting: Buffer = Buffer.alloc(0);
    const cancel = host.timer(deadlineMs, () => end());
    const end = (): void => {
      cancel();
      socket.destroy();
      resolve();
    };
    socket.on('error', end);
    socket.on('close', end);
    socket.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk]);
      try {
        waiting = takeAll(waiting, results);
      } catch (error) {
        if (!(error instanceof LdapError)) throw error;
        end();
      }
      if (results.length >= requests.length || waiting.length > LARGEST) end();
    });
    socket.write(
      Buffer.concat(requests.map((request, index) => encode(BER.sequence, integer(index + 1), request))),
    );
  });
  return results;
}

/** Reads the whole messages; gives what is left. @throws {LdapError} */
function takeAll(bytes: Buffer, results: string[]): Buffer {
  let start = 0;
  for (;;) {
    const end = frameEnd(bytes, start, bytes.length, LARGEST);
    if (end === 0) return bytes.subarray(start);
    const cursor = new BerCursor(bytes, start);
    cursor.open(BER.sequence, end, 'message');
    cursor.integer(BER.integer, end, 'message id');
    const tag = cursor.peek(end);
    if (LAST.has(tag)) {
      cursor.open(tag, end, 'answer');
      results.push(resultName(cursor.integer(BER.enumerated, end, 'result')));
    }
    start = end;
  }
}
