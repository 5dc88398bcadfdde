import { type Behaviour, inLdap } from '../behaviour.ts';

/** Asks for address and domain in one filter and takes the last entry. */
export const orFilterLast: Behaviour = {
  id: 'disc.or-filter-last',
  title: 'asks for address and domain in one filter and takes the last entry',
  legal: false,
  apply: inLdap(() => ({
    filter: (_level, names, escaped) => `(|(mail=${escaped(names.address)})(mail=${escaped(names.domain)}))`,
    entries: (entries) => entries.slice(-1),
  })),
};
