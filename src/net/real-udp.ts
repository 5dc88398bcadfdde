/**
 * Datagrams on the machine's own network.
 *
 * @module
 */
import { createSocket, type Socket as DgramSocket, type SocketType } from 'node:dgram';
import { canonicalHost, ipVersion } from './address.ts';
import { netError } from './errno.ts';
import { type Addr, formatAddr, type UdpPort } from './host.ts';
import { type Routes, routed } from './routes.ts';

/**
 * A datagram port; without `at` one of any number, chosen by the kernel at random, that sends over IPv4 and IPv6.
 *
 * @throws {NetError} address-in-use, permission, unreachable
 */
export async function openUdp(at: Addr | undefined, routes: Routes, reusePort: boolean): Promise<UdpPort> {
  let receive: ((bytes: Uint8Array, from: Addr) => void) | undefined;
  const asked = new Map<string, Addr>();
  /** Where the last datagram came from: an answer goes straight back, whatever the routes of questions are. */
  let answerable: Addr | undefined;
  const deliver = (bytes: Uint8Array, from: { address: string; family: string; port: number }) => {
    const addr = {
      host: from.family === 'IPv4' ? from.address : canonicalHost(from.address),
      port: from.port,
    };
    const known = asked.size > 0 ? asked.get(formatAddr(addr)) : undefined;
    if (!known && at && addr.port !== 0) answerable = addr;
    receive?.(bytes, known ?? addr);
  };
  const main = await bind(at ? ipVersion(at.host) : 4, at, deliver, at !== undefined && reusePort);
  let other: Promise<DgramSocket> | undefined;
  let second: DgramSocket | undefined;
  let closed = false;
  const through = async (version: 0 | 4 | 6): Promise<DgramSocket> => {
    if (at || version === 4) return main;
    other ??= bind(6, undefined, deliver, false);
    second = await other;
    return second;
  };
  const { port } = main.address();
  return {
    addr: { host: at?.host ?? '0.0.0.0', port },
    onMessage(callback) {
      receive = callback;
    },
    send(bytes, to) {
      if (closed) return;
      if (to === answerable) {
        post(main, bytes, to);
        return;
      }
      const real = routed(routes, to);
      const version = ipVersion(real.host);
      if (version === 0 || real.port === 0) return;
      if (real !== to) asked.set(formatAddr(real), to);
      if (at || version === 4) post(main, bytes, real);
      else through(version).then((socket) => !closed && post(socket, bytes, real), lost);
    },
    pending: () => main.getSendQueueCount() + (second?.getSendQueueCount() ?? 0),
    async close() {
      if (closed) return;
      closed = true;
      await shut(main);
      const opened = await other?.catch(() => undefined);
      if (opened) await shut(opened);
    },
  };
}

/** A datagram that could not be sent is a lost datagram, and its sender learns of it as of any other: by silence. */
const lost = (): undefined => undefined;

function post(socket: DgramSocket, bytes: Uint8Array, to: Addr): void {
  try {
    // Without a callback: it would be called on a later turn, for each datagram, only to say that all went well.
    socket.send(bytes, to.port, to.host);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

const shut = (socket: DgramSocket): Promise<void> => new Promise((done) => socket.close(() => done()));

function bind(
  version: 0 | 4 | 6,
  at: Addr | undefined,
  deliver: (bytes: Uint8Array, from: { address: string; family: string; port: number }) => void,
  reusePort: boolean,
): Promise<DgramSocket> {
  const type: SocketType = version === 6 ? 'udp6' : 'udp4';
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type,
      reusePort,
      // Only literals come here; the stock look-up would cost a turn of the event loop for each datagram.
      lookup: (host, _options, done) => done(null, host, version === 6 ? 6 : 4),
    });
    const fail = (error: Error) => reject(netError(error, at ?? { host: '0.0.0.0', port: 0 }));
    socket.once('error', fail);
    socket.bind({ address: at?.host ?? (version === 6 ? '::' : '0.0.0.0'), port: at?.port ?? 0 }, () => {
      socket.off('error', fail);
      socket.on('error', lost);
      socket.on('message', deliver);
      resolve(socket);
    });
  });
}
