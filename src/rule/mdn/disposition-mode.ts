import { mdnRule } from './subject.ts';

const AUTOMATIC = 'automatic-action/mdn-sent-automatically';

export const dispositionMode = mdnRule({
  id: 'mdn/disposition-mode',
  title: 'An MDN of processed or dispatched was made and sent by itself',
  level: 'must',
  cites: ['REQ-MDN-07'],
  items: ({ notice: { disposition } }) =>
    disposition && ['processed', 'dispatched'].includes(disposition.type) ? [disposition] : [],
  check: ({ mode }) => (mode === AUTOMATIC ? undefined : { mode: mode || 'none' }),
  text: ({ mode }) => `found ${mode}; expected automatic-action/MDN-sent-automatically`,
});
