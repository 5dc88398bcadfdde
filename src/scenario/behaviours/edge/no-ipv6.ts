import type { Behaviour } from '../behaviour.ts';

/** Addresses of IPv6 count for nothing. */
export const noIpv6: Behaviour = {
  id: 'edge.no-ipv6',
  title: 'brings no mail to a server that has IPv6 alone',
  legal: false,
  apply: (parts) => ({
    ...parts,
    exchangers: (found, domain) =>
      parts.exchangers(found, domain).map((one) => ({
        ...one,
        addresses: one.addresses.filter((address) => !address.includes(':')),
      })),
  }),
};
