import { noteRule } from './subject.ts';

export const anchorEarly = noteRule({
  id: 'bundle/anchor-early',
  title: 'Every anchor is valid already',
});
