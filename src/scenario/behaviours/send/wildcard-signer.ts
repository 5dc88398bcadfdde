import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';
import { strangersKey } from './signing.ts';

/** Signs with a wildcard certificate. */
export const wildcardSigner: Behaviour = {
  id: 'send.wildcard-signer',
  title: 'signs with a wildcard certificate',
  legal: false,
  apply: given('sign', (draft) => ({
    ...draft,
    signers: [strangersKey(draft, { dnsNames: ['*.testbed.example'] })],
  })),
};
