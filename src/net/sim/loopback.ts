/**
 * The real sockets below the virtual network: a listener on an ephemeral loopback port for each virtual one, and pairs
 * of connected sockets made one at a time.
 *
 * @module
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface LoopbackListener {
  readonly port: number;
  /** The next connection from this local port belongs to `taker`. */
  expect(localPort: () => number | undefined, taker: (socket: Socket) => void): void;
  /** Stops accepting at once; connections that stand go on. */
  close(): void;
}

export function openLoopback(): Promise<LoopbackListener> {
  let expected: { localPort: () => number | undefined; taker: (socket: Socket) => void } | undefined;
  return new Promise((resolve, reject) => {
    const server: Server = createServer({ noDelay: true }, (socket) => {
      const waiting = expected;
      if (!waiting || socket.remotePort !== waiting.localPort()) {
        // Some other program of this machine has knocked at our ephemeral port.
        socket.destroy();
        return;
      }
      expected = undefined;
      waiting.taker(socket);
    });
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, backlog: 64 }, () => {
      const bound = server.address();
      if (!bound || typeof bound === 'string') {
        reject(new Error('a loopback listener without a port'));
        return;
      }
      resolve({
        port: bound.port,
        expect: (localPort, taker) => {
          expected = { localPort, taker };
        },
        close: () => server.close(),
      });
    });
  });
}

/**
 * A connected pair; `done` is called when both ends stand, with `undefined` when the listener went away meanwhile.
 * Nagle's delay is off at both ends: with delayed acknowledgements it costs 40 ms of real time.
 */
export function openPair(
  listener: LoopbackListener,
  done: (pair: { near: Socket; far: Socket } | undefined) => void,
): void {
  let far: Socket | undefined;
  let connected = false;
  const near = connect({ host: '127.0.0.1', port: listener.port, noDelay: true });
  const failed = () => done(undefined);
  const both = () => {
    if (!connected || !far) return;
    near.off('error', failed);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
    done({ near, far });
  };
  listener.expect(
    () => near.localPort,
    (socket) => {
      far = socket;
      both();
    },
  );
  near.once('error', failed);
  near.once('connect', () => {
    connected = true;
    both();
  });
}
