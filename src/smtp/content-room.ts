/**
 * How much large content may be on its way in at once, over all connections of a server. Who finds no room waits, and the
 * client with him, because nothing more is read from it; after a while he is told to come again.
 *
 * @module
 */
import type { Host } from '../net/host.ts';

/** Content up to here needs no room. */
export const SMALL_OCTETS = 1 << 20;
/** Who does not announce the size gets so much more at a time. */
const STRIDE = 8 << 20;

export interface ContentRoom {
  /** For one connection. */
  claim(): RoomClaim;
}

export interface RoomClaim {
  /**
   * Whether there is room for content of so many octets; waits for it.
   *
   * @param announced what the client said that the content will have
   */
  upTo(octets: number, announced: number): Promise<boolean>;
  /** Whether `upTo` would answer at once, with yes. */
  has(octets: number): boolean;
  /** The content is stored, refused, or will never come. */
  release(): void;
}

interface Waiting {
  /** Tries again; true when it got its room. */
  retry(): boolean;
}

/**
 * @param octets together; one content alone is always let in
 * @param waitMs how long one waits before it is refused
 */
export function contentRoom(host: Pick<Host, 'timer'>, octets: number, waitMs: number): ContentRoom {
  let used = 0;
  const line = new Set<Waiting>();
  /** In the order in which they came. */
  const moveUp = (): void => {
    for (const one of line) if (!one.retry()) return;
  };
  return {
    claim() {
      let mine = 0;
      let giveUp = (): void => undefined;
      const take = (wanted: number): boolean => {
        const others = used - mine;
        if (others > 0 && others + wanted > octets) return false;
        used = others + wanted;
        mine = wanted;
        return true;
      };
      return {
        has: (size) => size <= SMALL_OCTETS || size <= mine,
        upTo(size, announced) {
          const wanted = Math.max(Math.ceil(size / STRIDE) * STRIDE, announced);
          // who has begun goes on first: the others wait for him
          if ((line.size === 0 || mine > 0) && take(wanted)) return Promise.resolve(true);
          return new Promise((resolve) => {
            const leave = (answer: boolean): void => {
              giveUp = () => undefined;
              cancel();
              line.delete(one);
              resolve(answer);
            };
            const one: Waiting = {
              retry() {
                const got = take(wanted);
                if (got) leave(true);
                return got;
              },
            };
            const cancel = host.timer(waitMs, () => {
              leave(false);
              moveUp();
            });
            giveUp = () => leave(false);
            line.add(one);
          });
        },
        release() {
          giveUp();
          used -= mine;
          mine = 0;
          moveUp();
        },
      };
    },
  };
}
