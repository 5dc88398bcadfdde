import { certificateRule, isDirect } from './subject.ts';

export const keyUsageElliptic = certificateRule({
  id: 'certificate/key-usage-elliptic',
  title: 'An elliptic key is not offered for key encipherment, which it cannot do',
  level: 'should',
  cites: ['REQ-AS-21', 'REQ-AS-41'],
  applies: (subject) => isDirect(subject) && subject.certificate.key.kind === 'ec',
  check: ({ keyUsage, key }) =>
    keyUsage?.has('keyEncipherment') ? { curve: key.curve ?? 'unknown' } : undefined,
  text: ({ curve }) =>
    `found keyEncipherment with a key on ${curve}; nobody can encrypt to it, it is for signing`,
});
