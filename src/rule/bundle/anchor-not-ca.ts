import { noteRule } from './subject.ts';

export const anchorNotCa = noteRule({
  id: 'bundle/anchor-not-ca',
  title: 'Every anchor is a CA certificate',
});
