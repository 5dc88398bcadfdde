import type { Behaviour } from '../behaviour.ts';

/** The first server or none. */
export const firstOnly: Behaviour = {
  id: 'edge.first-only',
  title: 'tries only the first mail server of a domain',
  legal: false,
  apply: (parts) => ({
    ...parts,
    exchangers: (found, domain) => parts.exchangers(found, domain).slice(0, 1),
  }),
};
