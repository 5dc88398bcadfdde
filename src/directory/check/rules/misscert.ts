import type { ComplianceRule } from '../rule.ts';

export const misscert: ComplianceRule = {
  code: 'MISSCERT',
  category: 'certificate',
  title: 'A certificate of the address can be found, in DNS or LDAP.',
  check: (entry, { factsOf }) => {
    const facts = factsOf(entry);
    if (facts?.outcome !== 'none') return [];
    return [
      {
        field: 'DIRECT_ADDRESS',
        value: entry.record.DIRECT_ADDRESS,
        faults: ['no certificate found'],
        closing: `asked ${facts.asked}`,
      },
    ];
  },
};
