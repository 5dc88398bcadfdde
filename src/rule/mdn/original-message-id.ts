import { mdnRule } from './subject.ts';

export const originalMessageId = mdnRule({
  id: 'mdn/original-message-id',
  title: 'Original-Message-ID says which message an MDN is about',
  level: 'must',
  cites: ['REQ-MDN-05', 'REQ-MDN-10'],
  items: ({ notice }) => [notice],
  check: ({ originalMessageIdFrom }) =>
    originalMessageIdFrom === 'field' ? undefined : { instead: originalMessageIdFrom ?? 'nothing' },
  text: ({ instead }) =>
    `found no Original-Message-ID${instead === 'nothing' ? '' : ', only In-Reply-To or References'}`,
});
