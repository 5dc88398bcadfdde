/**
 * One request over a socket that stands already: Node's own parser, our limits.
 *
 * @module
 */
import { Agent, type IncomingMessage, request } from 'node:http';
import type { Socket } from '../net/host.ts';
import { HttpError, httpError } from './error.ts';

export interface Exchange {
  /** Default GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  /** Of a POST. */
  readonly body?: Uint8Array;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names; of repeated ones as Node joins them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const MAX_HEADER_BYTES = 16_384;
/** Interim answers (100, 103) before the final one. */
const MAX_INTERIM = 8;

/** The given socket is the one connection that this agent ever has. */
class OneSocketAgent extends Agent {
  readonly #socket: Socket;
  constructor(socket: Socket) {
    super({ keepAlive: false, maxSockets: 1 });
    this.#socket = socket;
  }
  override createConnection(): Socket {
    return this.#socket;
  }
}

/** Sends the request and reads the whole answer. The socket is used up. @throws {HttpError} */
export function exchange(
  socket: Socket,
  { method = 'GET', path, headers, maxBytes, body }: Exchange,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({
      agent: new OneSocketAgent(socket),
      method,
      path,
      headers,
      setHost: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      insecureHTTPParser: false,
    });
    const fail = (error: unknown) => {
      reject(httpError(error));
      sent.destroy();
      socket.destroy();
    };
    let interim = 0;
    sent.on('information', () => {
      if (++interim > MAX_INTERIM)
        fail(new HttpError('protocol', `more than ${MAX_INTERIM} interim answers`));
    });
    sent.on('error', fail);
    sent.on('upgrade', () => fail(new HttpError('protocol', 'the server changes to another protocol')));
    let answered = false;
    sent.on('close', () => answered || fail(new Error('no answer')));
    sent.on('response', (response) => {
      answered = true;
      readBody(response, maxBytes).then((answer) => {
        socket.destroy();
        resolve({ status: response.statusCode ?? 0, headers: flat(response), body: answer });
      }, fail);
    });
    sent.end(body);
  });
}

/** Redirects and refusals need no body: it is not waited for. */
function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) return Promise.resolve(new Uint8Array());
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== '')
    return Promise.reject(new HttpError('encoding', `the body comes as ${encoding.slice(0, 40)}`, status));
  const tooLarge = () => new HttpError('too-large', `the body is larger than ${maxBytes} bytes`, status);
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) reject(tooLarge());
      else chunks.push(chunk);
    });
    response.on('error', reject);
    response.on('end', () => {
      if (response.complete) resolve(Buffer.concat(chunks));
      else reject(new HttpError('closed', `the connection ended after ${size} bytes of the body`, status));
    });
  });
}

function flat(response: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers))
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  return headers;
}
