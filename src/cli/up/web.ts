/**
 * Serves the web application.
 *
 * @module
 */
import { type ServerType, serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { type Addr, NetError } from '../../net/host.ts';

export interface WebServer {
  readonly addr: Addr;
  close(): Promise<void>;
}

/** @throws {NetError} */
export function serveWeb(app: Hono, at: Addr): Promise<WebServer> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve({ fetch: app.fetch, hostname: at.host, port: at.port }, (info) => {
      resolve({
        addr: { host: at.host, port: info.port },
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            // open event streams do not end by themselves
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      const code =
        error.code === 'EADDRINUSE' ? 'address-in-use' : error.code === 'EACCES' ? 'permission' : undefined;
      reject(code ? new NetError(code, at) : error);
    });
  });
}
