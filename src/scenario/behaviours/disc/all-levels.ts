import { type Behaviour, inDiscovery } from '../behaviour.ts';

/** Searches every place and merges what it finds. */
export const allLevels: Behaviour = {
  id: 'disc.all-levels',
  title: 'searches every place and merges what it finds',
  legal: false,
  apply: inDiscovery(() => ({ proceed: () => true })),
};
