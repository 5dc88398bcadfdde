import { noteRule } from './subject.ts';

export const anchorDuplicate = noteRule({
  id: 'bundle/anchor-duplicate',
  title: 'Every anchor stands once',
});
