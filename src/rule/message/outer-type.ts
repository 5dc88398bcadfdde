import { outerTypeFault } from './facts/envelope.ts';
import { differenceRule, envelopes } from './subject.ts';

export const outerType = differenceRule({
  id: 'message/outer-type',
  title: 'The envelope is application/pkcs7-mime, and a smime-type that is given says enveloped-data',
  level: 'must',
  cites: ['REQ-AS-10'],
  items: envelopes,
  check: ({ outer }) => {
    const fault = outerTypeFault(outer);
    return fault && !fault.missing
      ? { what: 'the outer type', expected: fault.expected, found: fault.found }
      : undefined;
  },
});
