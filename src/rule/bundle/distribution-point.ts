import { noteRule } from './subject.ts';

export const distributionPoint = noteRule({
  id: 'bundle/distribution-point',
  title: 'The metadata name the place where the bundle was found',
  applies: ({ metadata }, { url }) => metadata !== undefined && url !== undefined,
});
