import { LINE, longestLine } from './facts/envelope.ts';
import { messageRule } from './subject.ts';

export const base64Lines = messageRule({
  id: 'message/base64-lines',
  title: 'The lines of the envelope have at most 76 characters',
  level: 'should',
  cites: ['REQ-AS-10'],
  items: ({ envelope }) =>
    'value' in envelope && envelope.value.outer.encoding === 'base64' ? [envelope.value] : [],
  check: ({ outer }) => {
    const longest = longestLine(outer);
    return longest > LINE.base64 ? { longest } : undefined;
  },
  text: ({ longest }) => `found a line of ${longest} characters; expected at most ${LINE.base64}`,
});
