import { certificateRule, isDirect } from './subject.ts';

/** A wildcard has a rule of its own. */
const DOMAIN =
  /^(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

export const nameDomainForm = certificateRule({
  id: 'certificate/name-domain-form',
  title: 'A dNSName is a fully qualified domain name',
  level: 'must',
  cites: ['REQ-AS-04', 'REQ-AS-01'],
  applies: (subject) => isDirect(subject) && subject.certificate.dnsNames.length > 0,
  check: ({ dnsNames }) => {
    const found = dnsNames.filter((name) => !DOMAIN.test(name) || name.length > 253);
    return found.length > 0 ? { found } : undefined;
  },
  text: ({ found }) => `found dNSName ${found.join(', ')}; expected a domain such as direct.example.org`,
});
