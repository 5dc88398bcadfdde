import type { Host, Json, Socket } from '../../src/net/host.ts';
import { type SimNetwork, simNetwork } from '../../src/net/sim/network.ts';
import { EPOCH } from '../net/sim/simulation.ts';

export const SERVER = '10.0.0.80';
export const AT = { host: SERVER, port: 80 };

export interface Pair {
  readonly network: SimNetwork;
  readonly server: Host;
  readonly client: Host;
  /** Summaries of the http events, with the host that told them. */
  readonly events: {
    readonly host: string;
    readonly dir: string;
    readonly summary: { readonly [key: string]: Json | undefined };
  }[];
}

export function pair(): Pair {
  const events: { host: string; dir: string; summary: { readonly [key: string]: Json | undefined } }[] = [];
  const network = simNetwork({
    seed: 1,
    epoch: EPOCH,
    sink: (host, { dir, summary }) =>
      events.push({ host, dir: dir ?? '', summary: summary as { readonly [key: string]: Json | undefined } }),
  });
  return {
    network,
    server: network.host('server', { addresses: [SERVER, '10.0.0.81'] }),
    client: network.host('client', { addresses: ['10.0.0.1'] }),
    events,
  };
}

/** A server that says `text` to every request, byte for byte, and leaves the connection open. */
export const saying = (server: Host, speak: (socket: Socket, request: string) => void) =>
  server.listen(AT, (socket) => socket.on('data', (bytes) => speak(socket, bytes.toString('latin1'))));

/** Sends `text` as it is and collects what comes until the server closes. */
export const raw = async (client: Host, text: string | readonly string[], pauseMs = 0): Promise<string> => {
  const socket = await client.dial(AT);
  let got = '';
  socket.on('data', (bytes) => {
    got += bytes.toString('latin1');
  });
  const closed = new Promise<string>((done) => socket.once('close', () => done(got)));
  const parts = typeof text === 'string' ? [text] : text;
  const next = (index: number): void => {
    if (index >= parts.length || socket.destroyed) return;
    socket.write(parts[index]!);
    client.timer(pauseMs, () => next(index + 1));
  };
  next(0);
  return closed;
};
