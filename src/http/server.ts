/**
 * A small HTTP server for what a trust network publishes: issuers, revocation lists, bundles. Over `Host` sockets, so
 * it runs on virtual time too; Node's own timers are off, and each wait has a deadline of ours.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Addr, Host, Listener, Socket } from '../net/host.ts';
import { type SecureServerOptions, secureServer } from '../net/tls.ts';
import { type ConnectionClock, connectionClock } from './connection-clock.ts';
import { HttpError } from './error.ts';
import { readRequestBody } from './request-body.ts';

export interface HttpRequest {
  readonly method: string;
  /** Path and query as they came, for example `/crl/root.crl`. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly peer: Addr;
  /** Present when the request has a body. */
  readonly body?: Uint8Array;
}

export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** For HEAD too: its length is told and its bytes are kept back. */
  readonly body?: Uint8Array | string;
}

export interface HttpServerLimits {
  /** Largest request body; default 1 MiB. Larger is answered 413. */
  readonly bodyBytes?: number;
  /** Whole request header; default 16 KiB. Larger is answered 431. */
  readonly headerBytes?: number;
  /** For a request to come in whole; default 10,000. Then 408. */
  readonly requestMs?: number;
  /** For the next request on a connection; default 5,000. */
  readonly idleMs?: number;
  /** For an answer to be taken by the client; default 60,000. */
  readonly sendMs?: number;
  /** Open connections; default 512. More are closed at once. */
  readonly connections?: number;
}

export interface HttpServerOptions {
  readonly at: Addr;
  readonly handle: (request: HttpRequest) => HttpReply | Promise<HttpReply>;
  readonly limits?: HttpServerLimits;
  /** Serves https. */
  readonly tls?: SecureServerOptions;
}

export interface HttpServer {
  readonly addr: Addr;
  close(): Promise<void>;
}

type FullLimits = Required<HttpServerLimits>;

/** @throws {NetError} address-in-use, permission, unreachable */
export async function serveHttp(host: Host, options: HttpServerOptions): Promise<HttpServer> {
  const limits: FullLimits = {
    bodyBytes: 1 << 20,
    headerBytes: 16_384,
    requestMs: 10_000,
    idleMs: 5000,
    sendMs: 60_000,
    connections: 512,
    ...options.limits,
  };
  const clocks = new Map<Socket, ConnectionClock>();
  const server = quietServer(limits);
  const { tls } = options;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const clock = clocks.get(request.socket);
    if (clock) void answer(host, options, limits, request, response, clock);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuse(host, error, socket));

  const begin = (socket: Socket) => {
    const clock = connectionClock(host, socket, limits);
    clocks.set(socket, clock);
    socket.once('close', () => {
      clock.stop();
      clocks.delete(socket);
    });
    server.emit('connection', socket);
  };
  const listener: Listener = await host.listen(options.at, (socket) => {
    if (clocks.size >= limits.connections) return void socket.destroy();
    if (!tls) return begin(socket);
    const cancel = host.timer(limits.requestMs, () => socket.destroy());
    secureServer(socket, tls)
      .then(begin, () => socket.destroy())
      .finally(cancel);
  });
  return { addr: listener.addr, close: () => listener.close() };
}

/** A parser of requests that never listens itself and sets no timer. */
function quietServer(limits: FullLimits): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    insecureHTTPParser: false,
    requireHostHeader: false,
    keepAliveTimeout: 0,
    headersTimeout: 0,
    requestTimeout: 0,
  });
  server.timeout = 0;
  server.maxHeadersCount = 100;
  return server;
}

async function answer(
  host: Host,
  options: HttpServerOptions,
  limits: FullLimits,
  request: IncomingMessage,
  response: ServerResponse,
  clock: ConnectionClock,
): Promise<void> {
  const began = host.mono();
  const peer = { host: request.socket.remoteAddress ?? '', port: request.socket.remotePort ?? 0 };
  const bodyIsIn = clock.request();
  let reply: HttpReply;
  let error: string | undefined;
  try {
    const body = await readRequestBody(request, limits.bodyBytes);
    bodyIsIn();
    reply = await options.handle({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: flat(request),
      peer,
      ...(body === undefined ? {} : { body }),
    });
  } catch (caught) {
    error = caught instanceof Error ? caught.message : String(caught);
    bodyIsIn();
    // The handler is ours: what it throws is a fault of the server, told to the evidence and not to the client.
    reply = {
      status: caught instanceof HttpError ? (caught.status ?? 400) : 500,
      headers: { connection: 'close' },
    };
  }
  const taken = clock.sending();
  response.once('close', () => {
    taken();
    clock.answered();
  });
  const bytes = send(host, request, response, reply);
  host.events.emit({
    kind: 'http',
    dir: 'in',
    peer,
    ...(bytes.length > 0 ? { blob: bytes } : {}),
    summary: {
      method: request.method ?? '',
      url: urlOf(request, options),
      status: reply.status,
      type: reply.headers?.['content-type'] ?? '',
      bytes: bytes.length,
      ...(error === undefined ? {} : { error }),
      ms: host.mono() - began,
    },
  });
}

function send(host: Host, request: IncomingMessage, response: ServerResponse, reply: HttpReply): Uint8Array {
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : (reply.body ?? new Uint8Array());
  // Node's own Date is of the wall clock.
  response.sendDate = false;
  const bodiless = reply.status === 204 || reply.status === 304;
  const headers: Record<string, string> = { date: new Date(host.now()).toUTCString(), ...reply.headers };
  if (!bodiless) headers['content-length'] = String(body.length);
  response.writeHead(reply.status, headers);
  response.end(bodiless || request.method === 'HEAD' ? undefined : body);
  return body;
}

const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
};

/** Answers what Node's parser could not read. */
function refuse(host: Host, error: NodeJS.ErrnoException, socket: Socket): void {
  const line = error.code?.startsWith('HPE_') ? (REFUSALS[error.code] ?? '400 Bad Request') : undefined;
  if (!line || !socket.writable) {
    socket.destroy();
    return;
  }
  host.events.emit({
    kind: 'http',
    dir: 'in',
    peer: { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
    summary: { method: '', url: '', status: Number(line.slice(0, 3)), error: error.message },
  });
  socket.end(`HTTP/1.1 ${line}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

function urlOf(request: IncomingMessage, { tls, at }: HttpServerOptions): string {
  const path = request.url ?? '/';
  const authority = request.headers.host ?? `${at.host}:${at.port}`;
  const text = path.startsWith('/') ? `${tls ? 'https' : 'http'}://${authority}${path}` : path;
  return text.slice(0, 2048);
}

function flat(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  return headers;
}
