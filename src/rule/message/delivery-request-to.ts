import { addressesIn } from './facts/header.ts';
import { differenceRule, inners } from './subject.ts';

const FIELD = 'Disposition-Notification-To';

export const deliveryRequestTo = differenceRule({
  id: 'message/delivery-request-to',
  title: 'Whoever asks for notice of delivery has it sent to the sender',
  level: 'should',
  cites: ['REQ-DN-02', 'REQ-MDN-14'],
  items: (subject) =>
    inners(subject).filter(({ header }) => header('Disposition-Notification-Options') !== undefined),
  check: (inner) => {
    const [to, from] = [addressesIn(inner, FIELD).join(', '), addressesIn(inner, 'from').join(', ')];
    return to === from ? undefined : { what: FIELD, expected: from || 'the sender', found: to || 'none' };
  },
});
