import { type Behaviour, inLdap } from '../behaviour.ts';

/** Takes an entry only when its mail value is written in the same letters. */
export const caseSensitive: Behaviour = {
  id: 'disc.case-sensitive',
  title: 'takes an LDAP entry only when its mail value is written in the same letters',
  legal: false,
  apply: inLdap(({ entries }) => ({
    entries: (found, level, names) =>
      entries(found, level, names).filter((entry) => {
        const wanted = level.startsWith('address') ? names.address : names.domain;
        return Object.entries(entry.attributes).some(
          ([name, values]) =>
            name.toLowerCase() === 'mail' &&
            values.some((value) => Buffer.from(value as string).toString('utf8') === wanted),
        );
      }),
  })),
};
