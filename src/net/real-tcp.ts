/**
 * TCP on the machine's own network.
 *
 * @module
 */
import { chmodSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { ipVersion } from './address.ts';
import { netError } from './errno.ts';
import { type Addr, type Listener, NetError } from './host.ts';
import { type Routes, routed } from './routes.ts';

/** Connects to where the routes lead. @throws {NetError} refused, unreachable, timeout, closed */
export function dialReal(to: Addr, deadlineMs: number, routes: Routes): Promise<Socket> {
  const real = literal(routed(routes, to));
  return new Promise((resolve, reject) => {
    const path = unixPath(real);
    if (path === undefined && !ipVersion(real.host)) {
      reject(new NetError('unreachable', to, 'neither an IP literal nor a name known to the routes'));
      return;
    }
    const socket =
      path === undefined ? connect({ host: real.host, port: real.port, noDelay: true }) : connect({ path });
    const fail = (error: NetError) => {
      clearTimeout(deadline);
      socket.destroy();
      reject(error);
    };
    const onError = (error: Error) => fail(netError(error, to));
    const deadline = setTimeout(() => fail(new NetError('timeout', to)), deadlineMs);
    socket.once('error', onError);
    socket.once('connect', () => {
      clearTimeout(deadline);
      calm(socket);
      socket.off('error', onError);
      resolve(socket);
    });
  });
}

/** @throws {NetError} address-in-use, permission, unreachable (not an address of this machine) */
export function listenReal(at: Addr, onConnection: (socket: Socket) => void): Promise<Listener> {
  const where = literal(at);
  return new Promise((resolve, reject) => {
    const open = new Set<Socket>();
    const server = createServer({ noDelay: true }, (socket) => {
      calm(socket);
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      onConnection(socket);
    });
    server.once('error', (error) => reject(netError(error, at)));
    const path = unixPath(where);
    server.listen(path === undefined ? { host: where.host, port: where.port } : { path }, () => {
      // a Unix socket is for the user who opened it; the folder it lies in guards the moment before
      if (path !== undefined) chmodSync(path, 0o600);
      const bound = server.address();
      const port = bound && typeof bound === 'object' ? bound.port : at.port;
      // What fails now is the taking of one connection (for want of descriptors): the next may succeed.
      server.on('error', () => undefined);
      resolve({
        addr: { host: at.host, port },
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            for (const socket of open) socket.destroy();
          }),
      });
    });
  });
}

/** A reset connection is an everyday thing and `close` follows it: it must not end the program. */
const calm = (socket: Socket): void => {
  socket.on('error', () => socket.destroy());
};

/** A host that begins with a slash is the file of a Unix socket; its port says nothing. */
const unixPath = ({ host }: Addr): string | undefined => (host.startsWith('/') ? host : undefined);

const literal = (addr: Addr): Addr =>
  addr.host === 'localhost' ? { host: '127.0.0.1', port: addr.port } : addr;
