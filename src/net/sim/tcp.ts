/**
 * TCP between virtual machines.
 *
 * @module
 */
import type { Socket } from 'node:net';
import { canonicalHost, ipVersion } from '../address.ts';
import { type Addr, type Cancel, formatAddr, type Listener, NetError } from '../host.ts';
import { type Connection, isOver } from './connection.ts';
import { type Ground, literalOf, opening, ownerOf, type VirtualListener } from './ground.ts';
import { type LoopbackListener, openLoopback, openPair } from './loopback.ts';
import { type Machine, portKey } from './machine.ts';
import { relay } from './relay.ts';
import { dress } from './virtual-socket.ts';

export async function listenVirtual(
  ground: Ground,
  machine: Machine,
  at: Addr,
  onConnection: (socket: Socket) => void,
): Promise<Listener> {
  const hosts = machine.covers(at);
  const keysOf = (port: number) => hosts.map((host) => portKey(machine, { host, port }));
  const taken = (port: number) => keysOf(port).some((key) => ground.listeners.has(key));
  const port = at.port === 0 ? machine.freePort(taken) : at.port;
  if (taken(port)) throw new NetError('address-in-use', at);
  const addr = { host: at.host, port };
  const open = new Set<Socket>();
  const loopback = await opening(ground, openLoopback());
  if (taken(port)) {
    loopback.close();
    throw new NetError('address-in-use', at);
  }
  const listener: VirtualListener = {
    machine,
    addr,
    loopback,
    accept({ far: { socket } }) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      onConnection(socket);
    },
    async close() {
      for (const key of keysOf(port))
        if (ground.listeners.get(key) === listener) ground.listeners.delete(key);
      loopback.close();
      await Promise.all([...open].map(destroyed));
    },
  };
  for (const key of keysOf(port)) ground.listeners.set(key, listener);
  return { addr, close: listener.close };
}

const destroyed = (socket: Socket): Promise<void> =>
  new Promise((done) => {
    socket.once('close', () => done());
    socket.destroy();
  });

/** @throws {NetError} refused, timeout (black hole, or an address that nobody has), unreachable (no address of our own) */
export function dialVirtual(ground: Ground, machine: Machine, to: Addr, deadlineMs: number): Promise<Socket> {
  const target = { host: literalOf(ground, to.host), port: to.port };
  if (ipVersion(target.host) === 0)
    throw new NetError('unreachable', to, 'neither an IP literal nor a machine of this network');
  const local = { host: machine.sourceFor(target.host), port: machine.freePort(() => false) };
  const link = ground.links.between(machine.name, target.host);
  const timer = (ms: number, fire: () => void): Cancel => ground.clock.set(machine.name, ms, fire);
  const roundTrip = 2 * (link.delayMs ?? 0);
  return new Promise((resolve, reject) => {
    if (link.blackhole || !ownerOf(ground, machine, target.host) || roundTrip > deadlineMs) {
      timer(deadlineMs, () => reject(new NetError('timeout', to)));
      return;
    }
    const cross = () =>
      ground.wire.put(`${machine.name} dials ${formatAddr(target)}`, (done) => {
        const listener = link.refuse ? undefined : ground.listeners.get(portKey(machine, target));
        if (!listener) {
          reject(new NetError('refused', to));
          done();
          return;
        }
        establish(ground, { machine, local, target, listener, delayMs: link.delayMs ?? 0 }, (socket) => {
          if (socket) resolve(socket);
          else reject(new NetError('refused', to));
          done();
        });
      });
    if (roundTrip > 0) timer(roundTrip, cross);
    else cross();
  });
}

interface Path {
  readonly machine: Machine;
  readonly local: Addr;
  readonly target: Addr;
  readonly listener: VirtualListener;
  readonly delayMs: number;
}

function establish(ground: Ground, path: Path, done: (socket: Socket | undefined) => void): void {
  if (path.delayMs > 0) {
    opening(ground, openLoopback()).then(
      (middle) => establishSlow(ground, path, middle, done),
      () => done(undefined),
    );
    return;
  }
  openPair(path.listener.loopback, (pair) => {
    if (!pair) return done(undefined);
    const connection = join(ground, path, pair.near, pair.far);
    dressNear(ground, path, connection);
    dressFar(ground, path, connection);
    try {
      path.listener.accept(connection);
    } finally {
      done(pair.near);
    }
  });
}

/** A slow path is two connections with a relay between them, which keeps all that comes for `delayMs`. */
function establishSlow(
  ground: Ground,
  path: Path,
  middle: LoopbackListener,
  done: (socket: Socket | undefined) => void,
): void {
  openPair(middle, (first) => {
    middle.close();
    if (!first) return done(undefined);
    openPair(path.listener.loopback, (second) => {
      if (!second) {
        first.near.destroy();
        first.far.destroy();
        return done(undefined);
      }
      const nearHalf = join(ground, path, first.near, first.far);
      const farHalf = join(ground, path, second.near, second.far);
      dressNear(ground, path, nearHalf);
      dressFar(ground, path, farHalf);
      relay(first.far, second.near, (fire) => ground.clock.set('path', path.delayMs, fire));
      try {
        path.listener.accept(farHalf);
      } finally {
        done(first.near);
      }
    });
  });
}

function join(ground: Ground, path: Path, near: Socket, far: Socket): Connection {
  const connection: Connection = {
    id: ground.nextConnection(),
    near: { host: path.machine.name, addr: path.local, socket: near, upper: undefined },
    far: { host: path.listener.machine.name, addr: path.target, socket: far, upper: undefined },
    stalled: [undefined, undefined],
  };
  ground.connections.add(connection);
  const onClose = () => {
    ground.touch();
    if (isOver(connection)) ground.connections.delete(connection);
  };
  near.once('close', onClose);
  far.once('close', onClose);
  return connection;
}

function dressNear(ground: Ground, { machine, local, target }: Path, { near }: Connection): void {
  dressEnd(ground, machine, near, local, target);
}

function dressFar(ground: Ground, { local, target, listener }: Path, { far }: Connection): void {
  dressEnd(ground, listener.machine, far, { host: canonicalHost(target.host), port: target.port }, local);
}

function dressEnd(
  ground: Ground,
  machine: Machine,
  end: Connection['near'],
  local: Addr,
  remote: Addr,
): void {
  dress(end.socket, {
    local,
    remote,
    timer: (ms, fire) => ground.clock.set(machine.name, ms, fire),
    now: ground.clock.now,
    onUpper: (upper) => {
      end.upper = upper;
    },
  });
}
