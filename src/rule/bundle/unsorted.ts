import { noteRule } from './subject.ts';

export const unsorted = noteRule({
  id: 'bundle/unsorted',
  title: 'The anchors stand in the order of DER, so that the same set has one checksum',
  applies: ({ form }) => form !== 'certificates',
});
