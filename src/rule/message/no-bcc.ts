import { headers, messageRule, whereOf } from './subject.ts';

export const noBcc = messageRule({
  id: 'message/no-bcc',
  title: 'No header has a Bcc field',
  level: 'must',
  cites: ['REQ-SEC-05', 'REQ-AS-13'],
  items: headers,
  where: whereOf,
  check: ({ entity }) =>
    entity.header('bcc') === undefined ? undefined : { fields: entity.headerAll('bcc').length },
  text: ({ fields }) =>
    `found ${fields === 1 ? 'a Bcc field' : `${fields} Bcc fields`}; a blind recipient gets a message of his own`,
});
