/**
 * What becomes of a recipient of ours as notices come in and time goes by (hisp-behaviour §5). Pure.
 *
 * @module
 */
import { type Cause, cause } from '../outcome/cause.ts';

export type TrackedState = 'open' | 'processed' | 'dispatched' | 'failed' | 'timed-out';

export interface Tracked {
  readonly state: TrackedState;
  /** The sender asked for the final delivery (option header). */
  readonly requested: boolean;
  /** For the texts. */
  readonly domain: string;
  readonly messageId: string;
  /** Whole minutes since the message was taken. */
  readonly minutes: number;
  /** The domain's policy `lenient-dispatch`: a dispatched notice without its extension counts. */
  readonly lenient: boolean;
}

export type TrackingEvent =
  /** No certificate, no trust, a 5xx, a negative MDN, a DSN that says failed. */
  | { readonly kind: 'failure'; readonly cause: Cause; readonly status?: string }
  | { readonly kind: 'processed' }
  | { readonly kind: 'dispatched'; readonly extension: boolean }
  | { readonly kind: 'displayed' }
  /** A word in between that decides nothing: a delayed, relayed, expanded or delivered DSN, a deleted MDN. */
  | { readonly kind: 'progress' }
  /** The time for the next step is over. */
  | { readonly kind: 'timer' };

export interface TrackingStep {
  readonly state: TrackedState;
  /** What the sender's edge hears. */
  readonly tell: 'nothing' | 'failure' | 'success';
  /** Why, when the sender is told of a failure. */
  readonly cause?: Cause;
  /** Status of the peer, when it gave one. */
  readonly status?: string;
  /** For the journal. */
  readonly note?: Cause;
  /** `second`: from now on the missing dispatched counts (T2). */
  readonly timer: 'keep' | 'second' | 'stop';
  /** Nothing is sent to the recipient any more (REQ-DN-18). */
  readonly ends: boolean;
}

/** The seam for HISPs that keep other books. */
export type Transition = (tracked: Tracked, event: TrackingEvent) => TrackingStep;

/** Whether nothing but a late notice can come after it. `processed` without the option is complete, not final. */
export const isFinal = (state: TrackedState): boolean =>
  state === 'dispatched' || state === 'failed' || state === 'timed-out';

export const referenceTransition: Transition = (tracked, event) => {
  const { state, requested, minutes } = tracked;
  const stay = (note?: Cause): TrackingStep => ({ ...unchanged(state), ...(note ? { note } : {}) });
  if (event.kind === 'timer') return expire(tracked);
  if (event.kind === 'progress') return stay();
  if (isFinal(state)) return stay(cause('notification.late', { messageId: tracked.messageId }));
  switch (event.kind) {
    case 'failure':
      return {
        ...unchanged('failed'),
        tell: 'failure',
        cause: event.cause,
        timer: 'stop',
        ends: true,
        ...(event.status ? { status: event.status } : {}),
      };
    case 'processed':
      return { ...unchanged('processed'), timer: requested ? 'second' : 'stop' };
    case 'dispatched':
      if (!event.extension && requested && !tracked.lenient) {
        return stay(cause('notification.no-extension', {}));
      }
      break;
    case 'displayed':
  }
  return {
    ...unchanged('dispatched'),
    tell: 'success',
    timer: 'stop',
    // out of order, or left out: the outcome counts, the gap is a finding
    ...(state === 'open' ? { note: cause('notification.no-processed', { minutes }) } : {}),
  };
};

const unchanged = (state: TrackedState): TrackingStep => ({
  state,
  tell: 'nothing',
  timer: 'keep',
  ends: false,
});

function expire({ state, requested, domain, minutes }: Tracked): TrackingStep {
  const timedOut = (why: Cause): TrackingStep => ({
    state: 'timed-out',
    tell: 'failure',
    cause: why,
    timer: 'stop',
    ends: true,
  });
  if (state === 'open') return timedOut(cause('notification.no-processed', { minutes }));
  if (state === 'processed' && requested) {
    return timedOut(cause('notification.no-dispatched', { minutes, domain }));
  }
  return { ...unchanged(state), timer: 'stop' };
}
