import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Thirty years, in milliseconds. */
const FOREVER = 1e12;

/** Waits for a server without an end. */
export const hang: Behaviour = {
  id: 'disc.hang',
  title: 'waits for a server without an end',
  legal: false,
  apply: inDiscovery((parts) => ({
    limits: { ...parts.limits, serverMs: FOREVER, ldapMs: FOREVER, passMs: FOREVER },
  })),
};
