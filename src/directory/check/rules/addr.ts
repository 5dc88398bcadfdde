import type { Column } from '../../record.ts';
import type { ComplianceRule, FieldFault } from '../rule.ts';

const BOX = /\bp\.?\s*o\.?\s*box\b/i;

export const addr: ComplianceRule = {
  code: 'ADDR',
  category: 'format',
  title: 'Address lines say where the place is, once.',
  check: ({ record }) => {
    const found: FieldFault[] = [];
    const { ORG_ADDR1: one, ORG_ADDR2: two, ORG_CITY: city, ORG_STATE: state, ORG_ZIP: zip } = record;
    if (one === '' && two !== '') {
      const closing = `expected ${two} in \`ORG_ADDR1\``;
      found.push({ field: 'ORG_ADDR1', value: '', faults: ['missing while `ORG_ADDR2` is given'], closing });
    }
    for (const field of ['ORG_ADDR1', 'ORG_ADDR2'] as const satisfies readonly Column[]) {
      const value = record[field];
      if (value === '') continue;
      const faults: string[] = [];
      if (/[\u0000-\u001f\u007f]/.test(value)) faults.push('contains control characters');
      if (BOX.test(value)) faults.push('PO box in the address of a location');
      const words = ` ${value.toUpperCase().replaceAll(/[\s,]+/g, ' ')} `;
      const repeated = [
        ...(city !== '' && words.endsWith(` ${city.toUpperCase()} ${state.toUpperCase()} `)
          ? ['city and state']
          : []),
        ...(zip !== '' && words.includes(` ${zip.toUpperCase()} `) ? ['ZIP code'] : []),
      ];
      if (repeated.length > 0) faults.push(`repeats the ${repeated.join(' and the ')}`);
      if (faults.length > 0) found.push({ field, value, faults, closing: 'expected street and number only' });
    }
    return found;
  },
};
