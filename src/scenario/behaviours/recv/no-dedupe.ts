import type { Behaviour } from '../behaviour.ts';

/** Delivers what comes again a second time. */
export const noDedupe: Behaviour = {
  id: 'recv.no-dedupe',
  title: 'delivers a message that comes again a second time',
  legal: false,
  apply: (parts) => ({ ...parts, identity: (facts) => `${parts.identity(facts)} ${facts.id}` }),
};
