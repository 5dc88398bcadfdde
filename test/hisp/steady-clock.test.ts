import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { steadyHost } from '../../src/hisp/steady-clock.ts';
import type { Host } from '../../src/net/host.ts';

/** A machine whose clock and monotonic clock are set by hand. */
function machine() {
  const time = { wall: 1_000_000, mono: 0 };
  const host = { now: () => time.wall, mono: () => time.mono } as Host;
  return { time, now: steadyHost(host).now };
}

describe('the clock of the queue', () => {
  it('goes on when the machine’s clock is set back, and follows it forward', () => {
    const { time, now } = machine();
    time.mono += 1000;
    time.wall += 1000;
    expect(now()).toBe(1_001_000);
    time.wall -= 7_200_000;
    time.mono += 500;
    expect(now()).toBe(1_001_500);
    // asleep: the monotonic clock stood still
    time.wall += 7_200_000 + 90_000;
    expect(now()).toBe(1_091_000);
  });

  it('never goes back, whatever the clocks do', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -1e7, max: 1e7 }), fc.integer({ min: 0, max: 1e6 }))),
        (moves) => {
          const { time, now } = machine();
          let before = now();
          for (const [wall, mono] of moves) {
            time.wall += wall;
            time.mono += mono;
            const next = now();
            expect(next).toBeGreaterThanOrEqual(before);
            before = next;
          }
        },
      ),
    );
  });
});
