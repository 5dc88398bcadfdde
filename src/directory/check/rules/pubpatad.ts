import { policyNamed } from '../categories.ts';
import type { ComplianceRule } from '../rule.ts';

const PATIENT = policyNamed('patient');

export const pubpatad: ComplianceRule = {
  code: 'PUBPATAD',
  category: 'publication',
  title: 'Addresses of patients are not published.',
  check: (entry, { factsOf }) => {
    const { ADDRESS_TYPE: type, DIRECT_ADDRESS: value } = entry.record;
    const closing = 'addresses of patients are not published; remove the entry';
    if (type.toLowerCase() === 'patient') {
      return [
        { field: 'ADDRESS_TYPE', value: type, faults: ['patient address in the publication'], closing },
      ];
    }
    if (!factsOf(entry)?.policies?.includes(PATIENT)) return [];
    return [
      { field: 'DIRECT_ADDRESS', value, faults: [`certificate category patient (${PATIENT})`], closing },
    ];
  },
};
