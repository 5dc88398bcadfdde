/**
 * The stream side of a DNS server: several queries a connection, pipelined (RFC 7766 §6.2), within limits.
 *
 * @module
 */
import type { Addr, Cancel, Host, Listener, Socket } from '../net/host.ts';
import { framed, messageFramer } from './framing.ts';
import type { Responder } from './respond.ts';

export interface StreamLimits {
  readonly tcpQuery: number;
  readonly connections: number;
  readonly connectionsPerPeer: number;
  readonly idleMs: number;
  readonly backlog: number;
}

/** @throws {NetError} */
export async function serveStream(
  host: Host,
  at: Addr,
  respond: Responder,
  limits: StreamLimits,
): Promise<Listener> {
  const open = new Set<Socket>();
  const perPeer = new Map<string, number>();
  let connections = 0;

  const onConnection = (socket: Socket) => {
    const peer = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    const conn = ++connections;
    const ofPeer = (perPeer.get(peer.host) ?? 0) + 1;
    socket.on('error', () => socket.destroy());
    if (open.size >= limits.connections || ofPeer > limits.connectionsPerPeer) {
      socket.destroy();
      return;
    }
    open.add(socket);
    perPeer.set(peer.host, ofPeer);
    let idle: Cancel = () => undefined;
    const wait = () => {
      idle();
      idle = host.timer(limits.idleMs, () => socket.destroy());
    };
    socket.once('close', () => {
      idle();
      open.delete(socket);
      const left = (perPeer.get(peer.host) ?? 1) - 1;
      if (left > 0) perPeer.set(peer.host, left);
      else perPeer.delete(peer.host);
    });
    const push = messageFramer(limits.tcpQuery, (message) => {
      if (socket.destroyed) return;
      wait();
      const answer = respond(message, 'tcp', peer, conn);
      if (answer) socket.write(framed(answer));
      if (socket.writableLength > limits.backlog) socket.destroy();
    });
    socket.on('data', (chunk: Buffer) => {
      socket.cork();
      const usable = push(chunk);
      socket.uncork();
      if (!usable) socket.destroy();
    });
    wait();
  };

  const listener = await host.listen(at, onConnection);
  return {
    addr: listener.addr,
    async close() {
      for (const socket of open) socket.destroy();
      await listener.close();
    },
  };
}
