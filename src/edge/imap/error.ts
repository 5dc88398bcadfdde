/**
 * `syntax`: the octets are no command of RFC 3501. `limit`: they are more, or nested deeper, than is taken.
 */
export type ImapErrorCode = 'syntax' | 'limit';

/** What the parsers of this folder throw, and nothing else. */
export class ImapError extends Error {
  override readonly name = 'ImapError';
  readonly code: ImapErrorCode;
  constructor(code: ImapErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}
