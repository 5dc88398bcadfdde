import type { Behaviour } from '../behaviour.ts';

/** Does not fetch missing issuers. */
export const noAia: Behaviour = {
  id: 'disc.no-aia',
  title: 'does not fetch missing issuers',
  legal: false,
  apply: (parts) => ({ ...parts, issuers: { ...parts.issuers, urls: () => [] } }),
};
