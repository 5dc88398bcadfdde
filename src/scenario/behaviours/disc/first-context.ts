import { type Behaviour, inLdap } from '../behaviour.ts';

/** Searches the first naming context only. */
export const firstContext: Behaviour = {
  id: 'disc.first-context',
  title: 'searches the first naming context only',
  legal: false,
  apply: inLdap(() => ({ contexts: (published) => published.slice(0, 1) })),
};
