import { CONTEXT } from '../message/facts/content.ts';
import { dsnRule } from './subject.ts';

export const noContext = dsnRule({
  id: 'dsn/no-context',
  title: 'A DSN carries no context',
  level: 'must',
  cites: ['REQ-CTX-09'],
  items: ({ entity }) => [entity],
  check: ({ header }) => (header(CONTEXT) === undefined ? undefined : { field: CONTEXT }),
  text: ({ field }) => `found ${field}`,
});
