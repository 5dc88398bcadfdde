import { refusalRule } from './subject.ts';

export const notEmpty = refusalRule({
  id: 'bundle/not-empty',
  title: 'A bundle holds at least one certificate',
  cites: ['REQ-TB-10', 'REQ-TB-17'],
  refusals: ['empty'],
});
