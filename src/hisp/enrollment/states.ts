/**
 * The states of a request to join, and what leads from one to another.
 *
 * @module
 */
import type { EnrollmentState } from '../../store/enrollment-schema.ts';

/** `change`: the applicant alters what was filled in; `approve`: the first of two persons said yes. */
export type EnrollmentEventName =
  | 'change'
  | 'submit'
  | 'ask'
  | 'answer'
  | 'approve'
  | 'accept'
  | 'decline'
  | 'withdraw';

type Transitions = Readonly<Partial<Record<EnrollmentEventName, EnrollmentState>>>;

const FROM: Readonly<Record<EnrollmentState, Transitions>> = {
  draft: { change: 'draft', submit: 'submitted', withdraw: 'withdrawn' },
  submitted: {
    ask: 'asked',
    approve: 'submitted',
    accept: 'accepted',
    decline: 'declined',
    withdraw: 'withdrawn',
  },
  asked: { change: 'asked', answer: 'answered', decline: 'declined', withdraw: 'withdrawn' },
  answered: {
    ask: 'asked',
    approve: 'answered',
    accept: 'accepted',
    decline: 'declined',
    withdraw: 'withdrawn',
  },
  accepted: {},
  declined: {},
  withdrawn: {},
};

export const ENROLLMENT_STATES = Object.keys(FROM) as readonly EnrollmentState[];

/** The state after an event; undefined when the event cannot happen now. */
export const afterEvent = (state: EnrollmentState, event: EnrollmentEventName): EnrollmentState | undefined =>
  FROM[state][event];

/** Whether nothing can happen any more. */
export const isFinal = (state: EnrollmentState): boolean => Object.keys(FROM[state]).length === 0;

/** Those that an operator has something to do with. */
export const OPEN_STATES: readonly EnrollmentState[] = ['submitted', 'answered', 'asked'];

/** For people. */
export const STATE_WORDS: Readonly<Record<EnrollmentState, string>> = {
  draft: 'not sent yet',
  submitted: 'waits for review',
  asked: 'waits for an answer',
  answered: 'answered, waits for review',
  accepted: 'accepted',
  declined: 'declined',
  withdrawn: 'withdrawn',
};
