/**
 * What can go wrong on an SMTP connection.
 *
 * `syntax` and `limit` come from parsers; the rest from the sender: the connection was `refused`, the host is
 * `unreachable`, an answer did not come (`timeout`), the peer hung up (`closed`), spoke no SMTP (`protocol`), or the
 * TLS handshake failed (`tls`).
 */
export type SmtpErrorCode =
  | 'syntax'
  | 'limit'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'closed'
  | 'protocol'
  | 'tls';

/** The only error of this layer. */
export class SmtpError extends Error {
  override readonly name = 'SmtpError';
  readonly code: SmtpErrorCode;
  constructor(code: SmtpErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}
