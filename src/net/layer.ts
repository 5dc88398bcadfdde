/**
 * A socket over a socket: TLS takes the bytes of the socket below, so whoever watches or dresses the one below (the
 * simulated network) has to hear of the one above.
 *
 * @module
 */
import type { Socket } from 'node:net';

const watchers = new WeakMap<Socket, (upper: Socket) => void>();

/** Calls `watch` with each socket that is laid over `lower` later on. */
export function onLayer(lower: Socket, watch: (upper: Socket) => void): void {
  watchers.set(lower, watch);
}

/** Says that `upper` now speaks through `lower`. */
export function layered(lower: Socket, upper: Socket): void {
  watchers.get(lower)?.(upper);
}
