import { contentStage } from '../../../agent/compose.ts';
import { type Behaviour, staged } from '../behaviour.ts';
import { inComposing } from './composing.ts';

/** Signs the content of the message without its header. */
export const unwrapped: Behaviour = {
  id: 'send.unwrapped',
  title: 'signs the content of the message without its header',
  legal: false,
  apply: inComposing((stages) => staged(stages, 'wrap', contentStage.run)),
};
