import { isNpi } from '../../npi.ts';
import type { ComplianceRule } from '../rule.ts';

export const npi: ComplianceRule = {
  code: 'NPI',
  category: 'format',
  title: 'National Provider Identifiers have ten digits, the last one the right check digit.',
  check: ({ record }) =>
    (['PROV_NPI', 'ORG_NPI'] as const).flatMap((field) => {
      const value = record[field];
      if (value === '' || isNpi(value)) return [];
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
