import { noteRule } from './subject.ts';

export const anchorNoCertSign = noteRule({
  id: 'bundle/anchor-no-cert-sign',
  title: 'The key of every anchor may sign certificates',
});
