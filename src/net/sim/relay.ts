/**
 * The middle of a slow path: what comes in at one side goes out at the other a while later, in order.
 *
 * @module
 */
import type { Socket } from 'node:net';

/** Joins two sockets; `later` calls after the delay of the path. */
export function relay(left: Socket, right: Socket, later: (fire: () => void) => void): void {
  oneWay(left, right, later);
  oneWay(right, left, later);
}

function oneWay(from: Socket, to: Socket, later: (fire: () => void) => void): void {
  from.on('data', (bytes) => later(() => to.writable && to.write(bytes)));
  from.on('end', () => later(() => to.end()));
  from.on('close', () => later(() => to.destroySoon()));
}
