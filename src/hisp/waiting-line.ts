/**
 * What is in hand and waits for its turn: in lines, so that what cannot go on now holds up nothing of another line.
 *
 * @module
 */

export interface WaitingLines<T> {
  readonly size: number;
  add(line: string, item: T): void;
  /** The first item of each line for as long as `mayGo` lets it; the lines take turns. */
  go(mayGo: (line: string, first: T) => boolean, start: (item: T) => void): void;
  clear(): void;
}

export function waitingLines<T>(): WaitingLines<T> {
  const lines = new Map<string, { items: T[]; from: number }>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(name, item) {
      const line = lines.get(name);
      if (line) line.items.push(item);
      else lines.set(name, { items: [item], from: 0 });
      size += 1;
    },
    go(mayGo, start) {
      for (let moved = true; moved; ) {
        moved = false;
        for (const [name, line] of lines) {
          const item = line.items[line.from];
          if (item === undefined || !mayGo(name, item)) continue;
          line.from += 1;
          size -= 1;
          moved = true;
          if (line.from === line.items.length) lines.delete(name);
          else if (line.from >= SHORTEN_AT) {
            line.items.splice(0, line.from);
            line.from = 0;
          }
          start(item);
        }
      }
    },
    clear() {
      lines.clear();
      size = 0;
    },
  };
}

/** Taking the first of a long list away one by one would move all the others each time. */
const SHORTEN_AT = 64;
