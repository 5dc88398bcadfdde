import { opaqueSigned } from '../../../mail/wrap.ts';
import type { Behaviour } from '../behaviour.ts';
import { instead } from './composing.ts';
import { signatureOf } from './signing.ts';

/** Signs with the content inside the signature. */
export const opaque: Behaviour = {
  id: 'send.opaque',
  title: 'signs with the content inside the signature',
  legal: false,
  apply: instead('sign', (draft) => ({
    ...draft,
    entity: opaqueSigned(signatureOf(draft, draft.entity, { detached: false })),
  })),
};
