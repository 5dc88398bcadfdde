import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TwoProcesses, troubles, twoProcesses } from './two-processes.ts';

/**
 * All suites that are named for systems outside, against a HISP in another process that knows nothing of the testbed
 * but its anchor. In real time, so not among the quick tests: `ANCHORAGE_OUTSIDE=all npx vitest run all-suites`.
 */
const LANES = [
  ['d1-d18', 'hosting', 'send', 'smtp-*', 'imap-*', 'pop3-*', 'XE-01'],
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
    { timeout: 280_000 },
    async (_, index) => {
      // a search that meets servers which say nothing takes its time; silence is listened to in the other lanes
      if (index === 0) two.lanes[0]!.write({ waits: { answer: '40 s', settle: '300 ms', silence: '5 s' } });
      const report = await two.lanes[index]!.judged(...LANES[index]!);
      expect(troubles(report)).toEqual([]);
      expect(report.summary.pass).toBeGreaterThan(2);
    },
  );
});
