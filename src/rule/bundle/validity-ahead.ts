import { noteRule } from './subject.ts';

export const validityAhead = noteRule({
  id: 'bundle/validity-ahead',
  title: 'The validity that the metadata state has begun',
  applies: ({ metadata }) => metadata?.validFrom !== undefined,
});
