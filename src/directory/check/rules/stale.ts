import { dayOf } from '../../record.ts';
import type { ComplianceRule } from '../rule.ts';

const DAY = 86_400_000;

export const stale: ComplianceRule = {
  code: 'STALE',
  category: 'publication',
  title: 'Each entry was looked at not long ago.',
  check: ({ record }, { at, updatedDays }) => {
    const value = record.LAST_UPDATED;
    const field = 'LAST_UPDATED' as const;
    if (value === '') return [];
    const said = dayOf(value);
    if (said === undefined) return [{ field, value, faults: ['no date'], closing: 'expected YYYY-MM-DD' }];
    const days = Math.floor((at - said) / DAY);
    if (days <= updatedDays) return [];
    return [
      { field, value, faults: [`updated ${days} days ago`], closing: `expected at most ${updatedDays} days` },
    ];
  },
};
