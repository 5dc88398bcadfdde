import { certificateRule, isAuthority } from './subject.ts';

export const authorityLists = certificateRule({
  id: 'certificate/authority-lists',
  title: 'The key of a CA may sign revocation lists',
  level: 'should',
  cites: ['REQ-CERT-08'],
  applies: (subject) => isAuthority(subject) && subject.certificate.keyUsage !== undefined,
  check: ({ keyUsage }) => (keyUsage!.has('cRLSign') ? undefined : { found: [...keyUsage!] }),
  text: ({ found }) => `found ${found.join(', ')}; without cRLSign somebody else has to sign its lists`,
});
