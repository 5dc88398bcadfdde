import { describe, expect, it } from 'vitest';
import { noticeStatus, tellableStatus } from '../../src/hisp/notice-status.ts';
import { nextAttempt } from '../../src/hisp/schedule.ts';
import { referenceTransition, type Tracked, type TrackingEvent } from '../../src/hisp/transition.ts';
import { cause } from '../../src/outcome/cause.ts';

const MINUTE = 60_000;

describe('attempts (hisp-behaviour §8)', () => {
  const all = (kind: 'transmit' | 'lookup', deadline: number): number[] => {
    const times: number[] = [];
    for (let at: number | undefined = 0; at !== undefined; at = nextAttempt(kind, 0, at, deadline))
      times.push(at);
    return times.map((at) => at / 1000);
  };
  it.each([
    ['transmit', 60, [0, 30, 120, 300, 600, 900, 1800, 2700, 3480]],
    ['lookup', 60, [0, 5, 30, 120, 300, 600, 900, 1800, 2700, 3480]],
    ['transmit', 20, [0, 30, 120, 300, 600, 900, 1080]],
    ['transmit', 2, [0]],
  ] as const)('%s within %i minutes', (kind, minutes, expected) => {
    expect(all(kind, minutes * MINUTE)).toEqual(expected);
  });

  it('goes on from where the clock is, after a stop of any length', () => {
    expect(nextAttempt('transmit', 0, 7 * MINUTE, 60 * MINUTE)).toBe(10 * MINUTE);
    expect(nextAttempt('transmit', 0, 59 * MINUTE, 60 * MINUTE)).toBeUndefined();
  });
});

describe('notification states (hisp-behaviour §5)', () => {
  const after = (state: Tracked['state'], requested: boolean, event: TrackingEvent) => {
    const step = referenceTransition({ state, requested, domain: 'b.example', messageId: 'm' }, event);
    return [step.state, step.tell, step.timer, step.cause?.code ?? step.note?.code].filter(Boolean).join(' ');
  };
  const failed: TrackingEvent = {
    kind: 'failure',
    cause: cause('discovery.none', { names: [], servers: [] }),
  };
  const processed: TrackingEvent = { kind: 'processed' };
  const dispatched: TrackingEvent = { kind: 'dispatched', extension: true };
  const bare: TrackingEvent = { kind: 'dispatched', extension: false };
  const timer: TrackingEvent = { kind: 'timer', minutes: 60 };
  it.each([
    ['open', false, failed, 'failed failure stop discovery.none'],
    ['open', false, processed, 'processed nothing stop'],
    ['open', true, processed, 'processed nothing second'],
    ['processed', false, failed, 'failed failure stop discovery.none'],
    ['processed', true, failed, 'failed failure stop discovery.none'],
    ['processed', false, processed, 'processed nothing stop'],
    ['open', true, dispatched, 'dispatched success stop'],
    ['processed', true, dispatched, 'dispatched success stop'],
    ['processed', true, bare, 'processed nothing keep notification.no-extension'],
    ['processed', true, { kind: 'displayed' } as const, 'dispatched success stop'],
    ['open', false, timer, 'timed-out failure stop notification.no-processed'],
    ['open', true, timer, 'timed-out failure stop notification.no-processed'],
    ['processed', true, timer, 'timed-out failure stop notification.no-dispatched'],
    ['processed', false, timer, 'processed nothing stop'],
    ['failed', true, dispatched, 'failed nothing keep notification.late'],
    ['timed-out', true, processed, 'timed-out nothing keep notification.late'],
    ['dispatched', true, failed, 'dispatched nothing keep notification.late'],
    ['failed', false, failed, 'failed nothing keep notification.late'],
    ['failed', false, timer, 'failed nothing stop'],
  ] as const)('%s, final delivery asked for: %s, %j → %s', (state, requested, event, expected) => {
    expect(after(state, requested, event)).toBe(expected);
  });
});

describe('status of a notice (hisp-behaviour §6)', () => {
  it.each([
    [cause('discovery.none', { names: [], servers: [] }), undefined, '5.7.1'],
    [cause('cert.expired', { notAfter: '' }), undefined, '5.7.5'],
    [cause('notification.no-processed', { minutes: 60 }), undefined, '5.4.7'],
    [cause('transport.reply', { host: 'h', reply: '550 5.1.1 No' }), undefined, '5.1.1'],
    [cause('transport.reply', { host: 'h', reply: '452 4.2.2 Full' }), undefined, '5.2.2'],
    [cause('transport.reply', { host: 'h', reply: '550 No 5.1.1' }), undefined, '5.0.0'],
    [cause('notification.failed-by-peer', { domain: 'd', text: 't' }), '5.1.1', '5.1.1'],
    [cause('notification.failed-by-peer', { domain: 'd', text: 't' }), undefined, '5.0.0'],
    [cause('cert.expired', { notAfter: '' }), '5.1.1', '5.7.5'],
  ] as const)('%j', (reason, peer, status) => {
    expect(noticeStatus(reason, peer)).toBe(status);
  });
  it('inbound refusals have none', () => {
    expect(tellableStatus('crypto.not-encrypted')).toBeUndefined();
  });
});
