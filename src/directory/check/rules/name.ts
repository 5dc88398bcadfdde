import type { ComplianceRule, FieldFault } from '../rule.ts';

const TITLE = /^(dr|mr|mrs|ms|miss|prof|rev)\.?\s+|,?\s+(md|m\.d\.|do|d\.o\.|phd|ph\.d\.|rn|dds)\.?$/i;
const SUFFIX = /,?\s+(jr|sr|ii|iii|iv)\.?$/i;

const PERSON = ['PROV_FIRST_NAME', 'PROV_MIDDLE_NAME', 'PROV_LAST_NAME'] as const;

const capitalised = (value: string): string =>
  value
    .toLowerCase()
    .replaceAll(/(^|[\s'-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

function personFaults(field: (typeof PERSON)[number], value: string): FieldFault | undefined {
  const faults: string[] = [];
  let expected = value.trim();
  let note = '';
  if (value !== expected) faults.push('blanks around the name');
  if (/\d/.test(value)) faults.push('digits in a name');
  if (TITLE.test(expected)) {
    faults.push('title in name field');
    expected = expected.replace(TITLE, '').trim();
    note = ' with title removed';
  }
  if (SUFFIX.test(expected)) {
    faults.push('suffix in name field');
    expected = expected.replace(SUFFIX, '');
    note = ' with the suffix in `PROV_SUFFIX`';
  }
  if (
    expected.length > 2 &&
    /\p{L}/u.test(expected) &&
    expected === expected.toUpperCase() &&
    field !== 'PROV_MIDDLE_NAME'
  ) {
    faults.push('all capital letters');
    expected = capitalised(expected);
  }
  if (faults.length === 0) return undefined;
  return { field, value, faults, ...(/\d/.test(expected) ? {} : { closing: `expected ${expected}${note}` }) };
}

export const name: ComplianceRule = {
  code: 'NAME',
  category: 'format',
  title: 'Names hold the name only, and every entry names its organization.',
  check: ({ record }) => {
    const found = PERSON.flatMap((field) => {
      const wrong = record[field] === '' ? undefined : personFaults(field, record[field]);
      return wrong ? [wrong] : [];
    });
    const value = record.ORG_NAME;
    const person = `${record.PROV_FIRST_NAME} ${record.PROV_LAST_NAME}`.trim().toLowerCase();
    if (value === '') {
      found.push({
        field: 'ORG_NAME',
        value,
        faults: ['missing'],
        closing: 'expected the name of the organization',
      });
    } else if (value !== value.trim()) {
      found.push({
        field: 'ORG_NAME',
        value,
        faults: ['blanks around the name'],
        closing: `expected ${value.trim()}`,
      });
    } else if (
      value.toLowerCase() === person &&
      record.ORG_NPI !== '' &&
      record.ORG_NPI !== record.PROV_NPI
    ) {
      // a sole proprietor's organization bears the person's name, and has no NPI of its own
      found.push({
        field: 'ORG_NAME',
        value,
        faults: ["equal to the person's name"],
        closing: 'expected the name of the organization that has the `ORG_NPI`',
      });
    }
    return found;
  },
};
