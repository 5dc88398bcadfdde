import { MILITARY, STATE_CODES, stateOfName } from '../../states.ts';
import type { ComplianceRule } from '../rule.ts';

const KNOWN = new Set(STATE_CODES);

export const state: ComplianceRule = {
  code: 'STATE',
  category: 'format',
  title: 'The state is a code of two capital letters (ISO 3166-2:US).',
  check: ({ record }) => {
    const value = record.ORG_STATE;
    if (value === '' || KNOWN.has(value)) return [];
    const field = 'ORG_STATE' as const;
    if (MILITARY.has(value)) {
      return [{ field, value, faults: ['code of military mail'], closing: 'expected the code of a state' }];
    }
    const upper = value.trim().toUpperCase();
    if (KNOWN.has(upper)) {
      const faults = [value === value.trim() ? 'not in capital letters' : 'blanks around the code'];
      return [{ field, value, faults, closing: `expected ${upper}` }];
    }
    const named = stateOfName(value);
    if (named)
      return [{ field, value, faults: ['state name instead of code'], closing: `expected ${named}` }];
    return [
      {
        field,
        value,
        faults: ['no code of a US state or territory'],
        closing: 'expected two letters such as OH',
      },
    ];
  },
};
