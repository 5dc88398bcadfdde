import type { Behaviour } from '../behaviour.ts';
import { inNotices } from './keeping.ts';

/** Forgets a notice that comes before the message is in its books. */
export const needsOrder: Behaviour = {
  id: 'ntf.needs-order',
  title: 'forgets a notice that comes before the message is in its books',
  legal: false,
  apply: inNotices(() => ({ keepsUnmatched: false })),
};
