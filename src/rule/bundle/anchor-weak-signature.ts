import { noteRule } from './subject.ts';

export const anchorWeakSignature = noteRule({
  id: 'bundle/anchor-weak-signature',
  title: 'Every anchor is signed with a digest that the profile takes',
});
