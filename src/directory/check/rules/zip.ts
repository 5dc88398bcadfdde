import { statesOfZip, zipFits } from '../../states.ts';
import type { ComplianceRule } from '../rule.ts';

export const zip: ComplianceRule = {
  code: 'ZIP',
  category: 'format',
  title: 'The ZIP code has 5 digits, or 5 and 4, and fits the state.',
  check: ({ record }) => {
    const value = record.ORG_ZIP;
    const field = 'ORG_ZIP' as const;
    if (value === '' || (record.ORG_COUNTRY !== '' && !/^(US|USA)$/i.test(record.ORG_COUNTRY))) return [];
    if (/^\d{9}$/.test(value)) {
      const closing = `expected ${value.slice(0, 5)}-${value.slice(5)}`;
      return [{ field, value, faults: ['nine digits without hyphen'], closing }];
    }
    if (!/^\d{5}(-\d{4})?$/.test(value)) {
      const digits = value.replaceAll(/\D/g, '').length;
      const faults = [
        ...(/[^\d-]/.test(value) ? ['contains characters other than digits and hyphen'] : []),
        ...(digits === 5 || digits === 9 ? [] : [`${digits} digits`]),
      ];
      return [
        {
          field,
          value,
          faults: faults.length > 0 ? faults : ['hyphen in the wrong place'],
          closing: 'expected 5 digits, or 5-4',
        },
      ];
    }
    if (zipFits(value, record.ORG_STATE) !== false) return [];
    const states = statesOfZip(value);
    const where = states.length > 0 ? ` (it is of ${states.join(', ')})` : '';
    return [
      {
        field,
        value,
        faults: [`prefix ${value.slice(0, 3)} is not of \`ORG_STATE\` '${record.ORG_STATE}'${where}`],
      },
    ];
  },
};
