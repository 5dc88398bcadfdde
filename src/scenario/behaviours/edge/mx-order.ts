import type { Behaviour } from '../behaviour.ts';

/** The server with the highest number comes first. */
export const mxOrder: Behaviour = {
  id: 'edge.mx-order',
  title: 'tries the mail servers of a domain in the wrong order',
  legal: false,
  apply: (parts) => ({
    ...parts,
    exchangers: (found, domain) => parts.exchangers(found, domain).toReversed(),
  }),
};
