/**
 * CSV as we write it: CRLF, quotes only where they are needed (RFC 4180).
 *
 * @module
 */

const NEEDS_QUOTES = /[",\r\n]|^ | $/;

export const csvField = (value: string): string =>
  NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

export const csvLine = (values: readonly string[]): string => `${values.map(csvField).join(',')}\r\n`;

/**
 * A value that a spreadsheet does not take for a formula: an apostrophe is put before one that it would. Telephone
 * numbers begin with `+` and stay. The directory takes no formulas (`read/validate.ts`), so in what it exports this
 * only ever changes names of columns and texts of others; records stay as they are.
 */
export const inert = (value: string): string =>
  /^[=@\t\r]|^[+-](?![\d\s().-]*$)/.test(value) ? `'${value}` : value;
