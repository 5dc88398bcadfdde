import { certificateRule, isDirect } from './subject.ts';

/** The day that Applicability Statement 1.3 was published. */
const AS_1_3 = '2021-05-13';

export const nameWildcard = certificateRule({
  id: 'certificate/name-wildcard',
  title: 'The certificate has no wildcard name',
  level: 'must',
  cites: ['REQ-AS-06'],
  since: { profile: '1.3', date: AS_1_3 },
  applies: (subject) => isDirect(subject) && subject.certificate.dnsNames.length > 0,
  check: ({ dnsNames }) => {
    const found = dnsNames.filter((name) => name.includes('*'));
    return found.length > 0 ? { found } : undefined;
  },
  text: ({ found }) => `found ${found.join(', ')}; a wildcard binds nobody`,
});
