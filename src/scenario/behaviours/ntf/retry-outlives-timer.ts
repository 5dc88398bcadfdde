import type { HispParts } from '../../../hisp/parts.ts';
import type { Behaviour } from '../behaviour.ts';
import { inBooks, inNotices } from './keeping.ts';

const HOURS = 6 * 3_600_000;
const goOn = inBooks((step) => ({ ...step, ends: false }));
const longer = inNotices(({ nextAttempt }) => ({
  nextAttempt: (kind, acceptedAt, now, deadline) => nextAttempt(kind, acceptedAt, now, deadline + HOURS),
}));

/** Tries to send for hours after it told its user that the message failed. */
export const retryOutlivesTimer: Behaviour = {
  id: 'ntf.retry-outlives-timer',
  title: 'tries to send for hours after it told its user that the message failed',
  legal: false,
  apply: (parts: HispParts) => longer(goOn(parts)),
};
