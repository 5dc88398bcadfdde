/**
 * Waits until everything that is ready now had its turn: one round of the event loop, which takes no time of any clock.
 *
 * Whoever waits so on a virtual clock announces it with `Host.hold`, as all work that the network cannot see.
 */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
