import { FINAL_DELIVERY } from '../../mail/mdn.ts';
import { mdnRule } from './subject.ts';

export const deliveryUnasked = mdnRule({
  id: 'mdn/delivery-unasked',
  title: 'Only what was delivered carries the field of delivery',
  level: 'should',
  cites: ['REQ-DN-05', 'REQ-DN-21'],
  items: ({ notice }) => (notice.finalDelivery && notice.disposition ? [notice.disposition] : []),
  check: ({ type }) => (type === 'processed' ? { type } : undefined),
  text: ({ type }) => `found ${FINAL_DELIVERY} in a ${type} MDN; it belongs to a dispatched one`,
});
