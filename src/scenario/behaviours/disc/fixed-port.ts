import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Dials LDAP servers at their usual port, whatever their domain says. */
export const fixedPort: Behaviour = {
  id: 'disc.fixed-port',
  title: 'dials every LDAP server at port 389, whatever port the SRV record names',
  legal: false,
  apply: inDiscovery(({ locate }) => ({
    locate: (answer, domain) => locate(answer, domain).map((target) => ({ ...target, port: 389 })),
  })),
};
