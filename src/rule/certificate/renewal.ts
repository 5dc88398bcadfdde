import { certificateRule } from './subject.ts';

const NOTICE = 30;
const DAY = 86_400_000;

export const renewal = certificateRule({
  id: 'certificate/renewal',
  title: 'There is time to renew the certificate with an overlap',
  level: 'should',
  cites: ['REQ-CERT-11'],
  applies: ({ role }) => role !== 'service',
  check: ({ notAfter }, _, { at }) => {
    const days = Math.floor((notAfter - at) / DAY);
    return days >= 0 && days < NOTICE ? { days } : undefined;
  },
  text: ({ days }) =>
    `${days} days are left; old and new have to be published together for longer than caches live`,
});
