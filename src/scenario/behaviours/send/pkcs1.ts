import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Carries the content key by PKCS #1 v1.5. */
export const pkcs1: Behaviour = {
  id: 'send.pkcs1',
  title: 'carries the content key by PKCS #1 v1.5',
  legal: false,
  apply: given('encrypt', (draft) => ({
    ...draft,
    algorithms: { ...draft.algorithms, keyTransport: 'pkcs1' },
  })),
};
