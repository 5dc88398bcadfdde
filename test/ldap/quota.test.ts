import { describe, expect, it } from 'vitest';
import { searchQuota } from '../../src/ldap/quota.ts';

describe('searches of a client', () => {
  let now = 0;
  const quota = (perMinute: number) => searchQuota(() => now, perMinute);

  it('a share is used up, and comes back evenly', () => {
    now = 0;
    const share = quota(60);
    const taken = (times: number) =>
      Array.from({ length: times }, () => share.take('a')).filter(Boolean).length;
    expect(taken(100)).toBe(60);
    now = 500;
    expect(taken(10)).toBe(0);
    now = 5_000;
    expect(taken(10)).toBe(5);
    now = 3_600_000;
    expect(taken(100)).toBe(60);
  });

  it('one client’s share is not another’s', () => {
    now = 0;
    const share = quota(1);
    expect([share.take('a'), share.take('a'), share.take('b')]).toEqual([true, false, true]);
  });

  it('remembers a bounded number of clients, the last ones', () => {
    now = 0;
    const share = quota(1);
    for (let client = 0; client <= 10_000; client++) share.take(String(client));
    expect([share.take('10000'), share.take('0')]).toEqual([false, true]);
  });

  it('without a limit all are answered', () => {
    const share = quota(Number.POSITIVE_INFINITY);
    expect(Array.from({ length: 1000 }, () => share.take('a')).every(Boolean)).toBe(true);
  });
});
