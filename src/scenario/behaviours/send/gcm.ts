import type { Behaviour } from '../behaviour.ts';
import { given } from './composing.ts';

/** Encrypts the content with AES-GCM. */
export const gcm: Behaviour = {
  id: 'send.gcm',
  title: 'encrypts the content with AES-GCM',
  legal: false,
  apply: given('encrypt', (draft) => ({
    ...draft,
    algorithms: { ...draft.algorithms, cipher: 'aes256-gcm' },
  })),
};
