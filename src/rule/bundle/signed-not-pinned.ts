import { noteRule } from './subject.ts';

export const signedNotPinned = noteRule({
  id: 'bundle/signed-not-pinned',
  title: 'The signer of a signed bundle is pinned',
  applies: ({ form }) => form === 'signed',
});
