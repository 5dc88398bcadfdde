/**
 * How octets become commands and content: the seam of servers that get it wrong.
 *
 * @module
 */
import { createDataReader, type DataReader } from './data-reader.ts';

export interface SmtpWire {
  /** Reads the content of DATA, up to so many octets; `announced`: the SIZE that the client named. */
  readonly content: (maxOctets: number, announced?: number) => DataReader;
  /** What is kept of the octets that came in clear behind STARTTLS. */
  readonly afterStartTls: (clear: Uint8Array) => Uint8Array;
}

/** Only CRLF.CRLF ends a message; nothing that came before the handshake counts (RFC 3207 §4.2, §6). */
export const referenceWire: SmtpWire = {
  content: createDataReader,
  afterStartTls: () => new Uint8Array(0),
};
