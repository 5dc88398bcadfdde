import { certificateRule, isAuthority } from './subject.ts';

export const authorityKeyUsage = certificateRule({
  id: 'certificate/authority-key-usage',
  title: 'The key of a CA may sign certificates',
  level: 'must',
  cites: ['REQ-AS-35'],
  applies: (subject) => isAuthority(subject) && subject.certificate.keyUsage !== undefined,
  check: ({ keyUsage }) => (keyUsage!.has('keyCertSign') ? undefined : { found: [...keyUsage!] }),
  text: ({ found }) => `found ${found.join(', ') || 'no use at all'}; expected keyCertSign`,
});
