/**
 * Dresses a loopback socket as one of the virtual network: it shows virtual addresses, and its `setTimeout` runs on
 * virtual time.
 *
 * @module
 */
import type { Socket } from 'node:net';
import { ipVersion } from '../address.ts';
import type { Addr, Cancel } from '../host.ts';
import { onLayer } from '../layer.ts';

/** What Node calls on its sockets at each read and write; `setTimeout` of its own hangs on it. */
interface ActivityWatched {
  _unrefTimer(): void;
}

export interface Dress {
  readonly local: Addr;
  readonly remote: Addr;
  readonly timer: (ms: number, fire: () => void) => Cancel;
  readonly now: () => number;
  /** Hears of a socket that is laid over this one (TLS). */
  readonly onUpper: (upper: Socket) => void;
}

export function dress(socket: Socket, dressed: Dress): void {
  showAddresses(socket, dressed);
  virtualTimeout(socket, dressed);
  onLayer(socket, (upper) => {
    dress(upper, dressed);
    dressed.onUpper(upper);
  });
}

const family = (addr: Addr): 'IPv4' | 'IPv6' => (ipVersion(addr.host) === 6 ? 'IPv6' : 'IPv4');

function showAddresses(socket: Socket, { local, remote }: Dress): void {
  const shown = {
    localAddress: local.host,
    localPort: local.port,
    localFamily: family(local),
    remoteAddress: remote.host,
    remotePort: remote.port,
    remoteFamily: family(remote),
  };
  for (const [name, value] of Object.entries(shown))
    Object.defineProperty(socket, name, { value, configurable: true });
  socket.address = () => ({ address: local.host, port: local.port, family: family(local) });
}

/** As `net.Socket.setTimeout`: `timeout` is emitted once after `ms` without a read or a write, and nothing closes. */
function virtualTimeout(socket: Socket, { timer, now }: Dress): void {
  let ms = 0;
  let armedAt = Number.NaN;
  let cancel: Cancel | undefined;
  const disarm = () => {
    cancel?.();
    cancel = undefined;
  };
  const arm = () => {
    if (ms === 0 || socket.destroyed) return;
    // Within one instant the deadline stays the same, so there is nothing to move.
    if (cancel && armedAt === now()) return;
    disarm();
    armedAt = now();
    cancel = timer(ms, () => {
      cancel = undefined;
      socket.emit('timeout');
    });
  };
  socket.setTimeout = (timeout, callback) => {
    ms = timeout;
    Object.assign(socket, { timeout });
    disarm();
    if (callback) {
      if (timeout === 0) socket.off('timeout', callback);
      else socket.once('timeout', callback);
    }
    arm();
    return socket;
  };
  (socket as unknown as ActivityWatched)._unrefTimer = arm;
  socket.once('close', () => {
    ms = 0;
    disarm();
  });
}
