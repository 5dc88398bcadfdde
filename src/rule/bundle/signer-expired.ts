import { noteRule } from './subject.ts';

export const signerExpired = noteRule({
  id: 'bundle/signer-expired',
  title: 'The certificate of the pinned signer is in force',
  applies: ({ signature }) => signature?.pin !== undefined,
});
