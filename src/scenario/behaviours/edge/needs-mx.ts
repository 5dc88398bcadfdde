import type { Behaviour } from '../behaviour.ts';

/** A domain without MX is a domain without mail. */
export const needsMx: Behaviour = {
  id: 'edge.needs-mx',
  title: 'sends nothing to a domain that has an address and no MX',
  legal: false,
  apply: (parts) => ({
    ...parts,
    exchangers: (found, domain) => parts.exchangers(found, domain).filter(({ name }) => name !== domain),
  }),
};
