import { certificateRule, isDirect } from './subject.ts';

const ADDRESS =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$/;

export const nameAddressForm = certificateRule({
  id: 'certificate/name-address-form',
  title: 'An rfc822Name is a Direct address and nothing else',
  level: 'must',
  cites: ['REQ-AS-04', 'REQ-AS-01'],
  applies: (subject) => isDirect(subject) && subject.certificate.emails.length > 0,
  check: ({ emails }) => {
    const found = emails.filter((email) => !ADDRESS.test(email));
    return found.length > 0 ? { found } : undefined;
  },
  text: ({ found }) =>
    `found rfc822Name ${found.join(', ')}; expected an address such as drbob@direct.example.org`,
});
