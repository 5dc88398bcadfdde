import { mdnRule } from './subject.ts';

const FIELDS = ['Disposition-Notification-To', 'Disposition-Notification-Options'];

export const noRequest = mdnRule({
  id: 'mdn/no-request',
  title: 'An MDN does not ask for a notification itself',
  level: 'must',
  cites: ['REQ-MDN-06'],
  items: ({ entity }) => [entity],
  check: ({ header }) => {
    const fields = FIELDS.filter((name) => header(name) !== undefined);
    return fields.length > 0 ? { fields } : undefined;
  },
  text: ({ fields }) => `found ${fields.join(', ')}`,
});
