import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Addr, Host } from '../../../src/net/host.ts';
import { simNetwork } from '../../../src/net/sim/network.ts';
import { answering, EPOCH, read, sleep } from './simulation.ts';

const SERVERS = 5;

export interface CrowdResult {
  /** SHA-256 over what happened, in order. */
  readonly digest: string;
  readonly events: number;
  readonly advances: number;
  readonly stalls: readonly string[];
  readonly log: readonly string[];
}

/** Clients that talk to servers over TCP and UDP at times of their own, in parallel and with idle deadlines. */
export async function crowd(seed: number, clients: number, rounds: number): Promise<CrowdResult> {
  const log: string[] = [];
  const network = simNetwork({ seed, epoch: EPOCH, sink: () => 0 });
  const note = (text: string) => void log.push(`${network.clock.now() - EPOCH} ${text}`);
  const servers = Array.from({ length: SERVERS }, (_, i) =>
    network.host(`s${i}`, { addresses: [`10.0.1.${i + 1}`] }),
  );
  network.link('*', '10.0.1.5', { delayMs: 30 });
  network.link('*', '10.0.1.4', { loss: 0.2 });
  for (const [i, server] of servers.entries()) {
    await server.listen({ host: `10.0.1.${i + 1}`, port: 25 }, (socket) => {
      note(`${server.name} takes ${socket.remoteAddress}`);
      socket.setTimeout(700, () => socket.destroy());
      answering((text) => {
        note(`${server.name} got ${text.length}`);
        return text.repeat(1 + (text.length % 3));
      })(socket);
    });
    const udp = await server.udp({ host: `10.0.1.${i + 1}`, port: 53 });
    udp.onMessage((bytes, from) => {
      note(`${server.name} datagram ${bytes.length} from ${from.host}`);
      udp.send(bytes, from);
    });
  }
  const hosts = Array.from({ length: clients }, (_, i) =>
    network.host(`c${i}`, { addresses: [`10.0.2.${i + 1}`] }),
  );
  try {
    await network.run(() => Promise.all(hosts.map((host) => visit(host, rounds, note))), {
      virtualMs: 86_400_000,
      realMs: 60_000,
    });
  } finally {
    await network.close();
  }
  const digest = createHash('sha256').update(log.join('\n')).digest('hex');
  return { digest, events: log.length, advances: network.advances, stalls: network.stalls, log };
}

async function visit(host: Host, rounds: number, note: (text: string) => void): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await sleep(host, host.random.int(50));
    const places = [host.random.int(SERVERS), host.random.int(SERVERS)];
    if (round % 3 === 0)
      await Promise.all(places.map((place) => query(host, { host: `10.0.1.${place + 1}`, port: 53 }, note)));
    else if (round % 3 === 1) await talk(host, { host: `10.0.1.${places[0]! + 1}`, port: 25 }, note);
    else
      await Promise.all(places.map((place) => talk(host, { host: `10.0.1.${place + 1}`, port: 25 }, note)));
  }
}

async function talk(host: Host, to: Addr, note: (text: string) => void): Promise<void> {
  const socket = await host.dial(to);
  socket.setNoDelay(true);
  for (let i = 0; i < 3; i++) {
    socket.write('x'.repeat(1 + host.random.int(2000)));
    note(`${host.name} read ${(await read(socket)).length} from ${to.host}`);
    await sleep(host, host.random.int(20));
  }
  socket.end();
}

async function query(host: Host, to: Addr, note: (text: string) => void): Promise<void> {
  const port = await host.udp();
  const got = await new Promise<number>((resolve) => {
    const cancel = host.timer(400, () => resolve(0));
    port.onMessage((bytes) => {
      cancel();
      resolve(bytes.length);
    });
    port.send(new Uint8Array(1 + host.random.int(1000)), to);
  });
  note(`${host.name} datagram ${got} from ${to.host}`);
  await port.close();
}

/** Threads that keep the machine's cores busy until `stop`. */
export function hogs(count: number): { stop(): Promise<void> } {
  const source = 'let x = 0; for (;;) x = Math.sin(x) + 1;';
  const workers = Array.from({ length: count }, () => new Worker(source, { eval: true }));
  return {
    async stop() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
