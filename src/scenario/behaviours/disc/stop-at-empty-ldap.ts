import { type Behaviour, inLdap } from '../behaviour.ts';

/** Stops at the first LDAP server that answers, with or without a certificate. */
export const stopAtEmptyLdap: Behaviour = {
  id: 'disc.stop-at-empty-ldap',
  title: 'stops at the first LDAP server that answers, with or without a certificate',
  legal: false,
  apply: inLdap(() => ({ nextServer: ({ outcome }) => outcome === 'unknown' })),
};
