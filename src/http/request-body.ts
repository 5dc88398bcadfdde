/**
 * The body of a request, within its bound.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http';
import { HttpError } from './error.ts';

/** Undefined when the request has none. @throws {HttpError} too-large (413), closed (400) */
export function readRequestBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  const { 'content-length': length, 'transfer-encoding': chunked } = request.headers;
  const tooLarge = () => new HttpError('too-large', `the request body is larger than ${maxBytes} bytes`, 413);
  if (Number(length ?? 0) > maxBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) reject(tooLarge());
      else chunks.push(chunk);
    });
    request.on('error', (error) => reject(new HttpError('closed', error.message, 400)));
    request.on('end', () =>
      resolve(length === undefined && chunked === undefined ? undefined : Buffer.concat(chunks)),
    );
  });
}
