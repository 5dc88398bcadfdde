import { FINAL_DELIVERY } from '../../mail/mdn.ts';
import { mdnRule } from './subject.ts';

export const deliveryExtension = mdnRule({
  id: 'mdn/delivery-extension',
  title: 'A dispatched MDN carries the field of delivery in its report',
  level: 'must',
  cites: ['REQ-DN-05'],
  items: ({ notice }) => (notice.disposition?.type === 'dispatched' ? [notice] : []),
  check: ({ finalDelivery }) => (finalDelivery ? undefined : { field: FINAL_DELIVERY }),
  text: ({ field }) => `found no ${field} among the fields of the report`,
});
