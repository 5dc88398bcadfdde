import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';
import { strangersKey } from './signing.ts';

/** Signs with the certificate of somebody else. */
export const wrongSigner: Behaviour = {
  id: 'send.wrong-signer',
  title: 'signs with the certificate of somebody else',
  legal: false,
  apply: given('sign', (draft) => ({
    ...draft,
    signers: [strangersKey(draft, { emails: ['somebody@else.example'] })],
  })),
};
