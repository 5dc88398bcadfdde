import type { Socket } from 'node:net';
import type { Host, Observation } from '../../../src/net/host.ts';
import { type SimNetwork, simNetwork } from '../../../src/net/sim/network.ts';

export const EPOCH = Date.UTC(2026, 0, 1);

export const LIMITS = { virtualMs: 3_600_000, realMs: 20_000 };

/** A network whose events go nowhere. */
export const quietNetwork = (seed: number | string = 1): SimNetwork =>
  simNetwork({ seed, epoch: EPOCH, sink: () => 0 });

export interface Seen {
  readonly host: string;
  readonly observation: Observation;
  readonly at: number;
}

export const sleep = (host: Host, ms: number): Promise<void> =>
  new Promise((done) => {
    host.timer(ms, done);
  });

/** The next bytes that come in, or '' when the other end closes. */
export const read = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    const off = () => socket.off('data', onData).off('close', onClose).off('error', reject);
    const onData = (bytes: Buffer) => {
      off();
      resolve(bytes.toString('latin1'));
    };
    const onClose = () => {
      off();
      resolve('');
    };
    socket.on('data', onData).on('close', onClose).on('error', reject);
  });

/** Answers each read with `reply` of it. */
export const answering =
  (reply: (text: string, socket: Socket) => string) =>
  (socket: Socket): void => {
    socket.on('data', (bytes) => {
      socket.write(reply(bytes.toString('latin1'), socket));
    });
  };
