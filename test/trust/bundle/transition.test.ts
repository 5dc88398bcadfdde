import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cause } from '../../../src/outcome/cause.ts';
import type { Certificate } from '../../../src/pki/certificate.ts';
import { anchorSet } from '../../../src/trust/bundle/consume-parts.ts';
import { eventJson, eventText } from '../../../src/trust/bundle/event-text.ts';
import type {
  AnchorSet,
  BundleEvent,
  BundleInput,
  SubscriptionState,
} from '../../../src/trust/bundle/state.ts';
import { isAlarm } from '../../../src/trust/bundle/state.ts';
import { type SubscriptionSpec, subscription } from '../../../src/trust/bundle/subscription.ts';
import { newState, transition, wakeAt } from '../../../src/trust/bundle/transition.ts';
import { A, anchors, B, C, DAY, NOW, pin, publisher, refusal, root, signed, unsigned } from './fixtures.ts';

const HOUR = 3_600_000;
const base: SubscriptionSpec = { id: 'community', url: 'https://b.example/x.p7b' };
const plain = subscription(base);
const pinned = subscription({ ...base, pins: [pin(publisher)] });

const setOf = (certificates: readonly Certificate[], signingTime?: number, one = plain): AnchorSet => {
  const bytes =
    signingTime === undefined ? unsigned(certificates) : signed(certificates, publisher, signingTime);
  return anchorSet({ bytes }, one, NOW);
};
const fetched = (certificates: readonly Certificate[], signingTime?: number): BundleInput => ({
  kind: 'fetched',
  set: setOf(certificates, signingTime, signingTime === undefined ? plain : pinned),
});
const failed: BundleInput = { kind: 'failed', cause: cause('bundle.timeout', { url: base.url }) };

/** Runs inputs at hours after the start; gives the last state and the kinds of events of each. */
function course(steps: readonly (readonly [number, BundleInput])[], one = plain) {
  let state: SubscriptionState = newState(one, NOW);
  const happened: string[][] = [];
  const all: BundleEvent[] = [];
  for (const [hours, input] of steps) {
    const step = transition(one, state, input, NOW + hours * HOUR);
    state = step.state;
    happened.push(step.events.map((event) => (isAlarm(event) ? `${event.kind}!` : event.kind)));
    all.push(...step.events);
  }
  return { state, happened, all, count: state.current?.certificates.length ?? 0 };
}

const ten = anchors.slice(0, 10);
const two = anchors.slice(0, 2);
const renewed = root('Anchor 0').certificate;

describe('what a refresh comes to', () => {
  it.each<[string, [number, BundleInput][], string[][], number]>([
    ['the first', [[0, fetched([A, B])]], [['installed']], 2],
    [
      'nothing new',
      [
        [0, fetched([A, B])],
        [24, fetched([A, B])],
        [48, { kind: 'unchanged' }],
      ],
      [['installed'], ['unchanged'], ['unchanged']],
      2,
    ],
    [
      'one more',
      [
        [0, fetched([A])],
        [24, fetched([A, B])],
      ],
      [['installed'], ['installed']],
      2,
    ],
    [
      'one of three less: at once',
      [
        [0, fetched([A, B, C])],
        [24, fetched([A, B])],
      ],
      [['installed'], ['installed!']],
      2,
    ],
    [
      'four of five less: at once',
      [
        [0, fetched(ten.slice(0, 5))],
        [24, fetched([A])],
      ],
      [['installed'], ['installed!']],
      1,
    ],
    [
      'five of ten less: at once',
      [
        [0, fetched(ten)],
        [24, fetched(ten.slice(0, 5))],
      ],
      [['installed'], ['installed!']],
      5,
    ],
    [
      'ten to two: held',
      [
        [0, fetched(ten)],
        [24, fetched(two)],
      ],
      [['installed'], ['held!']],
      10,
    ],
    [
      'held, told once',
      [
        [0, fetched(ten)],
        [24, fetched(two)],
        [30, fetched(two)],
      ],
      [['installed'], ['held!'], ['unchanged']],
      10,
    ],
    [
      'held for a day',
      [
        [0, fetched(ten)],
        [24, fetched(two)],
        [47, { kind: 'time' }],
        [48, { kind: 'time' }],
      ],
      [['installed'], ['held!'], [], ['installed!']],
      2,
    ],
    [
      'held for a day, and fetched again then',
      [
        [0, fetched(ten)],
        [24, fetched(two)],
        [48, fetched(two)],
      ],
      [['installed'], ['held!'], ['installed!']],
      2,
    ],
    [
      'another shrink does not begin the day anew',
      [
        [0, fetched(ten)],
        [24, fetched(two)],
        [40, fetched([A])],
        [48, { kind: 'time' }],
      ],
      [['installed'], ['held!'], ['held!'], ['installed!']],
      1,
    ],
    [
      'the publisher takes it back',
      [
        [0, fetched(ten)],
        [24, fetched(two)],
        [30, fetched(ten)],
        [60, { kind: 'time' }],
      ],
      [['installed'], ['held!'], ['unchanged'], []],
      10,
    ],
    [
      'the publisher takes it back, by 304',
      [
        [0, fetched(ten)],
        [24, fetched(two)],
        [30, { kind: 'unchanged' }],
        [60, { kind: 'time' }],
      ],
      [['installed'], ['held!'], ['unchanged'], []],
      10,
    ],
    [
      'the operator takes it',
      [
        [0, fetched(ten)],
        [24, fetched(two)],
        [25, { kind: 'apply' }],
      ],
      [['installed'], ['held!'], ['installed!']],
      2,
    ],
    [
      'the operator refuses it',
      [
        [0, fetched(ten)],
        [24, fetched(two)],
        [25, { kind: 'discard' }],
        [60, fetched(two)],
      ],
      [['installed'], ['held!'], ['discarded'], ['unchanged']],
      10,
    ],
    [
      'all ten replaced by others: held',
      [
        [0, fetched(ten)],
        [24, fetched([renewed, ...Array.from({ length: 9 }, (_, i) => root(`New ${i}`).certificate)])],
      ],
      [['installed'], ['held!']],
      10,
    ],
    [
      'a failure',
      [
        [0, fetched([A])],
        [24, failed],
      ],
      [['installed'], ['failed']],
      1,
    ],
    [
      'failures for two days',
      [
        [0, fetched([A])],
        [24, failed],
        [48, failed],
        [50, failed],
      ],
      [['installed'], ['failed'], ['failed', 'stale!'], ['failed']],
      1,
    ],
    [
      'failures from the beginning',
      [
        [0, failed],
        [47, failed],
        [48, { kind: 'time' }],
      ],
      [['failed'], ['failed'], ['stale!']],
      0,
    ],
    [
      'back, by the operator',
      [
        [0, fetched([A])],
        [24, fetched([B])],
        [25, { kind: 'rollback' }],
        [48, fetched([B])],
        [72, fetched([C])],
      ],
      [['installed'], ['installed!'], ['installed!'], ['unchanged'], ['installed!']],
      1,
    ],
    [
      'nothing to decide',
      [
        [0, { kind: 'apply' }],
        [0, { kind: 'discard' }],
        [0, { kind: 'rollback' }],
      ],
      [[], [], []],
      0,
    ],
  ])('%s', (_, steps, happened, count) => {
    const done = course(steps);
    expect(done.happened).toEqual(happened);
    expect(done.count).toBe(count);
    for (const event of done.all) {
      expect(eventText(event)).toMatch(/^community: \S/);
      expect(JSON.parse(JSON.stringify(eventJson(event)))).toMatchObject({
        bundle: 'community',
        kind: event.kind,
      });
    }
  });

  it('an addition that is taken back is a replay, and removes at once', () => {
    const { happened, count } = course([
      [0, fetched([A])],
      [24, fetched([A, B])],
      [48, fetched([A])],
    ]);
    expect(happened.at(-1)).toEqual(['replay!', 'installed!']);
    expect(count).toBe(1);
  });

  it('a replay that would bring a removed anchor back is held for a day, or only told of', () => {
    const steps: [number, BundleInput][] = [
      [0, fetched([A, B])],
      [24, fetched([A])],
      [48, fetched([A, B])],
    ];
    const done = course([...steps, [72, { kind: 'time' }]]);
    expect(done.happened.slice(2)).toEqual([['replay!', 'held!'], ['installed']]);
    const telling = subscription({ ...base, replay: 'alarm' });
    expect(course(steps, telling).happened.at(-1)).toEqual(['replay!', 'installed']);
  });

  it('one signed earlier is held until an operator decides, however long it is served', () => {
    const steps: [number, BundleInput][] = [
      [0, fetched([A, B, C], NOW)],
      [24, fetched([A, B], NOW + DAY)],
      [48, fetched([A, B, C], NOW)],
      [500, { kind: 'time' }],
    ];
    const done = course(steps, pinned);
    expect(done.happened.slice(0, 3)).toEqual([['installed'], ['installed!'], ['replay!', 'held!']]);
    expect(done.count).toBe(2);
    expect(course([...steps, [501, { kind: 'apply' }]], pinned).count).toBe(3);
    expect(course([...steps, [501, fetched([A, C], NOW + 2 * DAY)]], pinned).count).toBe(2);
  });

  it('an older one is not taken even when there is nothing else', () => {
    const { current: _, ...lost } = course([[0, fetched([A], NOW + DAY)]], pinned).state;
    const { state, events } = transition(pinned, lost, fetched([A, B], NOW), NOW + DAY);
    expect(events.map(({ kind }) => kind)).toEqual(['replay', 'held']);
    expect(state.current).toBeUndefined();
  });

  it('a renewed certificate of the same subject is no removal', () => {
    const done = course([
      [0, fetched([A, B])],
      [24, fetched([renewed, B])],
    ]);
    expect(done.happened.at(-1)).toEqual(['installed']);
  });
});

describe('the schedule', () => {
  const minutes = (state: SubscriptionState, one = plain, now = NOW): number | undefined => {
    const at = wakeAt(one, state);
    return at === undefined ? undefined : (at - now) / 60_000;
  };
  it('backs off after failures and forgets them after a success', () => {
    let state = newState(plain, NOW);
    expect(minutes(state)).toBe(0);
    const waits: (number | undefined)[] = [];
    for (let i = 0; i < 5; i++) {
      state = transition(plain, state, failed, NOW).state;
      waits.push(minutes(state));
    }
    expect(waits).toEqual([1, 5, 15, 60, 60]);
    expect(minutes(transition(plain, state, fetched([A]), NOW).state)).toBe(24 * 60);
  });
  it.each<[string, number, number | undefined]>([
    ['never less than five minutes', 1000, 5],
    ['as asked', 2 * HOUR, 120],
    ['only when asked', 0, undefined],
    ['only when asked', -1, undefined],
  ])('%s', (_, intervalMs, expected) => {
    const one = subscription({ ...base, intervalMs });
    expect(minutes(transition(one, newState(one, NOW), fetched([A]), NOW).state, one)).toBe(expected);
  });
});

describe('a subscription', () => {
  it.each<[string, Partial<SubscriptionSpec>, string]>([
    ['https', {}, 'none'],
    ['http with a pin', { url: 'http://b.example/x', pins: [pin(publisher)] }, 'none'],
    ['http for a test network', { url: 'http://b.example/x', unauthenticated: true }, 'none'],
    ['http', { url: 'http://b.example/x' }, 'spec bundle.format'],
    ['another scheme', { url: 'file:///etc/passwd' }, 'spec bundle.format'],
    ['no URL', { url: 'x' }, 'spec bundle.format'],
    ['a path for a name', { id: '../x' }, 'spec bundle.format'],
  ])('%s', (_, spec, expected) => {
    expect(refusal(() => subscription({ ...base, ...spec }))).toBe(expected);
  });
});

it('whatever happens, a set once trusted never becomes empty, and a held one always has a reason', () => {
  const inputs: BundleInput[] = [
    failed,
    { kind: 'unchanged' },
    { kind: 'time' },
    { kind: 'apply' },
    { kind: 'discard' },
    { kind: 'rollback' },
    ...[ten, two, [A], [B, C], anchors.slice(3)].map((certificates) => fetched(certificates)),
  ];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(inputs.length - 1), fc.integer({ min: 0, max: 30 })), { maxLength: 30 }),
      (steps) => {
        let state = newState(plain, NOW);
        let now = NOW;
        let had = false;
        for (const [which, hours] of steps) {
          now += hours * HOUR;
          state = transition(plain, state, inputs[which]!, now).state;
          had ||= state.current !== undefined;
          if (had) expect(state.current!.certificates.length).toBeGreaterThan(0);
          if (state.held) {
            expect(state.failure).toBeDefined();
            expect(state.held.set.sha256).not.toBe(state.current?.sha256);
            expect(state.held.until! - state.held.since).toBe(24 * HOUR);
          }
          expect(state.seen).not.toContain(state.current?.sha256);
        }
      },
    ),
    { numRuns: 300 },
  );
});
