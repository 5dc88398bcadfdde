/**
 * `header`, `mime` and `base64`: the octets cannot be read so. `limit`: a bound was reached. `compose`: the caller
 * asked for a message that would not be well-formed, for example a header value with a line break.
 */
export type MailCode = 'header' | 'mime' | 'base64' | 'limit' | 'compose';

/** The only error of this layer. The codes but `compose` are the `parse.*` reasons of `outcome/cause.ts`. */
export class MailError extends Error {
  override readonly name = 'MailError';
  readonly code: MailCode;
  /** With `limit`: the bound that was reached. */
  readonly limit: number | undefined;
  constructor(code: MailCode, detail: string, limit?: number) {
    super(detail);
    this.code = code;
    this.limit = limit;
  }
}
