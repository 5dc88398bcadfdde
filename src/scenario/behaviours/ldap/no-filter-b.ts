import { formatFilter } from '../../../ldap/filter.ts';
import { RESULT } from '../../../ldap/result.ts';
import { inSearches, type PublisherBehaviour } from '../behaviour.ts';

export const noFilterB: PublisherBehaviour = {
  id: 'ldap.no-filter-b',
  title: 'finds nothing when the filter asks for the presence of userCertificate',
  legal: false,
  publish: inSearches((search, reference) =>
    /\(usercertificate(;binary)?=\*\)/i.test(formatFilter(search.filter))
      ? { result: RESULT.success, entries: [] }
      : reference,
  ),
};
