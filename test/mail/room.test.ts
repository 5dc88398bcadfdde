import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roomFor, withAround } from '../../src/mail/room.ts';

const octets = (length: number, mark: string): Uint8Array => Buffer.alloc(length, mark);

describe('octets with room around them', () => {
  it('grow to what a copy would be, and leave every earlier view as it was', () => {
    const length = fc.constantFrom(0, 1, 1000, 30_000, 40_000);
    const steps = fc.array(fc.record({ head: length, tail: length, of: fc.nat() }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(10, 300_000), steps, (size, all) => {
        const first = roomFor(size).fill('m');
        const views = [{ view: first as Uint8Array, copy: Buffer.from(first) }];
        for (const [index, { head, tail, of }] of all.entries()) {
          // of any of them: two that grow from one do not write over each other
          const from = views[of % views.length]!;
          const [a, b] = [octets(head, `h${index}`), octets(tail, `t${index}`)];
          views.push({ view: withAround(a, from.view, b), copy: Buffer.concat([a, from.copy, b]) });
        }
        for (const { view, copy } of views) expect(Buffer.compare(view, copy)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('are not copied as long as the room lasts', () => {
    const large = roomFor(300_000);
    const grown = withAround(octets(100, 'h'), large, octets(10_000, 't'));
    expect(grown.buffer).toBe(large.buffer);
    expect(withAround(octets(40_000, 'h'), grown, octets(0, '')).buffer).not.toBe(large.buffer);
  });
});
