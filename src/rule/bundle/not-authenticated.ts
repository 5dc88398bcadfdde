import { noteRule } from './subject.ts';

export const notAuthenticated = noteRule({
  id: 'bundle/not-authenticated',
  title: 'A bundle comes over TLS, or its signer is pinned',
  applies: (_, { url }) => url !== undefined,
});
