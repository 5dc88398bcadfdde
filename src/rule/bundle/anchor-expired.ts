import { noteRule } from './subject.ts';

export const anchorExpired = noteRule({
  id: 'bundle/anchor-expired',
  title: 'No anchor has expired',
});
