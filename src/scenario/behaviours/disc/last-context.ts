import { type Behaviour, inLdap } from '../behaviour.ts';

/** Searches the last naming context only. */
export const lastContext: Behaviour = {
  id: 'disc.last-context',
  title: 'searches the last naming context only',
  legal: false,
  apply: inLdap(() => ({ contexts: (published) => published.slice(-1) })),
};
