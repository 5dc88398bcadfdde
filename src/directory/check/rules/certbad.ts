import type { ComplianceRule } from '../rule.ts';

export const certbad: ComplianceRule = {
  code: 'CERTBAD',
  category: 'certificate',
  title: 'The certificate that is found can be used.',
  check: (entry, { factsOf }) => {
    const facts = factsOf(entry);
    if (facts?.outcome !== 'found' || !facts.fault) return [];
    return [
      {
        field: 'DIRECT_ADDRESS',
        value: entry.record.DIRECT_ADDRESS,
        faults: [`${facts.fault.text} (${facts.fault.code})`],
      },
    ];
  },
};
