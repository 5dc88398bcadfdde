import { dayOf } from '../../record.ts';
import type { ComplianceRule } from '../rule.ts';

const DAY = 86_400_000;

export const endptver: ComplianceRule = {
  code: 'ENDPTVER',
  category: 'publication',
  title: 'Each address was verified not long ago.',
  check: ({ record, verification, verifiedAt }, { at, verifiedDays }) => {
    const value = record.ENDPOINT_VERIFIED_ON;
    const field = 'ENDPOINT_VERIFIED_ON' as const;
    if (verification === 'failed') return [{ field, value, faults: ['verification failed'] }];
    const said = dayOf(value);
    if (value !== '' && said === undefined) {
      return [{ field, value, faults: ['no date'], closing: 'expected YYYY-MM-DD' }];
    }
    const own = verification === 'verified' && verifiedAt !== null ? verifiedAt : undefined;
    const last = Math.max(said ?? 0, own ?? 0);
    if (last === 0) return [{ field, value, faults: ['never verified'] }];
    const days = Math.floor((at - last) / DAY);
    if (days <= verifiedDays) return [];
    return [
      {
        field,
        value,
        faults: [`verified ${days} days ago`],
        closing: `expected at most ${verifiedDays} days`,
      },
    ];
  },
};
