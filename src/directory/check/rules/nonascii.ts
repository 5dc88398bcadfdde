import { COLUMNS } from '../../record.ts';
import type { ComplianceRule } from '../rule.ts';

/** The nearest ASCII text: letters without their marks. */
const ascii = (value: string): string =>
  value
    .normalize('NFKD')
    .replaceAll(/[\u2018\u2019]/g, "'")
    .replaceAll(/[\u2010-\u2015]/g, '-')
    .replaceAll(/[^\x20-\x7e]/g, '');

export const nonascii: ComplianceRule = {
  code: 'NONASCII',
  category: 'format',
  title: 'Every value uses printable ASCII only.',
  check: ({ record }) =>
    COLUMNS.flatMap((field) => {
      const value = record[field];
      if (!/[^\x20-\x7e]/.test(value)) return [];
      const faults = [...value].flatMap((character, at) => {
        const code = character.codePointAt(0)!;
        if (code >= 0x20 && code <= 0x7e) return [];
        const kind = code < 0x80 ? 'control' : 'non-ASCII';
        return [
          `${kind} character U+${code.toString(16).toUpperCase().padStart(4, '0')} at position ${at + 1}`,
        ];
      });
      const plain = ascii(value);
      const example = plain.trim() === '' ? '' : ` (for example ${plain})`;
      return [{ field, value, faults, closing: `expected ASCII only${example}` }];
    }),
};
