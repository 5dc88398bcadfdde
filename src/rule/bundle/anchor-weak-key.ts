import { noteRule } from './subject.ts';

export const anchorWeakKey = noteRule({
  id: 'bundle/anchor-weak-key',
  title: 'The key of every anchor is strong enough for the profile',
});
