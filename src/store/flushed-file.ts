/**
 * Flushes a file that somebody else writes, without holding up the event loop.
 *
 * @module
 */
import { close, fdatasync, open } from 'node:fs';
import { promisify } from 'node:util';

export interface FlushedFile {
  /** Resolves when all that was written to the file before is on the disk. @throws what the file system said */
  flush(): Promise<void>;
  /** Within no flush. */
  close(): void;
}

/** The file is opened at the first flush, so it may be made after this call; it stays the same one until `close`. */
export function flushedFile(path: string): FlushedFile {
  let opened: Promise<number> | undefined;
  return {
    async flush() {
      // Linux flushes what any process wrote to the file, whichever descriptor it wrote through
      opened ??= promisify(open)(path, 'r');
      await promisify(fdatasync)(await opened);
    },
    close() {
      void opened?.then((handle) => close(handle, () => undefined)).catch(() => undefined);
      opened = undefined;
    },
  };
}
