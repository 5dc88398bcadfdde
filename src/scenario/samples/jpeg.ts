/**
 * A small grey picture of blocks, as baseline JPEG (ITU-T T.81) that any viewer shows.
 *
 * @module
 */
import type { Random } from '../../net/host.ts';

/** Blocks of 8 by 8 pixels. */
const WIDTH = 8;
const HEIGHT = 6;

/** Code lengths of the differences' sizes, as in the example table of the standard (K.3). */
const DC_COUNTS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const DC_SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

export function jpegPicture(random: Random): Uint8Array {
  const size = [HEIGHT * 8, WIDTH * 8].flatMap((value) => [value >> 8, value & 255]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...Array<number>(64).fill(8)]),
    segment(0xc0, [8, ...size, 1, 1, 0x11, 0]),
    segment(0xc4, [0x00, ...DC_COUNTS, ...DC_SIZES]),
    // one code: the block has no more than its mean
    segment(0xc4, [0x10, 1, ...Array<number>(15).fill(0), 0x00]),
    segment(0xda, [1, 1, 0x00, 0, 63, 0]),
    scan(random),
    Buffer.from([0xff, 0xd9]),
  ]);
}

const segment = (marker: number, data: readonly number[]): Buffer =>
  Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255, ...data]);

/** Each block is one shade, written as its difference from the one before. */
function scan(random: Random): Buffer {
  const codes = codesOf();
  let bits = '';
  let before = 0;
  for (let block = 0; block < WIDTH * HEIGHT; block++) {
    const shade = random.int(200) - 100;
    const difference = shade - before;
    before = shade;
    const length = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
    const value = difference < 0 ? difference + (1 << length) - 1 : difference;
    const low = length > 0 ? value.toString(2).padStart(length, '0') : '';
    bits += `${codes[length]!}${low}0`;
  }
  bits += '1'.repeat((8 - (bits.length % 8)) % 8);
  const octets = bits.match(/.{8}/g)!.map((octet) => Number.parseInt(octet, 2));
  return Buffer.from(octets.flatMap((octet) => (octet === 0xff ? [0xff, 0] : octet)));
}

function codesOf(): string[] {
  const codes: string[] = [];
  let code = 0;
  for (const [index, count] of DC_COUNTS.entries()) {
    for (let one = 0; one < count; one++) codes.push((code++).toString(2).padStart(index + 1, '0'));
    code <<= 1;
  }
  return codes;
}
