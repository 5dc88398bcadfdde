import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Random, seededRandom, systemRandom } from '../../src/net/random.ts';

const draw = (random: Random) => Array.from({ length: 20 }, () => random.int(1_000_000));

describe('seeded chance', () => {
  it('repeats for a seed and differs for another', () => {
    expect(draw(seededRandom('a'))).toEqual(draw(seededRandom('a')));
    expect(draw(seededRandom('a'))).not.toEqual(draw(seededRandom('b')));
    expect(draw(seededRandom(1))).toEqual(draw(seededRandom('1')));
  });

  it('forks neither move their parent nor depend on what it drew', () => {
    const parent = seededRandom(1);
    const early = draw(parent.fork('x'));
    const plain = seededRandom(1);
    expect(draw(parent)).toEqual(draw(plain));
    expect(draw(parent.fork('x'))).toEqual(early);
    expect(draw(parent.fork('y'))).not.toEqual(early);
  });

  it.each([
    ['seeded', seededRandom(7)],
    ['system', systemRandom()],
  ])('%s: ranges, bytes, UUIDs and shuffles hold', (_what, random) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 0xffff_ffff }), (below) => {
        const drawn = random.int(below);
        return Number.isInteger(drawn) && drawn >= 0 && drawn < below;
      }),
    );
    expect(random.bytes(33)).toHaveLength(33);
    expect(random.uuid()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    const list = Array.from({ length: 50 }, (_, i) => i);
    const mixed = random.shuffle(list);
    expect(mixed).not.toEqual(list);
    expect(mixed.toSorted((a, b) => a - b)).toEqual(list);
  });

  it('is spread evenly', () => {
    const random = seededRandom('even');
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[random.int(10)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});
