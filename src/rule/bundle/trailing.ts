import { noteRule } from './subject.ts';

export const trailing = noteRule({
  id: 'bundle/trailing',
  title: 'Nothing follows the bundle in the file',
  applies: ({ form }) => form !== 'certificates',
});
