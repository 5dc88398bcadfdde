/**
 * Records as text of each format, piece by piece. What is written here is read again by `read/` without loss of the
 * columns that the format has.
 *
 * @module
 */

import { NPPES_HEADER } from '../read/nppes.ts';
import { COLUMNS, type DirectoryRecord, LAYOUT_2016 } from '../record.ts';
import { csvLine, inert } from './csv-text.ts';
import { fhirText } from './fhir-text.ts';
import { ldifText } from './ldif-text.ts';

export const TEXT_FORMATS = ['csv', 'csv-2016', 'nppes', 'fhir', 'ldif', 'ndjson'] as const;

export type TextFormat = (typeof TEXT_FORMATS)[number];

/** The file, in pieces. `extra`: names of unknown columns to write into CSV. */
export function textOf(
  format: TextFormat,
  records: Iterable<DirectoryRecord>,
  extra: readonly string[] = [],
): Iterable<string> {
  switch (format) {
    case 'csv':
      return currentCsv(records, extra);
    case 'csv-2016':
      return csv2016(records);
    case 'nppes':
      return nppesCsv(records);
    case 'fhir':
      return fhirText(records);
    case 'ldif':
      return ldifText(records);
    case 'ndjson':
      return ndjson(records);
  }
}

function* currentCsv(records: Iterable<DirectoryRecord>, extra: readonly string[]): Generator<string> {
  yield csvLine([...COLUMNS, ...extra.map(inert)]);
  for (const record of records) {
    const values: string[] = COLUMNS.map((column) => record[column]);
    for (const name of extra) values.push(record.extra?.[name] ?? '');
    yield csvLine(values);
  }
}

function* csv2016(records: Iterable<DirectoryRecord>): Generator<string> {
  yield csvLine(LAYOUT_2016.map(([name]) => name));
  for (const record of records) {
    yield csvLine(
      LAYOUT_2016.map(([name, column]) => (column ? record[column] : (record.extra?.[name] ?? ''))),
    );
  }
}

function* nppesCsv(records: Iterable<DirectoryRecord>): Generator<string> {
  yield csvLine(NPPES_HEADER);
  for (const record of records) {
    if (record.PROV_NPI === '') continue;
    const affiliated = record.ORG_NAME === '' ? 'N' : 'Y';
    yield csvLine([
      record.PROV_NPI,
      'DIRECT',
      'Direct Messaging Address',
      record.DIRECT_ADDRESS,
      affiliated,
      record.SERVICE_DESCRIPTION,
      record.ORG_NAME,
      record.extra?.['Use Code'] ?? 'DIRECT',
      'Direct',
      '',
      '',
      '',
      '',
      record.ORG_ADDR1,
      record.ORG_ADDR2,
      record.ORG_CITY,
      record.ORG_STATE,
      record.ORG_COUNTRY,
      record.ORG_ZIP,
    ]);
  }
}

function* ndjson(records: Iterable<DirectoryRecord>): Generator<string> {
  for (const record of records) {
    const values: Record<string, unknown> = {};
    for (const column of COLUMNS) if (record[column] !== '') values[column] = record[column];
    if (record.extra) values['extra'] = record.extra;
    yield `${JSON.stringify(values)}\n`;
  }
}
