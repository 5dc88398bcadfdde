import { dsnRule } from './subject.ts';

export const recipients = dsnRule({
  id: 'dsn/recipients',
  title: 'A DSN says of at least one recipient what happened',
  level: 'must',
  cites: ['REQ-DN-12', 'REQ-DN-11'],
  items: ({ notice }) => [notice],
  check: (notice) => (notice.recipients.length > 0 ? undefined : { blocks: 0 }),
  text: ({ blocks }) => `found ${blocks} blocks of a recipient`,
});
