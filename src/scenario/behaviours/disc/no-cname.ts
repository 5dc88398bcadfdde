import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Follows no alias. */
export const noCname: Behaviour = {
  id: 'disc.no-cname',
  title: 'follows no alias in DNS',
  legal: false,
  apply: inDiscovery(({ hear }) => ({
    hear: (answer) =>
      answer.chain.length > 0 ? hear({ ...answer, outcome: 'nodata', records: [] }) : hear(answer),
  })),
};
