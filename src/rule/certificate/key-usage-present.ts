import { certificateRule, isDirect } from './subject.ts';

export const keyUsagePresent = certificateRule({
  id: 'certificate/key-usage-present',
  title: 'The certificate says what its key may be used for',
  level: 'must',
  cites: ['REQ-CERT-03'],
  applies: isDirect,
  check: ({ keyUsage }) => (keyUsage ? undefined : { extension: 'keyUsage' }),
  text: ({ extension }) => `found no ${extension}; expected digitalSignature, keyEncipherment or both`,
});
