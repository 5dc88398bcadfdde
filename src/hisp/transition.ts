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
}

export type TrackingEvent =
  /** No certificate, no trust, a 5xx, a negative MDN, a DSN that says failed. */
  | { readonly kind: 'failure'; readonly cause: Cause; readonly status?: string }
  | { readonly kind: 'processed' }
  | { readonly kind: 'dispatched'; readonly extension: boolean }
  | { readonly kind: 'displayed' }
  /** The time for the next step is over. */
  | { readonly kind: 'timer'; readonly minutes: number };

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
}

/** The seam for HISPs that keep other books. */
export type Transition = (tracked: Tracked, event: TrackingEvent) => TrackingStep;

export const referenceTransition: Transition = (tracked, event) => {
  const { state, requested } = tracked;
  const stay = (note?: Cause): TrackingStep => ({
    state,
    tell: 'nothing',
    timer: 'keep',
    ...(note ? { note } : {}),
  });
  const late = (): TrackingStep => stay(cause('notification.late', { messageId: tracked.messageId }));
  const final = state === 'dispatched' || state === 'failed' || state === 'timed-out';
  switch (event.kind) {
    case 'failure':
      if (final) return late();
      return {
        state: 'failed',
        tell: 'failure',
        cause: event.cause,
        timer: 'stop',
        ...(event.status ? { status: event.status } : {}),
      };
    case 'processed':
      if (final) return late();
      return { state: 'processed', tell: 'nothing', timer: requested ? 'second' : 'stop' };
    case 'displayed':
      return final ? late() : { state: 'dispatched', tell: 'success', timer: 'stop' };
    case 'dispatched':
      if (final) return late();
      if (!event.extension && requested) return stay(cause('notification.no-extension', {}));
      return { state: 'dispatched', tell: 'success', timer: 'stop' };
    case 'timer':
      return expire(tracked, event.minutes);
  }
};

function expire({ state, requested, domain }: Tracked, minutes: number): TrackingStep {
  const timedOut = (why: Cause): TrackingStep => ({
    state: 'timed-out',
    tell: 'failure',
    cause: why,
    timer: 'stop',
  });
  if (state === 'open') return timedOut(cause('notification.no-processed', { minutes }));
  if (state === 'processed' && requested) {
    return timedOut(cause('notification.no-dispatched', { minutes, domain }));
  }
  return { state, tell: 'nothing', timer: 'stop' };
}
