export type CustodyCode =
  /** The external signer cannot be reached, or went away. */
  | 'unreachable'
  /** It did not answer in time. */
  | 'timeout'
  /** It has no key of that name. */
  | 'unknown-key'
  /** It will not do that with this key, or not for us. */
  | 'refused'
  /** What it said is not the protocol. */
  | 'protocol'
  /** Two persons are asked for, and there is no approval that fits. */
  | 'approval'
  /** The ceremony log was changed, or cannot be read. */
  | 'log';

/** The only error of this layer. */
export class CustodyError extends Error {
  override readonly name = 'CustodyError';
  readonly code: CustodyCode;
  constructor(code: CustodyCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}
