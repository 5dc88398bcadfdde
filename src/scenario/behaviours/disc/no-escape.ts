import { type Behaviour, inLdap } from '../behaviour.ts';

/** Puts the address into the LDAP filter as it stands. */
export const noEscape: Behaviour = {
  id: 'disc.no-escape',
  title: 'puts the address into the LDAP filter as it stands',
  legal: false,
  apply: inLdap(() => ({ escape: (value) => value })),
};
