import { noteRule } from './subject.ts';

export const anchorNegativeSerial = noteRule({
  id: 'bundle/anchor-negative-serial',
  title: 'Every anchor has a positive serial number',
});
