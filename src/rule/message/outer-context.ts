import { CONTEXT } from './facts/content.ts';
import { messageRule } from './subject.ts';

export const outerContext = messageRule({
  id: 'message/outer-context',
  title: 'Context stands only inside',
  level: 'should',
  cites: ['REQ-CTX-07'],
  items: ({ form, entity }) => (form === 'enveloped' ? [entity] : []),
  check: (outer) => (outer.header(CONTEXT) === undefined ? undefined : { field: CONTEXT }),
  text: ({ field }) => `found ${field} outside; context may tell of a patient`,
});
