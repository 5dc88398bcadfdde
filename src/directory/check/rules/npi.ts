import { isNpi } from '../../npi.ts';
import type { ComplianceRule } from '../rule.ts';

const TYPE = { PROV_NPI: 1, ORG_NPI: 2 } as const;
const WHOSE = { 1: 'a person', 2: 'an organization' } as const;

export const npi: ComplianceRule = {
  code: 'NPI',
  category: 'format',
  title:
    'National Provider Identifiers have ten digits, the last one the right check digit; persons have type 1 and organizations type 2, as far as the NPPES table is loaded.',
  check: ({ record }, { npiType }) =>
    (['PROV_NPI', 'ORG_NPI'] as const).flatMap((field) => {
      const value = record[field];
      if (value === '') return [];
      if (isNpi(value)) {
        const type = npiType(value);
        const wanted = TYPE[field];
        if (type === undefined || type === wanted) return [];
        const closing = `expected type ${wanted}${field === 'ORG_NPI' ? '; a sole proprietor has none here' : ''}`;
        return [{ field, value, faults: [`type ${type}, the number of ${WHOSE[type]}`], closing }];
      }
      if (!/^\d*$/.test(value))
        return [
          { field, value, faults: ['contains other characters than digits'], closing: 'expected ten digits' },
        ];
      if (value.length !== 10)
        return [{ field, value, faults: [`${value.length} digits`], closing: 'expected ten digits' }];
      return [
        { field, value, faults: [/^[12]/.test(value) ? 'check digit wrong' : 'begins with neither 1 nor 2'] },
      ];
    }),
};
