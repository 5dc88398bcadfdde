import { sentence } from '../../outcome/cause.ts';
import { messageRule } from './subject.ts';

export const signatureVerifies = messageRule({
  id: 'message/signature-verifies',
  title: 'Every signature verifies over the content',
  level: 'must',
  cites: ['REQ-AS-18', 'REQ-AS-29'],
  items: ({ signature }) =>
    'value' in signature ? signature.value.verdicts.filter(({ certificate }) => certificate) : [],
  check: (verdict) =>
    verdict.ok ? undefined : { code: verdict.cause.code, why: sentence(verdict.cause).replace(/\.$/, '') },
  text: ({ why }) => `the signature does not verify: ${why}`,
});
