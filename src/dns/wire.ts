/**
 * Octets in and out. These stand in for the reader and writer of dns2, which work bit by bit: same interface (sizes
 * and offsets in bits), whole octets underneath.
 *
 * @module
 */
import { DnsError } from './error.ts';

export class WireReader {
  buffer: Buffer;
  /** In bits. */
  offset: number;

  constructor(buffer: Buffer, offset = 0) {
    this.buffer = buffer;
    this.offset = offset;
  }

  read(bits: number): number {
    const at = this.offset;
    if (at + bits > this.buffer.length * 8) {
      throw new DnsError('truncated', `the message ends within a field at octet ${at >>> 3}`);
    }
    this.offset = at + bits;
    const octet = at >>> 3;
    if ((at & 7) === 0) {
      if (bits === 8) return this.buffer[octet]!;
      if (bits === 16) return (this.buffer[octet]! << 8) | this.buffer[octet + 1]!;
      if (bits === 32) return this.buffer.readUInt32BE(octet);
    }
    let value = 0;
    for (let bit = at; bit < at + bits; bit++) {
      value = value * 2 + ((this.buffer[bit >>> 3]! >>> (7 - (bit & 7))) & 1);
    }
    return value;
  }

  remaining(): number {
    return Math.max(0, this.buffer.length * 8 - this.offset);
  }

  /** A copy of the next octets. */
  octets(count: number): Uint8Array {
    const at = this.offset >>> 3;
    if (count < 0 || at + count > this.buffer.length) {
      throw new DnsError('truncated', `the message ends within ${count} octets wanted at octet ${at}`);
    }
    this.offset += count * 8;
    return new Uint8Array(this.buffer.subarray(at, at + count));
  }
}

export class WireWriter {
  /** Where names were written that later names may point to (RFC 1035 §4.1.4). */
  readonly names = new Map<string, number>();
  #octets: Buffer;
  #bits = 0;

  constructor(size = 512) {
    this.#octets = Buffer.alloc(size);
  }

  write(value: number, bits: number): void {
    const at = this.#bits;
    this.#reserve(bits);
    this.#bits = at + bits;
    if ((at & 7) === 0 && (bits & 7) === 0) {
      let octet = at >>> 3;
      for (let shift = bits - 8; shift >= 0; shift -= 8) this.#octets[octet++] = (value >>> shift) & 0xff;
    } else this.patch(at, value, bits);
  }

  octets(bytes: Uint8Array): void {
    this.#reserve(bytes.length * 8);
    this.#octets.set(bytes, this.#bits >>> 3);
    this.#bits += bytes.length * 8;
  }

  bitLength(): number {
    return this.#bits;
  }

  byteLength(): number {
    return (this.#bits + 7) >>> 3;
  }

  patch(bitOffset: number, value: number, bits: number): void {
    for (let i = 0; i < bits; i++) {
      const at = bitOffset + i;
      const mask = 0x80 >>> (at & 7);
      const set = (value >>> (bits - i - 1)) & 1;
      const octet = this.#octets[at >>> 3]!;
      this.#octets[at >>> 3] = set ? octet | mask : octet & ~mask;
    }
  }

  /** Forgets everything from `octets` on. Names that were written there must not be pointed to any more. */
  cut(octets: number): void {
    this.#octets.fill(0, octets, this.byteLength());
    this.#bits = octets * 8;
  }

  /** A window on what was written, not a copy. */
  toBuffer(): Buffer {
    return this.#octets.subarray(0, this.byteLength());
  }

  #reserve(bits: number): void {
    const wanted = (this.#bits + bits + 7) >>> 3;
    if (wanted <= this.#octets.length) return;
    const larger = Buffer.alloc(Math.max(wanted, this.#octets.length * 2));
    larger.set(this.#octets);
    this.#octets = larger;
  }
}
