import { asksExactly, DELIVERY_REQUEST } from './facts/content.ts';
import { differenceRule, inners } from './subject.ts';

const FIELD = 'Disposition-Notification-Options';

export const deliveryRequest = differenceRule({
  id: 'message/delivery-request',
  title: 'A request for notice of delivery is spelled exactly',
  level: 'must',
  cites: ['REQ-DN-01', 'REQ-DN-04'],
  items: (subject) => inners(subject).filter(({ header }) => header(FIELD) !== undefined),
  check: ({ header }) =>
    asksExactly(header(FIELD))
      ? undefined
      : { what: FIELD, expected: DELIVERY_REQUEST, found: header(FIELD) ?? 'none' },
});
