import { type Behaviour, inLdap } from '../behaviour.ts';

/** Searches only where the anonymous bind succeeds. */
export const needsBind: Behaviour = {
  id: 'disc.needs-bind',
  title: 'searches an LDAP server only when its bind succeeds',
  legal: false,
  apply: inLdap(() => ({ searchUnbound: () => false })),
};
