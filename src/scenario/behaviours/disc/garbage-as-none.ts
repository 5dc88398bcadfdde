import { type Behaviour, inCert } from '../behaviour.ts';

/** Takes CERT records that cannot be read for no records. */
export const garbageAsNone: Behaviour = {
  id: 'disc.garbage-as-none',
  title: 'takes CERT records that cannot be read for no records',
  legal: false,
  apply: inCert((parts) => ({
    gather: (readings) =>
      parts.gather(
        readings.filter((reading) => reading.kind !== 'certificate' || reading.unreadable === undefined),
      ),
  })),
};
