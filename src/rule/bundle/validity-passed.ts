import { noteRule } from './subject.ts';

export const validityPassed = noteRule({
  id: 'bundle/validity-passed',
  title: 'The validity that the metadata state has not passed',
  applies: ({ metadata }) => metadata?.validTo !== undefined,
});
