import { inSearches, type PublisherBehaviour } from '../behaviour.ts';

/** Shows more of a person than a sender needs. */
export const allAttributes: PublisherBehaviour = {
  id: 'ldap.all-attributes',
  title: 'shows employee numbers, private telephone numbers and password hashes',
  legal: false,
  publish: inSearches(({ attributes }, reference) => {
    if (!attributes.includes('*')) return reference;
    const entries = reference.entries.map((entry) => ({
      ...entry,
      attributes: {
        ...entry.attributes,
        employeeNumber: ['4711'],
        homePhone: ['+1 555 0100'],
        userPassword: ['{SSHA}c2VjcmV0'],
      },
    }));
    return { ...reference, entries };
  }),
};
