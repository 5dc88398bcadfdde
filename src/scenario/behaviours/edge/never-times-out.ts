import type { Behaviour } from '../behaviour.ts';
import { inSubmission } from './submitting.ts';

const YEAR_MS = 365 * 86_400_000;

/** A client that says nothing may stay for ever. */
export const neverTimesOut: Behaviour = {
  id: 'edge.never-times-out',
  title: 'keeps a connection open in which nothing is said',
  legal: false,
  apply: inSubmission(({ limits }) => ({ limits: { ...limits, idleMs: YEAR_MS, sessionMs: YEAR_MS } })),
};
