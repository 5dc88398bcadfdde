import { type Behaviour, inCert } from '../behaviour.ts';

/** Gives up the lookup when one CERT record cannot be read. */
export const oneBadRr: Behaviour = {
  id: 'disc.one-bad-rr',
  title: 'gives up the lookup when one CERT record cannot be read',
  legal: false,
  apply: inCert((parts) => ({
    gather: (readings) => {
      const bad = readings.some(
        (reading) => reading.kind === 'certificate' && reading.unreadable !== undefined,
      );
      return bad ? { readings: [], failed: 'a record cannot be read' } : parts.gather(readings);
    },
  })),
};
