import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crowd, hogs } from './crowd.ts';

/** ANCHORAGE_LONG=1 runs the long form: 100 runs of 20 clients with some 12,000 movements of the clock in each. */
const long = process.env['ANCHORAGE_LONG'] !== undefined;

describe('the order of events under load', () => {
  let load: ReturnType<typeof hogs>;
  beforeEach(() => {
    load = hogs(2);
  });
  afterEach(() => load.stop());

  const sameOrder = async (runs: number, clients: number, rounds: number) => {
    const first = await crowd(7, clients, rounds);
    for (let i = 1; i < runs; i++) {
      const next = await crowd(7, clients, rounds);
      const at = next.log.findIndex((line, index) => line !== first.log[index]);
      expect(next.digest, `run ${i} differs at event ${at}: ${first.log[at]} / ${next.log[at]}`).toBe(
        first.digest,
      );
      expect(next.stalls).toEqual([]);
    }
    return first;
  };

  it('is the same in 100 short runs of 20 clients and 5 servers', { timeout: 60_000 }, async () => {
    const { advances } = await sameOrder(100, 20, 2);
    expect(advances).toBeGreaterThan(100);
  });

  it('is the same in 3 runs of thousands of advances', { timeout: 60_000 }, async () => {
    const { advances } = await sameOrder(3, 20, 15);
    expect(advances).toBeGreaterThan(1500);
  });

  it.runIf(long)('is the same in 100 long runs', { timeout: 3_600_000 }, async () => {
    const { advances } = await sameOrder(100, 20, 150);
    expect(advances).toBeGreaterThan(12_000);
  });

  it('differs for another seed', async () => {
    expect((await crowd(8, 20, 1)).digest).not.toBe((await crowd(7, 20, 1)).digest);
  });
});
