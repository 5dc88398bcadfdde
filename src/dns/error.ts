export type DnsErrorCode =
  /** The message ends before it should. */
  | 'truncated'
  /** The message goes on after it should end. */
  | 'trailing'
  /** A domain name breaks the limits of RFC 1035 §2.3.4, or its text cannot be read. */
  | 'name'
  /** A compression pointer does not point back, or too many of them follow each other. */
  | 'pointer'
  /** More or fewer than one question, or counts that cannot be. */
  | 'header'
  /** RDATA that does not fit its type. */
  | 'rdata'
  /** OPT twice, misplaced or malformed (RFC 6891 §6.1.1). */
  | 'opt'
  /** A value that cannot be written: out of range, too long. */
  | 'value'
  /** A set of records that is not a zone. */
  | 'zone';

/** The only error of this layer for foreign bytes, foreign text and wrong values. */
export class DnsError extends Error {
  override readonly name = 'DnsError';
  readonly code: DnsErrorCode;
  constructor(code: DnsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
