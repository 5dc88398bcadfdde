import { noteRule } from './subject.ts';

export const concatenated = noteRule({
  id: 'bundle/concatenated',
  title: 'A bundle is one CMS object, not certificates one after another',
});
