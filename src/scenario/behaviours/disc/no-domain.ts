import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Knows certificates of addresses only. */
export const noDomain: Behaviour = {
  id: 'disc.no-domain',
  title: 'never asks the domain for a certificate',
  legal: false,
  apply: inDiscovery(({ order }) => ({ order: order.filter((level) => level.startsWith('address')) })),
};
