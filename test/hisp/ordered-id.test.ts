import { expect, it } from 'vitest';
import { orderedId } from '../../src/hisp/ordered-id.ts';
import { seededRandom } from '../../src/net/random.ts';

it('makes UUIDs of version 7 that sort by their time', () => {
  const random = seededRandom('ids');
  const times = [0, 1, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + 0.7, Date.UTC(2026, 0, 2), 2 ** 48 - 1];
  const ids = times.map((time) => orderedId({ now: () => time, random }));
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  const stamps = ids.map((id) => id.slice(0, 13));
  expect(stamps).toEqual([...stamps].sort());
  expect(new Set(ids).size).toBe(times.length);
});
