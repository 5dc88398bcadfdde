import type { Behaviour } from '../behaviour.ts';
import { instead } from './composing.ts';
import { signatureOf, signedAs } from './signing.ts';

/** Signs other octets than it sends. */
export const badDigest: Behaviour = {
  id: 'send.bad-digest',
  title: 'signs other octets than it sends',
  legal: false,
  apply: instead('sign', (draft) => {
    const altered = Buffer.concat([draft.entity, Buffer.from('altered\r\n')]);
    return signedAs(draft, draft.entity, signatureOf(draft, altered));
  }),
};
