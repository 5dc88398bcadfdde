import { assertionText, type Filter } from '../../../ldap/filter.ts';
import { inSearches, type PublisherBehaviour } from '../behaviour.ts';

export const caseExact: PublisherBehaviour = {
  id: 'ldap.case-exact',
  title: 'finds an entry only when mail is written in the same letters, capital and small',
  legal: false,
  publish: inSearches(({ filter }, reference, { entries }) => {
    const asked = mailsIn(filter);
    if (asked.length === 0) return reference;
    const written = new Map(entries.map(({ dn, attributes }) => [dn, attributes['mail'] ?? []]));
    return {
      ...reference,
      entries: reference.entries.filter(({ dn }) =>
        written.get(dn)?.some((mail) => asked.includes(`${mail}`)),
      ),
    };
  }),
};

/** The values of mail that a filter asks for. */
function mailsIn(filter: Filter): string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(mailsIn);
    case 'equal':
      return filter.attribute.toLowerCase() === 'mail' ? [assertionText(filter.value)] : [];
    default:
      return [];
  }
}
