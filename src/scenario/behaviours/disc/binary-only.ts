import { type Behaviour, inLdap } from '../behaviour.ts';

/** Knows the certificate attribute as userCertificate;binary only. */
export const binaryOnly: Behaviour = {
  id: 'disc.binary-only',
  title: 'knows the certificate attribute as userCertificate;binary only',
  legal: false,
  apply: inLdap((parts) => ({
    attributes: ['userCertificate;binary'],
    values: (entry) =>
      parts.values({
        ...entry,
        attributes: Object.fromEntries(
          Object.entries(entry.attributes).filter(([name]) => name === 'userCertificate;binary'),
        ),
      }),
  })),
};
