/**
 * Why an HTTP exchange gave nothing that can be used.
 *
 * @module
 */
import { NetError } from '../net/host.ts';

export type HttpErrorCode =
  /** No http or https URL, or one with credentials in it. */
  | 'url'
  /** The target is an address that we do not call (private, loopback, …). */
  | 'address'
  /** The name of the server has no address, or it could not be found out. */
  | 'resolve'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  /** The connection ended before the answer did. */
  | 'closed'
  | 'tls'
  /** What came is not HTTP. */
  | 'protocol'
  | 'status'
  | 'redirect'
  | 'too-large'
  /** The body came compressed although we asked for it as it is. */
  | 'encoding'
  | 'media-type';

export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;
  readonly status: number | undefined;
  constructor(code: HttpErrorCode, message: string, status?: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Whatever a socket or Node's parser threw, as an `HttpError`. */
export function httpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof NetError) {
    const code =
      error.code === 'refused' || error.code === 'unreachable' || error.code === 'timeout'
        ? error.code
        : 'closed';
    return new HttpError(code, error.message);
  }
  const message = error instanceof Error ? error.message : String(error);
  const name = (error as { code?: unknown } | null)?.code;
  if (typeof name === 'string' && name.startsWith('HPE_')) {
    return name === 'HPE_HEADER_OVERFLOW'
      ? new HttpError('too-large', 'the header of the answer is too large')
      : new HttpError('protocol', `the answer is not HTTP: ${message}`);
  }
  return new HttpError('closed', `the connection ended before the answer did (${message})`);
}
