/**
 * Waiting for something that a person has to do: what it is, until when, and what ends it.
 *
 * @module
 */
import type { Host } from '../../net/host.ts';
import type { Event, Transcript } from '../transcript.ts';

export interface Waiting {
  /** What the tester must do, in full sentences. */
  readonly what: string;
  /** ms since 1970. */
  readonly since: number;
  readonly until: number;
}

/** The tester did not do what a step waited for: nothing can be said of the target. */
export class NobodyDidIt extends Error {
  override readonly name = 'NobodyDidIt';
}

/**
 * Resolves with whether it came before the time was over.
 *
 * @param tell hears of the wait, and with undefined of its end
 */
export function waitFor(
  host: Host,
  transcript: Transcript,
  waiting: Waiting,
  arrived: (event: Event) => boolean,
  tell: (waiting: Waiting | undefined) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    let over = false;
    const end = (came: boolean): void => {
      if (over) return;
      over = true;
      cancel();
      tell(undefined);
      resolve(came);
    };
    const cancel = host.timer(Math.max(0, waiting.until - host.now()), () => end(false));
    transcript.onEvent((event) => {
      if (!over && arrived(event)) end(true);
    });
    tell(waiting);
  });
}
