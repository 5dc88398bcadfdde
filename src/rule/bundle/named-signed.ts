import { noteRule } from './subject.ts';

export const namedSigned = noteRule({
  id: 'bundle/named-signed',
  title: 'What is named .p7m is signed',
  applies: (_, { file, url }) => /\.p7m$/i.test(file ?? url?.split('?')[0] ?? ''),
});
