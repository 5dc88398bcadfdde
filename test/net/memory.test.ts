import { describe, expect, it } from 'vitest';
import { giveBack, memoryFor } from '../../src/net/memory.ts';

const LARGE = 1 << 20;

describe('memory for large octets', () => {
  it('is memory like any other until it is given back', () => {
    const octets = memoryFor(LARGE).fill('m');
    expect([octets.length, octets.subarray(-3).toString(), octets.indexOf('n')]).toEqual([LARGE, 'mmm', -1]);
    giveBack(octets.subarray(5), []);
    expect([octets.length, octets.subarray(0, 3).toString()]).toEqual([0, '']);
  });

  it('stays as long as something that is kept stands in it', () => {
    const octets = memoryFor(LARGE).fill('m');
    giveBack(octets, [undefined, octets.subarray(1, 2)]);
    expect(octets.length).toBe(LARGE);
  });

  it('of others, or small, is left alone', () => {
    const [others, small] = [Buffer.alloc(LARGE), memoryFor(10)];
    giveBack(others, []);
    giveBack(small, []);
    expect([others.length, small.length]).toEqual([LARGE, 10]);
  });
});
