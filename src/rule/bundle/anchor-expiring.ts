import { noteRule } from './subject.ts';

export const anchorExpiring = noteRule({
  id: 'bundle/anchor-expiring',
  title: 'Every anchor is valid for 90 days more',
});
