import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Takes the domain’s own address for an LDAP server when no SRV record exists. */
export const aRecordFallback: Behaviour = {
  id: 'disc.a-record-fallback',
  title: 'takes the domain’s own address for an LDAP server when no SRV record exists',
  legal: false,
  apply: inDiscovery((parts) => ({
    locate: (answer, domain) => {
      const targets = parts.locate(answer, domain);
      return targets.length > 0 ? targets : [{ priority: 0, weight: 0, port: 389, target: domain }];
    },
  })),
};
