import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Encrypts the content with Triple DES. */
export const tripleDes: Behaviour = {
  id: 'send.3des',
  title: 'encrypts the content with Triple DES',
  legal: false,
  apply: given('encrypt', (draft) => ({
    ...draft,
    algorithms: { ...draft.algorithms, cipher: 'des-ede3-cbc' },
  })),
};
