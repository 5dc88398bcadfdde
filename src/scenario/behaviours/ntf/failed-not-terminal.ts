import type { HispParts } from '../../../hisp/parts.ts';
import type { Behaviour } from '../behaviour.ts';
import { inBooks, inNotices } from './keeping.ts';

const waitOn = inBooks((step, { state }, event) =>
  event.kind === 'failure' && step.tell === 'failure' ? { ...step, state, timer: 'keep', ends: false } : step,
);
const tellAgain = inNotices(({ failureIds }) => ({
  failureIds: (messageId, address, why) =>
    failureIds(messageId, address, why).map((id) => `${id} ${why.code}`),
}));

/** Tells of a failure and goes on waiting, so that it tells again when the time is up. */
export const failedNotTerminal: Behaviour = {
  id: 'ntf.failed-not-terminal',
  title: 'tells of a failure and goes on waiting, so that it tells again when the time is up',
  legal: false,
  apply: (parts: HispParts) => tellAgain(waitOn(parts)),
};
