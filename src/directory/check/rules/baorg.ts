import { policyNamed } from '../categories.ts';
import type { ComplianceRule } from '../rule.ts';

const BUSINESS_ASSOCIATE = policyNamed('business-associate');

export const baorg: ComplianceRule = {
  code: 'BAORG',
  category: 'certificate',
  title: 'An entry with an NPI does not have the certificate of a business associate.',
  check: (entry, { factsOf }) => {
    const { record } = entry;
    const field = record.ORG_NPI === '' ? 'PROV_NPI' : 'ORG_NPI';
    if (record[field] === '' || !factsOf(entry)?.policies?.includes(BUSINESS_ASSOCIATE)) return [];
    return [
      {
        field: 'DIRECT_ADDRESS',
        value: record.DIRECT_ADDRESS,
        faults: [
          `certificate category business associate (${BUSINESS_ASSOCIATE}) with \`${field}\` '${record[field]}'`,
        ],
        closing: 'remove the NPI or use a covered-entity certificate',
      },
    ];
  },
};
