/**
 * What every record has to be before it may enter the directory, whatever format it came in. Format rules of values
 * (telephone numbers, states …) are not asked here: those are compliance checks of what is in the directory.
 *
 * @module
 */
import { COLUMNS, type DirectoryRecord } from '../record.ts';
import { fault, type Item } from './item.ts';

/** Longest value, in UTF-16 units (NPPES endpoints have up to 1,000). */
export const MAX_VALUE = 1000;

const ADDRESS = /^[^\s@<>",;:\\]+@[^\s@<>",;:\\]+$/;
/** `+` and `-` begin telephone numbers as well. */
const NUMBER = /^[+-][\d\s().-]*$/;

/** The record, or what is wrong with it. */
export function* checked(line: number, record: DirectoryRecord, change = 'put'): Generator<Item> {
  let sound = true;
  const wrong = (column: string, found: string, expected: string): Item => {
    sound = false;
    return fault(line, column, found, expected);
  };
  for (const column of COLUMNS) {
    const value = record[column];
    if (value === '') continue;
    const found = valueFault(value);
    if (found) yield wrong(column, found.found, found.expected);
  }
  for (const [column, value] of Object.entries(record.extra ?? {})) {
    const found = valueFault(column) ?? valueFault(value);
    if (found) yield wrong(column, found.found, found.expected);
  }
  const address = record.DIRECT_ADDRESS;
  if (address === '')
    yield wrong('DIRECT_ADDRESS', 'nothing', 'an address, such as name@direct.clinic.example');
  else if (sound && (!ADDRESS.test(address) || address.length > 320)) {
    yield wrong('DIRECT_ADDRESS', address, 'an address, such as name@direct.clinic.example');
  }
  if (change !== 'put' && change !== 'add' && change !== 'change' && change !== 'delete') {
    yield wrong('CHANGE', change, 'add, change or delete');
  }
  if (sound) yield { kind: 'record', line, change: change === 'delete' ? 'delete' : 'put', record };
}

/** What a value, or the name of a column, must not be: a formula, too long, with control characters. */
export function valueFault(value: string): { found: string; expected: string } | undefined {
  const first = value.charCodeAt(0);
  // = @ + -
  if (first === 0x3d || first === 0x40 || ((first === 0x2b || first === 0x2d) && !NUMBER.test(value))) {
    return {
      found: `${value} (a spreadsheet takes it for a formula)`,
      expected: 'a value that is no formula',
    };
  }
  if (value.length > MAX_VALUE) {
    return { found: `${value.length} characters`, expected: `at most ${MAX_VALUE}` };
  }
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) {
      return {
        found: `the control character U+${code.toString(16).toUpperCase().padStart(4, '0')} in ${value}`,
        expected: 'text without control characters',
      };
    }
  }
  return undefined;
}
