import type { ComplianceRule, FieldFault } from '../rule.ts';

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/ /, 'contains spaces'],
  [/-/, 'contains hyphens'],
  [/[()]/, 'contains parentheses'],
  [/\./, 'contains dots'],
];

/** E.164: at most 15 digits; fewer than 8 are no whole number. */
function faultsOf(value: string): Pick<FieldFault, 'faults' | 'closing'> | undefined {
  const [number = '', extension] = value.split(/\s*(?:ext\.?|x|#)\s*(?=\d)/i);
  const digits = number.replaceAll(/\D/g, '');
  const plus = number.trimStart().startsWith('+');
  const faults: string[] = [];
  if (!plus) faults.push(MISSING_PLUS);
  for (const [sign, text] of SIGNS) if (sign.test(number)) faults.push(text);
  if (/[^\d\s().+-]/.test(number)) faults.push('contains other characters');
  if (/(?!^)\+/.test(number)) faults.push("contains '+' inside");
  if (extension !== undefined) faults.push('contains an extension');
  if (digits.length < 8) faults.push(`${digits.length} digits are too few (8 to 15)`);
  if (digits.length > 15) faults.push(`${digits.length} digits are too many (8 to 15)`);
  if (plus && digits.startsWith('1') && digits.length !== 11 && digits.length >= 8) {
    faults.push(`${digits.length - 1} digits after country code 1 (US/Canada has 10)`);
  }
  if (plus && digits.startsWith('0')) faults.push('country code begins with 0');
  if (!plus && digits.length === 10) faults.push('10-digit number detected');
  if (faults.length === 0) return undefined;
  const whole =
    digits.length === 10 && !plus
      ? `1${digits}`
      : digits.length === 11 && digits.startsWith('1')
        ? digits
        : undefined;
  return { faults, ...(whole ? { closing: `expected +${whole} (11 digits)` } : {}) };
}

const MISSING_PLUS = "missing leading '+'";

export const phone: ComplianceRule = {
  code: 'PHONE',
  category: 'format',
  title: 'Telephone and fax numbers are in E.164.',
  check: ({ record }) => {
    const found: FieldFault[] = [];
    let explained = false;
    for (const field of ['ORG_PHONE', 'ORG_FAX'] as const) {
      const value = record[field];
      const wrong = value === '' ? undefined : faultsOf(value);
      if (!wrong) continue;
      const first: boolean = !explained && wrong.faults[0] === MISSING_PLUS;
      explained ||= first;
      const faults = first
        ? [`${MISSING_PLUS} (E.164 needs '+', country code, subscriber number)`, ...wrong.faults.slice(1)]
        : wrong.faults;
      const lacks = first && faults.includes('10-digit number detected');
      const closing = [
        ...(lacks ? ['a US/Canada number lacks country code 1'] : []),
        ...(wrong.closing ? [wrong.closing] : []),
      ].join('; ');
      found.push({ field, value, faults, ...(closing ? { closing } : {}) });
    }
    return found;
  },
};
