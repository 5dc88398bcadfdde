import { RESULT } from '../../../ldap/result.ts';
import { inSearches, type PublisherBehaviour } from '../behaviour.ts';

export const noRootdse: PublisherBehaviour = {
  id: 'ldap.no-rootdse',
  title: 'shows no root DSE, so that nobody learns its naming contexts',
  legal: false,
  publish: inSearches(({ base, scope }, reference) =>
    base === '' && scope === 'base' ? { result: RESULT.success, entries: [] } : reference,
  ),
};
