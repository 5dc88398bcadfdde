export type LdapErrorCode =
  /** The server's machine said no. */
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'closed'
  /** Tags, lengths or nesting that are not BER with definite lengths; the stream cannot be trusted any more. */
  | 'encoding'
  /** Well-formed BER that is not the message LDAP asks for. */
  | 'protocol'
  /** The server answered with `resultCode` where success was needed. */
  | 'result'
  /** More octets, entries or values than the limit. */
  | 'limit'
  | 'tls'
  | 'dn'
  | 'filter'
  /** An entry that cannot be published: bad or double name, outside the naming contexts. */
  | 'entry';

/** The only error of this layer. */
export class LdapError extends Error {
  override readonly name = 'LdapError';
  readonly code: LdapErrorCode;
  /** With code `result`: the number of RFC 4511 §4.1.9. */
  readonly resultCode?: number;
  constructor(code: LdapErrorCode, message: string, resultCode?: number) {
    super(message);
    this.code = code;
    if (resultCode !== undefined) this.resultCode = resultCode;
  }
}
