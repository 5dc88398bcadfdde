import { organizationId, practitionerId } from '../../write/rows.ts';
import type { ComplianceRule } from '../rule.ts';

export const dup: ComplianceRule = {
  code: 'DUP',
  category: 'format',
  title: 'Each key stands once, and an address is with one HISP.',
  check: (entry, { sameAddress }) => {
    const { record } = entry;
    const others = sameAddress(entry);
    const same = others.find(
      (other) =>
        practitionerId(other.record) === practitionerId(record) &&
        organizationId(other.record) === organizationId(record),
    );
    const hisp = others.find((other) => other.record.HISP_OPERATOR !== record.HISP_OPERATOR);
    const faults = [
      ...(same ? [`key stands again in the contribution of ${same.contributor}, line ${same.line}`] : []),
      ...(hisp ? [`address is also listed by HISP '${hisp.record.HISP_OPERATOR}'`] : []),
    ];
    if (faults.length === 0) return [];
    return [{ field: 'DIRECT_ADDRESS', value: record.DIRECT_ADDRESS, faults, closing: 'expected one entry' }];
  },
};
