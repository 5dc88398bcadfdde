import { foreignFields } from './facts/header.ts';
import { headers, messageRule, whereOf } from './subject.ts';

export const fieldsAscii = messageRule({
  id: 'message/fields-ascii',
  title: 'Header fields are ASCII',
  level: 'must',
  cites: ['REQ-AS-17', 'REQ-AS-38'],
  items: headers,
  where: whereOf,
  check: ({ entity }) => {
    const fields = foreignFields(entity);
    return fields.length > 0 ? { fields } : undefined;
  },
  text: ({ fields }) => `found other octets in ${fields.join(', ')}; expected encoded words`,
});
