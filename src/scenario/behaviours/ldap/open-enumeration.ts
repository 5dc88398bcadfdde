import { type PublisherBehaviour, publishing } from '../behaviour.ts';

/** Gives the whole list to anybody who asks for it. */
export const openEnumeration: PublisherBehaviour = {
  id: 'ldap.open-enumeration',
  title: 'gives all entries to a search for any address, and answers any number of searches',
  legal: false,
  publish: publishing(() => ({
    limits: { entries: 10_000, enumeration: 10_000, searchesPerMinute: Number.POSITIVE_INFINITY },
  })),
};
