import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Takes a name server that fails for one that says that there is nothing. */
export const servfailAsAbsent: Behaviour = {
  id: 'disc.servfail-as-absent',
  title: 'takes SERVFAIL, REFUSED and silence for the word that there is no certificate',
  legal: false,
  apply: inDiscovery(({ hear }) => ({
    hear: (answer) => hear(answer.outcome === 'unknown' ? { ...answer, outcome: 'nodata' } : answer),
  })),
};
