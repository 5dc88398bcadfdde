import { type Behaviour, inCert } from '../behaviour.ts';

/** Looks at the first CERT record only. */
export const firstRrOnly: Behaviour = {
  id: 'disc.first-rr-only',
  title: 'looks at the first CERT record only',
  legal: false,
  apply: inCert(() => ({ choose: (records) => records.slice(0, 1) })),
};
