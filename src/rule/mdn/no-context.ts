import { CONTEXT } from '../message/facts/content.ts';
import { mdnRule } from './subject.ts';

export const noContext = mdnRule({
  id: 'mdn/no-context',
  title: 'An MDN carries no context',
  level: 'must',
  cites: ['REQ-CTX-09'],
  items: ({ entity }) => [entity],
  check: ({ header }) => (header(CONTEXT) === undefined ? undefined : { field: CONTEXT }),
  text: ({ field }) => `found ${field}`,
});
