import { noteRule } from './subject.ts';

export const anchorUnreadable = noteRule({
  id: 'bundle/anchor-unreadable',
  title: 'Every certificate of a bundle can be read',
});
