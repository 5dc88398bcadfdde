import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/net/random.ts';
import { SAMPLES } from '../../../src/scenario/samples/kinds.ts';
import { sampleOf } from '../../../src/scenario/samples/sample.ts';

const draw = (kind: (typeof SAMPLES)[number], seed: number) => sampleOf(kind, seededRandom(seed));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe('samples', () => {
  it.each(SAMPLES)('%s is the same again with the same seed, and other with another', (kind) => {
    expect(draw(kind, 1)).toEqual(draw(kind, 1));
    if (kind !== 'text') expect(draw(kind, 1)).not.toEqual(draw(kind, 2));
  });

  it.each([
    ['continuity-of-care', '34133-9', ['48765-2', '10160-0', '11450-4', '8716-3']],
    ['referral', '57133-1', ['42349-1', '11450-4', '10160-0', '48765-2']],
    ['discharge', '18842-5', ['8648-8', '48765-2', '10183-2', '11450-4']],
  ] as const)('%s is well-formed, of its kind, and says that it is synthetic', (kind, code, sections) => {
    for (let seed = 0; seed < 20; seed++) {
      const { bytes } = draw(kind, seed)[0]!;
      const xml = text(bytes);
      expect(balanced(xml)).toBe(true);
      expect(xml).toContain('synthetic');
      const codes = [...xml.matchAll(/<code code="([^"]+)"/g)].map(([, found]) => found);
      expect(codes).toEqual([code, ...sections]);
    }
  });

  it('a PDF whose cross-reference table points at its objects', () => {
    const { bytes } = draw('pdf', 3)[0]!;
    const pdf = Buffer.from(bytes).toString('latin1');
    const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)![1]);
    expect(pdf.slice(start, start + 5)).toBe('xref\n');
    const offsets = [...pdf.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, at]) => Number(at));
    expect(offsets.map((at) => pdf.slice(at, at + 7))).toEqual(
      offsets.map((_, index) => `${index + 1} 0 obj`),
    );
    const length = Number(/\/Length (\d+)/.exec(pdf)![1]);
    expect(/stream\n([\s\S]*?)endstream/.exec(pdf)![1]).toHaveLength(length);
  });

  it('a JPEG of whole segments', () => {
    const { bytes } = draw('jpeg', 3)[0]!;
    const markers: number[] = [];
    let at = 2;
    while (bytes[at + 1] !== 0xda) {
      markers.push(bytes[at + 1]!);
      at += 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
    }
    expect([...bytes.subarray(0, 2)]).toEqual([0xff, 0xd8]);
    expect(markers).toEqual([0xe0, 0xdb, 0xc0, 0xc4, 0xc4]);
    expect([...bytes.subarray(-2)]).toEqual([0xff, 0xd9]);
  });

  it.each([
    ['2kB', 2_000],
    ['100kB', 100_000],
    ['1MB', 1_000_000],
    ['10MB', 10_000_000],
  ] as const)('the rung %s', (kind, octets) => {
    expect(draw(kind, 1)[0]!.bytes).toHaveLength(octets);
  });

  it('mixed has a document, a page and a picture', () => {
    expect(draw('mixed', 1).map(({ type }) => type)).toEqual(['text/xml', 'application/pdf', 'image/jpeg']);
  });
});

/** Every element is closed, in order; there is one root. */
function balanced(xml: string): boolean {
  const open: string[] = [];
  let roots = 0;
  for (const [, closing, name, alone] of xml
    .replace(/^<\?xml.*?\?>/, '')
    .matchAll(/<(\/?)([\w:]+)[^<>]*?(\/?)>/g)) {
    if (closing) {
      if (open.pop() !== name) return false;
    } else if (!alone) {
      if (open.length === 0) roots += 1;
      open.push(name!);
    }
  }
  return open.length === 0 && roots === 1;
}
