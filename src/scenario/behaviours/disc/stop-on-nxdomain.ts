import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Takes NXDOMAIN at the address name for the end of the search. */
export const stopOnNxdomain: Behaviour = {
  id: 'disc.stop-on-nxdomain',
  title: 'takes NXDOMAIN at the address name for the end of the search',
  legal: false,
  apply: inDiscovery((parts) => ({ proceed: (visit) => parts.proceed(visit) && !visit.nxdomain })),
};
