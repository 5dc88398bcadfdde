import { Asn1Error } from '../asn1/error.ts';

export type PkiCode =
  /** The octets are not the ASN.1 that was expected. */
  | 'structure'
  /** A known extension does not decode, or stands twice. */
  | 'extension'
  /** The public key cannot be used. */
  | 'key'
  /** An algorithm that we do not have. */
  | 'algorithm'
  /** More than we are willing to read. */
  | 'limit'
  /** The password does not open it, or its octets were changed. */
  | 'password'
  /** What was asked to be issued cannot be written. */
  | 'spec';

/** The only error of this layer. */
export class PkiError extends Error {
  override readonly name = 'PkiError';
  readonly code: PkiCode;
  constructor(code: PkiCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

/** Runs `read`; an error of the ASN.1 layer becomes `code` of this one, with `what` in front. */
export function reading<T>(what: string, code: PkiCode, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Asn1Error) throw new PkiError(code, `${what}: ${error.message}`, { cause: error });
    throw error;
  }
}
