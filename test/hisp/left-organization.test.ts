import { describe, expect, it } from 'vitest';
import type { LeftDomain } from '../../src/hisp/config.ts';
import { letter, MINUTE, sleep, testNetwork } from './network.ts';

const from = 'alice@a.example';
const to = 'bob@b.example';

/** One message from a to b, whose organization is in a phase of leaving. */
async function outcome(
  phase: LeftDomain['phase'],
): Promise<{ notice: string; stages: string[]; own: string }> {
  const test = testNetwork();
  let notice = '';
  let own = '';
  await test.run(async () => {
    const left = (domain: string) => (domain === 'b.example' ? { phase, day: '2026-01-05' } : undefined);
    const a = test.hisp('a');
    const b = test.hisp('b', { left });
    await Promise.all([a.start(), b.start()]);
    await a.submit({ from, to: [to], bytes: letter(from, [to]) });
    await b.submit({ from: to, to: [from], bytes: letter(to, [from]) }).catch((error: Error) => {
      own = error.message;
    });
    await sleep(test.host('a'), MINUTE);
    for (const item of await a.mailbox(from)) {
      const found = await a.read(item.id);
      notice += Buffer.from(found!.bytes).toString();
    }
    await Promise.all([a.stop(), b.stop()]);
  });
  return { notice: notice.replace(/\r\n\s*/g, ' '), stages: test.stages('b'), own };
}

describe('mail to an organization that leaves', () => {
  it('is opened and answered by a notice that says so', async () => {
    const { notice, stages, own } = await outcome('leaving');
    expect(stages).toContain(`undeliverable ${to}`);
    expect(notice).toContain('bob@b.example has left on 2026-01-05');
    expect(notice).toContain('Status: 5.1.1');
    expect(notice).toContain('X-Direct-Reason: notification.failed-by-peer');
    expect(own).toContain('bob@b.example has left on 2026-01-05');
  });

  it('is refused at once when nothing is published any more', async () => {
    const { notice, stages } = await outcome('left');
    expect(stages).toEqual([]);
    expect(notice).toContain('5.1.6 The organization has left on 2026-01-05');
    expect(notice).toContain('Status: 5.1.6');
  });
});
