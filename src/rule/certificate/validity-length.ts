import { certificateRule, isDirect } from './subject.ts';

const YEARS = 3;
const DAY = 86_400_000;

export const validityLength = certificateRule({
  id: 'certificate/validity-length',
  title: 'The certificate of an address or a domain is valid for at most three years',
  level: 'should',
  cites: ['REQ-CERT-14'],
  applies: isDirect,
  check: ({ notBefore, notAfter }) => {
    const limit = new Date(notBefore);
    limit.setUTCFullYear(limit.getUTCFullYear() + YEARS);
    return notAfter > limit.getTime() ? { days: Math.round((notAfter - notBefore) / DAY) } : undefined;
  },
  text: ({ days }) => `found ${days} days; expected at most ${YEARS} years`,
});
