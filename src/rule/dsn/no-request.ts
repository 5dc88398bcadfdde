import { dsnRule } from './subject.ts';

const FIELDS = ['Disposition-Notification-To', 'Disposition-Notification-Options'];

export const noRequest = dsnRule({
  id: 'dsn/no-request',
  title: 'A DSN does not ask for a notification itself',
  level: 'must',
  cites: ['REQ-DN-20'],
  items: ({ entity }) => [entity],
  check: ({ header }) => {
    const fields = FIELDS.filter((name) => header(name) !== undefined);
    return fields.length > 0 ? { fields } : undefined;
  },
  text: ({ fields }) => `found ${fields.join(', ')}`,
});
