/**
 * Datagrams between virtual machines: each crosses the real loopback, one at a time, and arrives with the virtual
 * address of its sender.
 *
 * @module
 */
import { createSocket, type Socket as DgramSocket } from 'node:dgram';
import { canonicalHost, ipVersion } from '../address.ts';
import { type Addr, formatAddr, NetError, type UdpPort } from '../host.ts';
import { type Arrival, type Ground, literalOf, opening, ownerOf, type VirtualUdp } from './ground.ts';
import { type Machine, portKey } from './machine.ts';

/** Most that IPv4 carries in one datagram: 65,535 less the headers of IP and UDP. */
const LARGEST = 65_507;

export async function udpVirtual(ground: Ground, machine: Machine, at?: Addr): Promise<UdpPort> {
  const wanted = at ?? { host: '::', port: 0 };
  const hosts = machine.covers(wanted);
  const keysOf = (port: number) => hosts.map((host) => portKey(machine, { host, port }));
  const taken = (port: number) => keysOf(port).some((key) => ground.udpPorts.has(key));
  const port = wanted.port === 0 ? machine.freePort(taken) : wanted.port;
  if (taken(port)) throw new NetError('address-in-use', wanted);
  const socket = createSocket({ type: 'udp4', lookup: (host, _options, done) => done(null, host, 4) });
  const keys = keysOf(port);
  const local = { host: wanted.host, port };
  let receive: ((bytes: Uint8Array, from: Addr) => void) | undefined;
  let arrival: Arrival | undefined;
  let open = true;
  let realPort: number | undefined;
  /** The address at which each peer reached us, so that an answer starts from where the question went. */
  const reachedAt = new Map<string, string>();

  const sourceFor = (to: Addr): string =>
    hosts.length === 1 ? hosts[0]! : (reachedAt.get(formatAddr(to)) ?? machine.sourceFor(to.host));

  const self: VirtualUdp = {
    machine,
    port: {
      addr: local,
      onMessage(callback) {
        receive = callback;
      },
      send(bytes, to) {
        if (!open || bytes.length > LARGEST) return;
        const target = { host: literalOf(ground, to.host), port: to.port };
        if (ipVersion(target.host) !== 0)
          launch(ground, self, socket, { bytes: bytes.slice(), target, sourceFor });
      },
      async close() {
        if (!open) return;
        open = false;
        for (const key of keys) if (ground.udpPorts.get(key) === self) ground.udpPorts.delete(key);
        arrival?.done();
        await opening(ground, new Promise<void>((done) => socket.close(() => done())));
      },
    },
    get realPort() {
      return realPort;
    },
    expect(next) {
      arrival = next;
    },
  };
  for (const key of keys) ground.udpPorts.set(key, self);
  socket.on('message', (bytes, sender) => {
    if (!arrival || sender.port !== arrival.realPort) return;
    const { from, to, done } = arrival;
    arrival = undefined;
    if (hosts.length > 1) reachedAt.set(formatAddr(from), to.host);
    try {
      if (open) receive?.(bytes, from);
    } finally {
      done();
    }
  });
  socket.on('error', () => arrival?.done());
  await opening(ground, new Promise<void>((done) => socket.bind({ address: '127.0.0.1', port: 0 }, done)));
  realPort = socket.address().port;
  return self.port;
}

interface Datagram {
  readonly bytes: Uint8Array;
  readonly target: Addr;
  readonly sourceFor: (to: Addr) => string;
}

function launch(ground: Ground, sender: VirtualUdp, socket: DgramSocket, datagram: Datagram): void {
  const { target, bytes } = datagram;
  const receiver = ownerOf(ground, sender.machine, target.host);
  let from: Addr;
  try {
    from = { host: canonicalHost(datagram.sourceFor(target)), port: sender.port.addr.port };
  } catch (error) {
    // A machine without an address of this family: the datagram goes nowhere.
    if (error instanceof NetError) return;
    throw error;
  }
  if (!receiver || ipVersion(from.host) !== ipVersion(target.host)) return;
  const out = ground.links.between(sender.machine.name, target.host);
  const back = ground.links.between(receiver.name, from.host);
  for (const link of out === back ? [out] : [out, back]) {
    if (link.blackhole) return;
    if (link.dropUdpOver !== undefined && bytes.length > link.dropUdpOver) return;
    if (link.loss && ground.chance.float() < link.loss) return;
  }
  const cross = () =>
    ground.wire.put(`datagram ${formatAddr(from)} → ${formatAddr(target)}`, (done) => {
      const port = ground.udpPorts.get(portKey(sender.machine, target));
      if (port?.realPort === undefined) return done();
      try {
        port.expect({ from, to: target, realPort: socket.address().port, done });
        socket.send(bytes, port.realPort, '127.0.0.1', (error) => error && done());
      } catch (error) {
        done();
        // The sender has been closed since.
        if ((error as NodeJS.ErrnoException).code !== 'ERR_SOCKET_DGRAM_NOT_RUNNING') throw error;
      }
    });
  const delay = Math.max(out.delayMs ?? 0, back.delayMs ?? 0);
  if (delay > 0) ground.clock.set(sender.machine.name, delay, cross);
  else cross();
}
