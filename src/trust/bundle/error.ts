/**
 * Why a bundle is not what it should be.
 *
 * @module
 */
import { type Cause, cause } from '../../outcome/cause.ts';

export type BundleErrorCode =
  /** The octets are not a bundle. */
  | 'format'
  /** More than we are willing to read. */
  | 'limit'
  /** A signer is pinned and nobody signed. */
  | 'signer-missing'
  /** Somebody else than the pinned signer signed. */
  | 'signer-mismatch'
  /** The signature does not verify. */
  | 'signature'
  /** There is no anchor in it. */
  | 'empty'
  /** The metadata are not only wrong, but dangerous to read. */
  | 'metadata'
  /** What was asked to be built, subscribed to or kept cannot be. */
  | 'spec';

/** The only error of this layer. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly code: BundleErrorCode;
  /** The same as a reason of `outcome/`. */
  readonly reason: Cause;
  constructor(code: BundleErrorCode, detail: string, reason?: Cause, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
    this.reason = reason ?? cause('bundle.format', { why: detail });
  }
}

export const notABundle = (why: string, options?: ErrorOptions): BundleError =>
  new BundleError('format', why, undefined, options);

export const tooLarge = (what: string, limit: number): BundleError =>
  new BundleError('limit', `more than ${limit} ${what}`);
