/**
 * New work that is gone on with at once, from memory: it is written into the queue as claimed already, so that nobody
 * has to look for it there, claim it and read it again. What is in hand when the process dies is in the queue like
 * everything else, and its lease is freed at the next start.
 *
 * @module
 */
import { type Claim, enqueue, type Lease, type NewMessage, type NewQueued } from '../store/queue.ts';
import { afterwards, atomically, type Scope } from '../store/scope.ts';
import type { World } from './world.ts';

/** A place in hand for one message that is about to be written. */
export interface Grip {
  /** To be written with it. */
  readonly lease: Lease;
  /** It is on the disk: goes on with it. */
  take(work: Claim, bytes: Uint8Array): void;
  /** It is not. */
  letGo(): void;
}

/** Where new work is taken in hand. */
export interface Hands {
  /** A place for a message of so many octets; undefined when hands are full, or it is a large one. */
  reach(octets: number): Grip | undefined;
}

/** What a step is told of its work beyond the rows. */
export interface Held {
  /** The octets of the message, where they are in memory. */
  readonly bytes?: Uint8Array;
  /**
   * Goes on to the sending to a domain, in the same work. Undefined when there is no room for that soon; otherwise to
   * be called when the answer is there.
   */
  sends(domain: string): Promise<(() => void) | undefined>;
}

/**
 * Queues a message, and goes on with it as soon as it is on the disk: from memory where there is room and it is due, by
 * looking into the queue otherwise.
 */
export function queueUp(
  world: Pick<World, 'host' | 'hands' | 'nudge'>,
  scope: Scope,
  message: NewMessage,
  recipients: readonly NewQueued[],
): Promise<void> {
  const now = world.host.now();
  const isDue =
    message.follows === null && recipients.every(({ next_at }) => next_at !== null && next_at <= now);
  return atomically(scope, async (inside) => {
    const grip = isDue ? world.hands.reach(message.bytes.length) : undefined;
    let work: Claim | undefined;
    afterwards(inside, (kept) => {
      if (kept && grip && work) {
        grip.take(work, message.bytes);
        return;
      }
      grip?.letGo();
      if (kept) world.nudge();
    });
    work = await enqueue(inside, message, recipients, grip?.lease);
  });
}
