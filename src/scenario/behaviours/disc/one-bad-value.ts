import { type Behaviour, inLdap } from '../behaviour.ts';

/** Gives up the entry when one LDAP value cannot be read. */
export const oneBadValue: Behaviour = {
  id: 'disc.one-bad-value',
  title: 'gives up the entry when one LDAP value cannot be read',
  legal: false,
  apply: inLdap((parts) => ({
    gather: (readings) => {
      const bad = readings.some(
        (reading) => reading.kind === 'certificate' && reading.unreadable !== undefined,
      );
      return bad ? { readings: [], failed: 'a value cannot be read' } : parts.gather(readings);
    },
  })),
};
