import { noteRule } from './subject.ts';

export const anchorRevoked = noteRule({
  id: 'bundle/anchor-revoked',
  title: 'No anchor is revoked',
  applies: (_, { revoked }) => revoked !== undefined,
});
