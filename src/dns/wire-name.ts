/**
 * Names on the wire, in place of those of dns2, which join labels with dots and so lose a dot within a label.
 *
 * @module
 */
import { DnsError } from './error.ts';
import { formatLabel, labelTexts, MAX_NAME, parseName } from './names.ts';
import type { WireReader, WireWriter } from './wire.ts';

/** More pointers than this in one name are hostile: 255 octets hold at most 127 labels. */
const MAX_POINTERS = 127;

/**
 * Reads a name. Pointers must lead backwards, each before the one that it came from, so that no chain can turn in a
 * circle, and at most 127 of them.
 *
 * @throws {DnsError} `pointer`, `name`, `truncated`
 */
export function readName(reader: WireReader): string {
  const { buffer } = reader;
  let at = reader.offset >>> 3;
  let lowest = at;
  let end: number | undefined;
  let total = 1;
  let pointers = 0;
  let text = '';
  for (;;) {
    const length = buffer[at];
    if (length === undefined)
      throw new DnsError('truncated', `the message ends within a name at octet ${at}`);
    if (length === 0) break;
    if (length >= 0xc0) {
      const low = buffer[at + 1];
      if (low === undefined)
        throw new DnsError('truncated', `the message ends within a pointer at octet ${at}`);
      end ??= at + 2;
      const target = ((length & 0x3f) << 8) | low;
      if (target >= lowest) {
        throw new DnsError('pointer', `the compression pointer at octet ${at} does not lead backwards`);
      }
      if (++pointers > MAX_POINTERS) {
        throw new DnsError('pointer', `the name has more than ${MAX_POINTERS} compression pointers`);
      }
      at = target;
      lowest = target;
      continue;
    }
    if (length > 63) throw new DnsError('name', `label type ${length >>> 6} at octet ${at} is not in use`);
    total += length + 1;
    if (total > MAX_NAME) throw new DnsError('name', `the name is over ${MAX_NAME} octets long`);
    if (at + 1 + length > buffer.length) {
      throw new DnsError('truncated', `the message ends within a label at octet ${at}`);
    }
    text += (text === '' ? '' : '.') + formatLabel(buffer.subarray(at + 1, at + 1 + length));
    at += length + 1;
  }
  reader.offset = (end ?? at + 1) * 8;
  return text;
}

/**
 * Writes a name, compressed against the names before it unless `plain`. Compression compares case too: an answer
 * keeps the case of the zone, and of the question where the question's name is meant.
 *
 * @throws {DnsError} `name`
 */
export function writeName(name: string, writer: WireWriter, plain = false): void {
  const labels = parseName(name);
  const texts =
    labels.length === 0 ? [] : labelTexts(name.endsWith('.') ? labels.map(formatLabel).join('.') : name);
  for (const [index, label] of labels.entries()) {
    if (!plain) {
      const suffix = texts.slice(index).join('.');
      const known = writer.names.get(suffix);
      if (known !== undefined) {
        writer.write(0xc000 | known, 16);
        return;
      }
      const here = writer.byteLength();
      if (here < 0x4000) writer.names.set(suffix, here);
    }
    writer.write(label.length, 8);
    writer.octets(label);
  }
  writer.write(0, 8);
}
