import { type Behaviour, inLdap } from '../behaviour.ts';

/** Takes any entry of the domain. */
export const anyEntry: Behaviour = {
  id: 'disc.any-entry',
  title: 'takes any entry of the domain',
  legal: false,
  apply: inLdap(() => ({ filter: (_level, names, escaped) => `(mail=*@${escaped(names.domain)})` })),
};
