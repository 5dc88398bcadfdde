import { without } from '../../../trust/named.ts';
import type { Behaviour } from '../behaviour.ts';
import { inComposing } from './composing.ts';

/** Encrypts and does not sign. */
export const unsigned: Behaviour = {
  id: 'send.unsigned',
  title: 'encrypts and does not sign',
  legal: false,
  apply: inComposing((stages) => without(stages, 'sign')),
};
