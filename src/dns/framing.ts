/**
 * Messages on a stream: each behind its length in two octets (RFC 1035 §4.2.2, RFC 7766 §8).
 *
 * @module
 */

/**
 * Takes the octets of a stream as they come, and calls back for each whole message. Memory is one message of at most
 * `max` octets, however the octets dribble in.
 *
 * @returns push: false when a message announces more than `max` octets (or none); the stream is then of no more use.
 */
export function messageFramer(max: number, onMessage: (message: Buffer) => void): (chunk: Buffer) => boolean {
  let length = 0;
  let prefix = 0;
  let message: Buffer | undefined;
  let filled = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (!message) {
        length = (length << 8) | chunk[at++]!;
        if (++prefix < 2) continue;
        if (length === 0 || length > max) return false;
        message = Buffer.allocUnsafe(length);
        filled = 0;
      }
      const taken = Math.min(length - filled, chunk.length - at);
      chunk.copy(message, filled, at, at + taken);
      filled += taken;
      at += taken;
      if (filled < length) continue;
      const whole = message;
      message = undefined;
      length = 0;
      prefix = 0;
      onMessage(whole);
    }
    return true;
  };
}

/** A message with its length in front. */
export function framed(message: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(message.length + 2);
  bytes.writeUInt16BE(message.length, 0);
  bytes.set(message, 2);
  return bytes;
}
