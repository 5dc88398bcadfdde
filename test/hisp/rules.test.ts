import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeStatus, tellableStatus } from '../../src/hisp/notice-status.ts';
import { nextAttempt } from '../../src/hisp/schedule.ts';
import { isFinal, referenceTransition, type Tracked, type TrackingEvent } from '../../src/hisp/transition.ts';
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
  const failed: TrackingEvent = {
    kind: 'failure',
    cause: cause('discovery.none', { names: [], servers: [] }),
  };
  const processed: TrackingEvent = { kind: 'processed' };
  const dispatched: TrackingEvent = { kind: 'dispatched', extension: true };
  const bare: TrackingEvent = { kind: 'dispatched', extension: false };
  const displayed: TrackingEvent = { kind: 'displayed' };
  const progress: TrackingEvent = { kind: 'progress' };
  const timer: TrackingEvent = { kind: 'timer' };
  const outcome = (state: Tracked['state'], requested: boolean, event: TrackingEvent, lenient = false) => {
    const step = referenceTransition(
      { state, requested, domain: 'b.example', messageId: 'm', minutes: 60, lenient },
      event,
    );
    return [step.state, step.tell, step.timer, step.cause?.code ?? step.note?.code, step.ends ? 'ends' : '']
      .filter(Boolean)
      .join(' ');
  };
  it.each([
    // local failure, a 5xx, a negative MDN, a DSN that says failed
    ['open', false, failed, 'failed failure stop discovery.none ends'],
    ['open', true, failed, 'failed failure stop discovery.none ends'],
    ['processed', false, failed, 'failed failure stop discovery.none ends'],
    ['processed', true, failed, 'failed failure stop discovery.none ends'],
    // processed: complete without the option, a step with it
    ['open', false, processed, 'processed nothing stop'],
    ['open', true, processed, 'processed nothing second'],
    ['processed', false, processed, 'processed nothing stop'],
    ['processed', true, processed, 'processed nothing second'],
    // dispatched
    ['processed', true, dispatched, 'dispatched success stop'],
    ['processed', false, dispatched, 'dispatched success stop'],
    ['processed', false, bare, 'dispatched success stop'],
    ['open', true, dispatched, 'dispatched success stop notification.no-processed'],
    ['open', false, bare, 'dispatched success stop notification.no-processed'],
    ['open', true, bare, 'open nothing keep notification.no-extension'],
    ['processed', true, bare, 'processed nothing keep notification.no-extension'],
    ['processed', true, displayed, 'dispatched success stop'],
    ['open', true, displayed, 'dispatched success stop notification.no-processed'],
    // a word in between decides nothing, wherever it comes
    ['open', false, progress, 'open nothing keep'],
    ['processed', true, progress, 'processed nothing keep'],
    ['failed', true, progress, 'failed nothing keep'],
    // timers
    ['open', false, timer, 'timed-out failure stop notification.no-processed ends'],
    ['open', true, timer, 'timed-out failure stop notification.no-processed ends'],
    ['processed', true, timer, 'timed-out failure stop notification.no-dispatched ends'],
    ['processed', false, timer, 'processed nothing stop'],
    ['dispatched', true, timer, 'dispatched nothing stop'],
    ['failed', false, timer, 'failed nothing stop'],
    ['timed-out', false, timer, 'timed-out nothing stop'],
    // after a final state
    ['dispatched', true, failed, 'dispatched nothing keep notification.late'],
    ['dispatched', true, dispatched, 'dispatched nothing keep notification.late'],
    ['dispatched', true, processed, 'dispatched nothing keep notification.late'],
    ['failed', false, failed, 'failed nothing keep notification.late'],
    ['failed', true, dispatched, 'failed nothing keep notification.late'],
    ['failed', true, displayed, 'failed nothing keep notification.late'],
    ['timed-out', true, processed, 'timed-out nothing keep notification.late'],
    ['timed-out', true, dispatched, 'timed-out nothing keep notification.late'],
    ['timed-out', true, failed, 'timed-out nothing keep notification.late'],
  ] as const)('%s, final delivery asked for: %s, %j → %s', (state, requested, event, expected) => {
    expect(outcome(state, requested, event)).toBe(expected);
  });

  it('a lenient domain counts a dispatched notice without its extension', () => {
    expect(outcome('processed', true, bare, true)).toBe('dispatched success stop');
    expect(outcome('timed-out', true, bare, true)).toBe('timed-out nothing keep notification.late');
  });

  it('whatever happens, in whatever order, a final state stays and the sender is told once', () => {
    const event = fc.constantFrom(failed, processed, dispatched, bare, displayed, progress, timer);
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.boolean(),
        fc.array(event, { maxLength: 12 }),
        (requested, lenient, events) => {
          let state: Tracked['state'] = 'open';
          let told = 0;
          for (const one of events) {
            const step = referenceTransition(
              { state, requested, domain: 'b.example', messageId: 'm', minutes: 60, lenient },
              one,
            );
            if (isFinal(state)) expect([step.state, step.tell]).toEqual([state, 'nothing']);
            if (step.tell !== 'nothing') told += 1;
            expect(isFinal(step.state)).toBe(told === 1);
            state = step.state;
          }
          expect(told).toBeLessThanOrEqual(1);
        },
      ),
    );
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
  it.each([
    [
      '5.7.1',
      [
        'discovery.none',
        'cert.policy',
        'trust.no-anchors',
        'trust.no-path',
        'trust.aia-failed',
        'trust.constraint',
        'trust.anchor-expired',
      ],
    ],
    [
      '5.7.5',
      [
        'cert.expired',
        'cert.not-yet-valid',
        'cert.revoked',
        'cert.revocation-unknown',
        'cert.binding',
        'cert.usage',
        'cert.weak-key',
        'cert.weak-signature',
        'cert.ca-as-leaf',
        'cert.unparsable',
        'config.missing-key',
      ],
    ],
    ['5.4.3', ['discovery.temporary']],
    ['5.4.1', ['transport.mx-none', 'transport.connect', 'transport.tls']],
    ['5.4.7', ['notification.no-processed', 'notification.no-dispatched']],
    ['5.3.4', ['transport.size']],
    ['5.0.0', ['notification.failed-by-peer', 'transport.reply']],
    ['5.1.1', ['edge.unknown-mailbox']],
    ['5.2.2', ['edge.full']],
    ['5.3.2', ['edge.unavailable']],
    ['5.3.0', ['edge.xdr-fault']],
    ['5.4.6', ['message.loop']],
    [
      '5.6.0',
      [
        'parse.mime',
        'parse.header',
        'parse.base64',
        'parse.cms-structure',
        'parse.der',
        'parse.limit',
        'message.from-missing',
        'message.from-multiple',
      ],
    ],
    [
      undefined,
      [
        'discovery.stopped-invalid',
        'notification.late',
        'notification.unmatched',
        'notification.unauthenticated',
        'notification.no-extension',
        'edge.auth',
        'edge.not-owner',
        'message.not-wrapped',
        'message.envelope-mismatch',
        'message.bcc-present',
        'message.duplicate',
        'crypto.not-signed',
        'bundle.stale',
        'config.policy-syntax',
      ],
    ],
  ] as const)('%s', (status, codes) => {
    for (const code of codes) expect([code, tellableStatus(code)]).toEqual([code, status]);
  });
  it('inbound refusals have none', () => {
    expect(tellableStatus('crypto.not-encrypted')).toBeUndefined();
  });
});
