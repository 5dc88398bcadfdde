import { Asn1Error } from '../asn1/error.ts';
import { type Cause, cause } from '../outcome/cause.ts';
import { PkiError } from '../pki/error.ts';

export type CmsCode =
  /** The octets are not the object that was expected. */
  | 'structure'
  /** More than we are willing to read. */
  | 'limit'
  /** None of the keys belongs to a recipient. */
  | 'no-recipient-match'
  /** One answer for every way in which decrypting can fail, so that nobody learns which. */
  | 'decrypt-failed'
  | 'unsupported-cipher'
  | 'unsupported-transport'
  /** What was asked to be written cannot be: no signer, no recipient, a key of the wrong kind. */
  | 'input';

/** The only error of this layer. */
export class CmsError extends Error {
  override readonly name = 'CmsError';
  readonly code: CmsCode;
  /** The same as a reason of `outcome/`. */
  readonly reason: Cause;
  constructor(code: CmsCode, detail: string, reason?: Cause, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
    this.reason = reason ?? cause('parse.cms-structure', { why: detail });
  }
}

export const decryptFailed = (): CmsError =>
  new CmsError('decrypt-failed', 'the content cannot be decrypted', cause('crypto.decrypt-failed', {}));

export const tooMany = (what: string, limit: number): CmsError =>
  new CmsError('limit', `over ${limit} ${what}`, cause('parse.limit', { what, limit }));

/** Runs `read`; errors of the layers below become this layer's, with `what` in front. */
export function reading<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Asn1Error && (error.code === 'nodes' || error.code === 'depth')) {
      const reason = cause('parse.limit', { what: `ASN.1 ${error.code}`, limit: 0 });
      throw new CmsError('limit', `${what}: ${error.message}`, reason, { cause: error });
    }
    if (error instanceof Asn1Error || error instanceof PkiError) {
      throw new CmsError('structure', `${what}: ${error.message}`, undefined, { cause: error });
    }
    throw error;
  }
}
