import { noteRule } from './subject.ts';

export const anchorList = noteRule({
  id: 'bundle/anchor-list',
  title: 'The metadata list the anchors that are in the bundle',
  applies: ({ metadata }) => metadata?.anchors !== undefined,
});
