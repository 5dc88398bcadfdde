import { noteRule } from './subject.ts';

export const encoding = noteRule({
  id: 'bundle/encoding',
  title: 'A bundle is DER',
  applies: ({ form }) => form !== 'certificates',
});
