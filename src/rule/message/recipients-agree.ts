import { outerRecipientFault } from './facts/header.ts';
import { both, differenceRule } from './subject.ts';

export const recipientsAgree = differenceRule({
  id: 'message/recipients-agree',
  title: 'To and Cc outside name nobody whom they do not name inside',
  level: 'must',
  cites: ['REQ-AS-14'],
  items: both,
  check: ({ outer, inner }) => outerRecipientFault(outer, inner),
});
