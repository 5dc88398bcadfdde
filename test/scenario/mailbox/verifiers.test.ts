import { describe, expect, it } from 'vitest';
import { findingText } from '../../../src/outcome/check.ts';
import type { Scope, Verdict } from '../../../src/scenario/judge/verifier.ts';
import { mailboxReplies } from '../../../src/scenario/judge/verifiers/mailbox/replies.ts';
import { retrieved } from '../../../src/scenario/judge/verifiers/mailbox/retrieved.ts';
import type { RunView } from '../../../src/scenario/judge/view.ts';

const scope: Scope = { case: 'pop3', part: 'main', cites: [] };
const text = ({ status, findings }: Verdict): string =>
  [status, ...findings.map((finding) => findingText(finding))].join('\n');

const SENT = 'Message-ID: <m@d.example>\r\n\r\nbody\r\n';
/** What was sent, as event 1, and what was read, each as an event after it. */
const view = (...mails: readonly string[]): RunView => {
  const texts = [SENT, ...mails];
  return {
    sent: [{ event: 1, id: 'message', part: 'main', messageId: '<m@d.example>' }],
    events: texts.map((_, index) => ({
      n: index + 1,
      blob: String(index),
      summary: index === 0 ? { step: 'deliver' } : { op: 'mail', part: 'main', index },
    })),
    blob: (name: string) => Buffer.from(texts[Number(name)]!),
  } as unknown as RunView;
};

describe('a message that was sent', () => {
  it.each([
    ['is there', [SENT], 'pass'],
    ['is there with what a server adds', [`Received: by x\r\n${SENT}`, 'Subject: other\r\n\r\n'], 'pass'],
    ['is there without its last line end', [SENT.trimEnd()], 'pass'],
    [
      'is not there',
      ['Subject: other\r\n\r\n'],
      'fail\nmessage "message": expected there once, as it was sent, found not there',
    ],
    ['is there twice', [SENT, SENT], 'found there 2 times'],
    ['is altered', [`${SENT}-- \r\n`], 'found altered'],
    ['is still encrypted', [`Content-Type: application/pkcs7-mime\r\n${SENT}`], 'found altered'],
  ])('%s', (_what, mails, expected) => {
    expect(text(retrieved.verify({ message: 'message' }, view(...mails), scope))).toContain(expected);
  });
});

const exchange = (n: number, as: string, heard: string, part = 'main') => ({
  n,
  summary: { op: 'exchange', part, as, said: 'STAT', heard, text: `${heard} so` },
});

describe('an answer', () => {
  it.each([
    ['that is expected', [exchange(1, 'here', 'ERR')], 'pass'],
    ['of which one is not', [exchange(1, 'here', 'ERR'), exchange(2, 'here', 'OK')], 'fail'],
    ['of another part of the run', [exchange(1, 'here', 'ERR', 'control')], 'nothing was said there'],
    ['at another place', [exchange(1, 'there', 'ERR')], 'nothing was said there'],
  ])('%s', (_what, events, expected) => {
    const seen = { events } as unknown as RunView;
    expect(text(mailboxReplies.verify({ at: 'here', is: ['ERR', 'closed'] }, seen, scope))).toContain(
      expected,
    );
  });
});
