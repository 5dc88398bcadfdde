import { noteRule } from './subject.ts';

export const embeddedExtra = noteRule({
  id: 'bundle/embedded-extra',
  title: 'Beside a signature stands no certificate, which somebody could take for an anchor',
  applies: ({ form }) => form === 'signed',
});
