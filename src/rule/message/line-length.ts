import { textShape } from '../../mail/canonical.ts';
import { LINE } from './facts/envelope.ts';
import { messageRule } from './subject.ts';

export const lineLength = messageRule({
  id: 'message/line-length',
  title: 'No line has more than 998 octets',
  level: 'must',
  cites: ['REQ-AS-17'],
  items: ({ entity }) => [entity],
  check: ({ raw }) => {
    const { longest } = textShape(raw);
    return longest > LINE.most ? { longest } : undefined;
  },
  text: ({ longest }) =>
    `found a line of ${longest} octets; mail servers cut or refuse lines of more than ${LINE.most}`,
});
