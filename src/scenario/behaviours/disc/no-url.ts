import { type Behaviour, inCert } from '../behaviour.ts';

/** Knows certificates in records only. */
export const noUrl: Behaviour = {
  id: 'disc.no-url',
  title: 'passes over CERT records that hold only the URL of a certificate',
  legal: true,
  apply: inCert(({ read }) => ({
    read: (record) => {
      const reading = read(record);
      return reading.kind === 'url' ? { kind: 'ignored', notes: reading.notes } : reading;
    },
  })),
};
