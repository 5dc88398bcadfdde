import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TwoProcesses, troubles, twoProcesses } from './two-processes.ts';

/**
 * All suites that are named for systems outside, against a HISP in another process that knows nothing of the testbed
 * but its anchor. In real time, so not among the quick tests: `ANCHORAGE_OUTSIDE=all npx vitest run all-suites`.
 */
const LANES = [
  ['d1-d18', 'hosting', 'send', 'smtp-*', 'imap-*', 'pop3-*', 'XE-01', 'XE-02', 'XE-03', 'XE-05', 'XE-07'],
  ['receive', 'XR-01', 'XR-02', 'XR-07', 'XR-08', 'XR-11', 'XR-12', 'XR-13'],
  ['dn-ExceptionPathBadAddress', 'dn-ExceptionPathNo*'],
  ['dn-ExceptionPathUntrusted', 'dn-ExceptionPathDelayedDispatchedMDN', 'dn-HappyPathGoodHeader', 'XN-08'],
] as const;

describe.runIf(process.env['ANCHORAGE_OUTSIDE'] === 'all')('all suites', () => {
  let two: TwoProcesses;
  beforeAll(async () => {
    two = await twoProcesses({ timerMs: 10_000, lanes: LANES.length });
  }, 60_000);
  afterAll(() => two?.close());

  it.concurrent.each(LANES.map((selectors, index) => [selectors.join(' '), index] as const))(
    'a correct HISP passes %s',
    { timeout: 180_000 },
    async (_, index) => {
      const report = await two.lanes[index]!.judged(...LANES[index]!);
      expect(troubles(report)).toEqual([]);
      expect(report.summary.pass).toBeGreaterThan(2);
    },
  );
});
