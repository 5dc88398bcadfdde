import { RESULT } from '../../../ldap/result.ts';
import { inSearches, type PublisherBehaviour } from '../behaviour.ts';

export const errorOnUnknown: PublisherBehaviour = {
  id: 'ldap.error-on-unknown',
  title: 'answers a search that finds nothing with noSuchObject',
  legal: false,
  publish: inSearches(({ scope }, reference) =>
    scope === 'sub' && reference.result === RESULT.success && reference.entries.length === 0
      ? { result: RESULT.noSuchObject, entries: [] }
      : reference,
  ),
};
