/**
 * The generator of the LDAP benchmark, a process of its own: keeps so many searches in flight over so many
 * connections until the time is over, and counts whole answers.
 */
import { connect } from 'node:net';
import { encode } from '../../src/asn1/write.ts';
import * as wire from '../ldap/wire.ts';
import { BASE, mailOf } from './ldap-entries.ts';

export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  readonly inFlight: number;
  readonly entries: number;
  readonly ms: number;
  /** Other searches than those of `ldap.ts`: these addresses, one after the other, after a login. */
  readonly lookUps?: {
    readonly mails: readonly string[];
    readonly base: string;
    readonly attributes: readonly string[];
    readonly name: string;
    readonly password: string;
  };
}

export interface LoadResult {
  readonly perSecond: number;
  /** Searches without an entry, or with another result than success; what the end cut off does not count. */
  readonly wrong: number;
}

/** Every request with an id of four octets at 4, so that only the id changes. */
const requests = ({ entries, lookUps }: LoadOrder): Buffer[] =>
  Array.from({ length: lookUps?.mails.length ?? entries }, (_, index) => {
    const operation = wire.searchOp({
      base: lookUps?.base ?? BASE,
      filter: wire.equal('mail', lookUps?.mails[index] ?? mailOf(index)),
      attributes: [...(lookUps?.attributes ?? ['userCertificate;binary'])],
    });
    return Buffer.from(wire.sequence(encode(0x02, Buffer.alloc(4)), operation));
  });

async function load(order: LoadOrder): Promise<LoadResult> {
  const ready = requests(order);
  const each = order.inFlight / order.connections;
  let done = 0;
  let entries = 0;
  let failed = 0;
  let next = 0;
  let stopped = false;
  const batch = (count: number): Buffer => {
    const parts: Buffer[] = [];
    for (let i = 0; i < count; i++) {
      const request = Buffer.from(ready[(next * 7919) % ready.length]!);
      // behind the identifiers and lengths of message and id
      request.writeInt32BE(
        0x01000000 + (next++ & 0xffffff),
        request[1]! < 0x80 ? 4 : 3 + (request[1]! & 0x7f) + 1,
      );
      parts.push(request);
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  };
  const sockets = Array.from({ length: order.connections }, () => {
    const socket = connect({ port: order.port, host: '127.0.0.1', noDelay: true });
    let rest: Buffer = Buffer.alloc(0);
    const { lookUps } = order;
    let bound = lookUps === undefined;
    socket.on('connect', () =>
      socket.write(lookUps ? wire.bind(1, 3, lookUps.name, lookUps.password) : batch(each)),
    );
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      if (!bound) {
        // the answer to the login comes alone and in one piece
        bound = true;
        if (chunk.at(-5) !== 0) failed++;
        socket.write(batch(each));
        return;
      }
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let at = 0;
      let ended = 0;
      for (;;) {
        const end = messageEnd(bytes, at);
        if (end === 0) break;
        const op = at + (bytes[at + 1]! < 0x80 ? 2 : 2 + (bytes[at + 1]! & 0x7f));
        const tag = bytes[op + 2 + bytes[op + 1]!];
        if (tag === 0x64) entries++;
        else {
          ended++;
          if (bytes[end - 5] !== 0) failed++;
        }
        at = end;
      }
      rest = bytes.subarray(at);
      done += ended;
      if (ended > 0 && !stopped) socket.write(batch(ended));
    });
    return socket;
  });
  // The first tenth warms up.
  await new Promise((resolve) => setTimeout(resolve, order.ms / 10));
  const before = done;
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, order.ms));
  const perSecond = ((done - before) * 1000) / (performance.now() - began);
  stopped = true;
  for (const socket of sockets) socket.destroy();
  const missing = done - entries;
  return { perSecond, wrong: failed + Math.max(0, missing) };
}

function messageEnd(bytes: Buffer, at: number): number {
  if (at + 6 > bytes.length) return 0;
  const first = bytes[at + 1]!;
  const count = first & 0x7f;
  const end = first < 0x80 ? at + 2 + first : at + 2 + count + bytes.readUIntBE(at + 2, count);
  return end <= bytes.length ? end : 0;
}

process.on('message', (order: LoadOrder) => {
  void load(order).then((result) => {
    process.send!(result);
    process.disconnect();
  });
});
