import { RESULT } from '../../../ldap/result.ts';
import { inSearches, type PublisherBehaviour } from '../behaviour.ts';

export const lastContextDenied: PublisherBehaviour = {
  id: 'ldap.last-context-denied',
  title: 'names a last naming context that anonymous users may not search',
  legal: false,
  publish: inSearches(({ base, scope }, reference, { contexts }) =>
    scope === 'sub' && base === contexts.at(-1)
      ? { result: RESULT.insufficientAccessRights, entries: [] }
      : reference,
  ),
};
