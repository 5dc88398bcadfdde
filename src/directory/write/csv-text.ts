/**
 * CSV as we write it: CRLF, quotes only where they are needed (RFC 4180).
 *
 * @module
 */

const NEEDS_QUOTES = /[",\r\n]|^ | $/;

export const csvField = (value: string): string =>
  NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

export const csvLine = (values: readonly string[]): string => `${values.map(csvField).join(',')}\r\n`;
