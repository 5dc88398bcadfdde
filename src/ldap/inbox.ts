/**
 * Octets of a connection that are not yet a whole message. A chunk that holds whole messages is never copied; one
 * octet at a time costs no more than a message's length in all.
 *
 * @module
 */
const NOTHING = Buffer.alloc(0);

export class Inbox {
  bytes: Buffer = NOTHING;
  start = 0;
  stop = 0;
  #own = false;

  get size(): number {
    return this.stop - this.start;
  }

  add(chunk: Buffer): void {
    const size = this.size;
    if (size === 0) {
      this.bytes = chunk;
      this.start = 0;
      this.stop = chunk.length;
      this.#own = false;
      return;
    }
    if (!this.#own || this.stop + chunk.length > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(1024, 2 * (size + chunk.length)));
      this.bytes.copy(grown, 0, this.start, this.stop);
      this.bytes = grown;
      this.start = 0;
      this.stop = size;
      this.#own = true;
    }
    chunk.copy(this.bytes, this.stop);
    this.stop += chunk.length;
  }

  /** Lets go of memory that holds nothing any more, so that it dies young. */
  release(): void {
    if (this.size === 0) this.clear();
  }

  clear(): void {
    this.bytes = NOTHING;
    this.start = this.stop = 0;
  }
}
