import { without } from '../../../trust/named.ts';
import type { Behaviour } from '../behaviour.ts';
import { inComposing } from './composing.ts';

/** Signs and does not encrypt. */
export const cleartext: Behaviour = {
  id: 'send.cleartext',
  title: 'signs and does not encrypt',
  legal: false,
  apply: inComposing((stages) => without(stages, 'encrypt')),
};
