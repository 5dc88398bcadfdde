import { certificateRule, isDirect } from './subject.ts';

export const keyUsageMail = certificateRule({
  id: 'certificate/key-usage-mail',
  title: 'The key may sign or decrypt mail',
  level: 'must',
  cites: ['REQ-CERT-03', 'REQ-AS-41'],
  applies: (subject) => isDirect(subject) && subject.certificate.keyUsage !== undefined,
  check: ({ keyUsage }) =>
    keyUsage!.has('digitalSignature') || keyUsage!.has('keyEncipherment')
      ? undefined
      : { found: [...keyUsage!] },
  text: ({ found }) =>
    `found ${found.join(', ') || 'no use at all'}; expected digitalSignature, keyEncipherment or both`,
});
