import { FINAL_DELIVERY } from '../../mail/mdn.ts';
import { type MdnSubject, mdnRule } from './subject.ts';

export const deliveryPlace = mdnRule({
  id: 'mdn/delivery-place',
  title: 'The field of delivery stands in the report, not in Disposition or the header',
  level: 'must',
  cites: ['REQ-DN-05'],
  items: (subject) => (subject.notice.finalDelivery || places(subject).length > 0 ? [subject] : []),
  check: (subject) => {
    const found = places(subject);
    return found.length > 0 ? { found } : undefined;
  },
  text: ({ found }) => `found ${FINAL_DELIVERY} in ${found.join(' and ')}; expected a field of its own`,
});

const places = ({ entity, notice }: MdnSubject): string[] => [
  ...(notice.disposition?.modifiers.includes(FINAL_DELIVERY.toLowerCase()) ? ['Disposition'] : []),
  ...(entity.header(FINAL_DELIVERY) === undefined ? [] : ['the header']),
];
