import { without } from '../../../trust/named.ts';
import { type Behaviour, inOpening } from '../behaviour.ts';

/** Does not hold the envelope against the wrapped message. */
export const noEnvelopeCheck: Behaviour = {
  id: 'recv.no-envelope-check',
  title: 'does not hold the envelope against the wrapped message',
  legal: false,
  apply: inOpening((stages) => without(stages, 'envelope')),
};
