import { describe, expect, it } from 'vitest';
import { findingText } from '../../../src/outcome/check.ts';
import type { Scope, Verdict } from '../../../src/scenario/judge/verifier.ts';
import { deliveredTimes, intact } from '../../../src/scenario/judge/verifiers/delivered.ts';
import { encryptedTo } from '../../../src/scenario/judge/verifiers/encrypted-to.ts';
import { processedOnce, replied } from '../../../src/scenario/judge/verifiers/handed-over.ts';
import { noted } from '../../../src/scenario/judge/verifiers/noted.ts';
import { nothingFetched } from '../../../src/scenario/judge/verifiers/nothing-fetched.ts';
import { trustedMessages } from '../../../src/scenario/judge/verifiers/trusted-messages.ts';
import type { RunView } from '../../../src/scenario/judge/view.ts';

const scope: Scope = { case: 'XR-00', part: 'main', cites: [] };
const text = ({ status, findings }: Verdict): string =>
  [status, ...findings.map((finding) => findingText(finding))].join('\n');

/** Evidence as a run would leave it. */
const view = (seen: object): RunView =>
  ({
    run: {
      facts: {
        sut: { host: 'sut' },
        certificates: [
          { role: 'Old', case: 'XR-00', issuer: 'aa', serial: '01' },
          { role: 'New', case: 'XR-00', issuer: 'aa', serial: '02' },
        ],
      },
    },
    events: [],
    sent: [],
    arrived: [],
    answered: [],
    asked: [],
    ...seen,
  }) as unknown as RunView;

const sent = (event: number, id: string, more: object = {}) => ({
  event,
  at: event * 60_000,
  id,
  part: 'main',
  to: ['carol@d.example'],
  messageId: `<${id}@d.example>`,
  ...more,
});
const arrived = (event: number, ...serials: string[]) => ({
  event,
  rcptTo: ['carol@d.example'],
  recipients: serials.map((serial) => ({ issuer: 'aa', serial })),
});
const processed = (event: number, id: string, messageId = `n${event}`) => ({
  event,
  at: event * 60_000,
  messageId,
  about: `${id}@d.example`,
  disposition: 'processed',
});
const step = (n: number, summary: object, more: object = {}) => ({
  n,
  host: 'tester',
  kind: 'step',
  summary,
  ...more,
});
const delivery = (n: number, id: string, blob: string, more: object = {}) => ({
  n,
  host: 'sut',
  kind: 'message',
  blob,
  summary: { stage: 'delivered', messageId: `${id}@d.example`, ...more },
});

describe('encrypted-to', () => {
  const judge = (messages: Record<string, string[]>, ...there: ReturnType<typeof arrived>[]) =>
    text(
      encryptedTo.verify({ messages }, view({ sent: [sent(1, 'a'), sent(5, 'b')], arrived: there }), scope),
    );

  it.each<[string, Record<string, string[]>, ReturnType<typeof arrived>[], RegExp]>([
    ['each as it should be', { a: ['Old'], b: ['New'] }, [arrived(2, '01'), arrived(6, '02')], /^pass/],
    ['to both, in any order', { a: ['Old', 'New'] }, [arrived(2, '02', '01')], /^pass/],
    ['nothing left', { a: [] }, [arrived(6, '02')], /^pass\n.*not sent/],
    ['lost', { a: ['Old'] }, [arrived(6, '01')], /^fail\n.*expected encrypted to Old, found not sent/],
    ['to the old one', { b: ['New'] }, [arrived(6, '01')], /^fail\n.*found encrypted to Old/],
    ['to a stranger', { a: ['Old'] }, [arrived(2, '01', '09')], /^fail\n.*a stranger’s/],
    ['never submitted', { c: ['Old'] }, [], /^error/],
  ])('%s', (_name, messages, there, expected) => {
    expect(judge(messages, ...there)).toMatch(expected);
  });
});

describe('intact, delivered-times', () => {
  const events = [
    step(1, { step: 'deliver' }, { blob: 'one' }),
    delivery(2, 'a', 'one'),
    step(3, { step: 'deliver' }, { blob: 'two' }),
    delivery(4, 'b', 'tidied'),
    delivery(5, 'b', 'two'),
    step(6, { step: 'deliver' }, { blob: 'three' }),
    step(7, { step: 'deliver' }, { blob: 'four' }),
    delivery(8, 'd', 'other'),
  ];
  const seen = view({ events, sent: [sent(1, 'a'), sent(3, 'b'), sent(6, 'c'), sent(7, 'd')] });

  it.each([
    ['a', /^pass/],
    ['b', /^pass/],
    ['c', /^fail\n.*not delivered/],
    ['d', /^fail\n.*altered/],
  ])('intact: %s', (id, expected) => {
    expect(text(intact.verify({ messages: [id] }, seen, scope))).toMatch(expected);
  });

  it.each([
    [{ a: 1, b: 2, c: 0 }, /^pass/],
    [{ a: 2 }, /^fail\n.*expected delivered 2 times, found delivered 1 times/],
    [{ c: 1 }, /^fail/],
  ])('delivered-times: %o', (messages, expected) => {
    expect(text(deliveredTimes.verify({ messages }, seen, scope))).toMatch(expected);
  });
});

describe('replied', () => {
  const handed = (replies: object) =>
    view({ events: [step(1, { step: 'handed-over', id: 'message', part: 'main', replies })] });

  it.each([
    [{ 'a@b': '552 5.3.4 Too large' }, /^pass/],
    [{ 'a@b': '552 5.3.4 Too large', 'c@b': '250 Stored' }, /^fail/],
    [{ 'a@b': '250 Stored' }, /^fail\n.*expected 552, found 250 Stored/],
    [{}, /^fail\n.*found none/],
  ])('%o', (replies, expected) => {
    expect(text(replied.verify({ message: 'message', reply: '552' }, handed(replies), scope))).toMatch(
      expected,
    );
  });
});

describe('processed-notices', () => {
  const judge = (expected: number, ...answered: ReturnType<typeof processed>[]) =>
    processedOnce.verify({ messages: { a: expected } }, view({ sent: [sent(1, 'a')], answered }), scope)
      .status;

  it.each([
    ['one', 1, [processed(2, 'a')], 'pass'],
    ['the same one again', 1, [processed(2, 'a', 'n'), processed(3, 'a', 'n')], 'pass'],
    ['another one', 1, [processed(2, 'a'), processed(3, 'a')], 'fail'],
    ['two for two', 2, [processed(2, 'a'), processed(3, 'a')], 'pass'],
    ['none', 1, [processed(2, 'b')], 'fail'],
  ])('%s', (_name, expected, answered, status) => {
    expect(judge(expected, ...answered)).toBe(status);
  });
});

describe('noted', () => {
  const events = [delivery(1, 'a', 'x', { findings: ['noted.sender-differs'] })];
  it.each([
    ['noted.sender-differs', true, 'pass'],
    ['noted.sender-differs', false, 'fail'],
    ['noted.signing-key', true, 'fail'],
    ['noted.signing-key', false, 'pass'],
  ])('%s, present %s', (code, present, status) => {
    expect(noted.verify({ code, present }, view({ events }), scope).status).toBe(status);
  });
});

describe('nothing-fetched', () => {
  const judge = (...asked: string[]) =>
    nothingFetched.verify(
      { path: '/tracker.gif' },
      view({ asked: asked.map((one, event) => ({ text: one, event })) }),
      scope,
    ).status;

  it('looks at where the path begins', () => {
    expect(judge('HTTP GET /root.crl')).toBe('pass');
    expect(judge('HTTP GET /tracker.gif?the+clear+text')).toBe('fail');
  });
});

describe('trusted-messages in time', () => {
  const judge = (withinMinutes?: number) =>
    trustedMessages.verify(
      { trusted: ['a'], refused: [], ...(withinMinutes === undefined ? {} : { withinMinutes }) },
      view({ sent: [sent(1, 'a')], answered: [processed(100, 'a')] }),
      scope,
    ).status;

  it('counts a late answer only without a limit', () => {
    expect(judge()).toBe('pass');
    expect(judge(30)).toBe('fail');
  });
});
