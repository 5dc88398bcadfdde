/**
 * Line protocols of the edge on a host's sockets: connections, TLS from the start or later, time limits.
 *
 * @module
 */
import type { Addr, Cancel, Host, Socket } from '../net/host.ts';
import { type SecureServerOptions, secureServer } from '../net/tls.ts';

/** What a session writes to. */
export interface EdgePort {
  /** TLS is on. */
  readonly secure: boolean;
  /** Makes the handshake; false when it failed and the connection is gone. Undefined when TLS is not on offer, or on. */
  readonly startTls: (() => Promise<boolean>) | undefined;
  write(...chunks: readonly (string | Uint8Array)[]): void;
  /** Resolves when the client took most of what was written. */
  drained(): Promise<void>;
  /** Ends the connection once everything is written. */
  end(): void;
  /** Lets others have their turn. */
  breathe(): Promise<void>;
  timer(ms: number, fire: () => void): Cancel;
  now(): number;
  /** Something failed that should not: for whoever looks after the server. */
  broke(error: unknown): void;
}

export interface EdgeSession {
  greet(): void;
  /** Resolves when everything that came so far is answered. */
  push(bytes: Uint8Array): Promise<void>;
  /** Says why and ends, after the command that is under way. */
  dismiss(text: string): void;
  /** The connection is gone. */
  closed(): void;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
  readonly loggedIn: boolean;
}

export interface EdgeLimits {
  /** Open connections, all together and from one address. */
  readonly connections: number;
  readonly connectionsPerPeer: number;
  /** Without an octet from the client: before the login, and after it. */
  readonly greetingMs: number;
  readonly idleMs: number;
}

export interface EdgeServerOptions {
  readonly at: Addr;
  readonly tls?: SecureServerOptions;
  /** TLS from the first octet. */
  readonly implicitTls?: boolean;
  readonly limits: EdgeLimits;
  /** What is said to one connection too many. */
  readonly full: string;
  readonly session: (port: EdgePort, peer: Addr, conn: number) => EdgeSession;
  readonly onError?: (error: unknown) => void;
}

export interface EdgeServer {
  readonly addr: Addr;
  /** Takes no more connections, dismisses the open ones and resolves when all are gone. */
  close(): Promise<void>;
}

/** @throws {NetError} when the port is in use */
export async function serveEdge(host: Host, options: EdgeServerOptions): Promise<EdgeServer> {
  const { limits } = options;
  const open = new Map<Socket, { dismiss(text: string): void }>();
  const working = new Set<Promise<void>>();
  const perPeer = new Map<string, number>();
  let gone: (() => void) | undefined;
  let count = 0;
  const listener = await host.listen(options.at, (socket) => {
    const peer = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    const same = perPeer.get(peer.host) ?? 0;
    socket.on('error', () => socket.destroy());
    if (gone || open.size >= limits.connections || same >= limits.connectionsPerPeer) {
      socket.resume();
      // inside TLS nobody could read it
      if (!options.implicitTls) socket.write(options.full, 'latin1');
      hangUp(host, socket);
      return;
    }
    perPeer.set(peer.host, same + 1);
    socket.on('close', () => {
      open.delete(socket);
      const left = (perPeer.get(peer.host) ?? 1) - 1;
      if (left > 0) perPeer.set(peer.host, left);
      else perPeer.delete(peer.host);
      if (gone && open.size === 0) gone();
    });
    socket.setNoDelay(true);
    open.set(socket, { dismiss: () => socket.destroy() });
    const number = ++count;
    void converse(host, options, socket, peer, number)
      .then((session) => {
        if (!session) return;
        if (open.has(socket)) open.set(socket, session);
        const end = (): void => {
          const work = session.settled().finally(() => working.delete(work));
          working.add(work);
        };
        if (socket.closed) end();
        else socket.on('close', end);
      })
      .catch(() => socket.destroy());
  });
  return {
    addr: listener.addr,
    async close() {
      const empty = new Promise<void>((resolve) => {
        gone = resolve;
      });
      for (const session of [...open.values()]) session.dismiss('Shutting down');
      if (open.size > 0) await empty;
      await listener.close();
      // what was read for a client that hung up
      await Promise.all(working);
    },
  };
}

/** Resolves when the session has begun; undefined when the handshake failed. */
async function converse(
  host: Host,
  { tls, implicitTls = false, limits, session: create, onError }: EdgeServerOptions,
  plain: Socket,
  peer: Addr,
  conn: number,
): Promise<EdgeSession | undefined> {
  let socket = plain;
  let secure = false;
  let cancelIdle: Cancel = () => undefined;
  const idle = (): void => {
    cancelIdle();
    const ms = session.loggedIn ? limits.idleMs : limits.greetingMs;
    cancelIdle = host.timer(ms, () => {
      session.dismiss('Idle for too long');
      // one that waits for a client to read does not hear of it
      cancelIdle = host.timer(LINGER_MS, () => socket.destroy());
    });
  };
  const receive = (bytes: Uint8Array): void => {
    idle();
    void session.push(bytes).then(() => {
      if (!socket.destroyed && !socket.writableEnded) idle();
    });
  };
  const upgrade = async (): Promise<boolean> => {
    const below = socket;
    below.removeListener('data', receive);
    const cancel = host.timer(HANDSHAKE_MS, () => below.destroy());
    try {
      socket = await secureServer(below, tls!);
    } catch {
      // what the client does not like about it is its affair
      below.destroy();
      return false;
    } finally {
      cancel();
    }
    secure = true;
    socket.on('error', () => socket.destroy());
    return true;
  };
  const port: EdgePort = {
    get secure() {
      return secure;
    },
    get startTls() {
      if (!tls || secure) return undefined;
      return async () => {
        if (!(await upgrade())) return false;
        socket.on('data', receive);
        return true;
      };
    },
    write(...chunks) {
      if (socket.destroyed || socket.writableEnded) return;
      socket.cork();
      for (const chunk of chunks) {
        if (typeof chunk === 'string') socket.write(chunk, 'latin1');
        else if (chunk.length > 0) socket.write(chunk);
      }
      socket.uncork();
    },
    drained: () => drained(socket),
    end: () => hangUp(host, socket),
    breathe: () => new Promise((resolve) => host.timer(0, resolve)),
    timer: (ms, fire) => host.timer(ms, fire),
    now: () => host.now(),
    broke: (error) => onError?.(error),
  };
  let session: EdgeSession;
  if (implicitTls && !(await upgrade())) return undefined;
  session = create(port, peer, conn);
  plain.on('close', () => {
    cancelIdle();
    session.closed();
  });
  session.greet();
  socket.on('data', receive);
  idle();
  return session;
}

/** Octets that may wait for a client to read them. */
const HIGH_WATER = 1024 * 1024;

function drained(socket: Socket): Promise<void> {
  if (socket.destroyed || socket.writableLength < HIGH_WATER) return Promise.resolve();
  return new Promise((resolve) => {
    const go = (): void => {
      socket.off('drain', go);
      socket.off('close', go);
      resolve();
    };
    socket.on('drain', go);
    socket.on('close', go);
  });
}

/** Ends after what is written; a client that does not hang up in turn is cut off. */
function hangUp(host: Host, socket: Socket): void {
  socket.end();
  if (socket.destroyed) return;
  const cancel = host.timer(LINGER_MS, () => socket.destroy());
  socket.on('close', cancel);
}

const LINGER_MS = 5_000;
const HANDSHAKE_MS = 30_000;
