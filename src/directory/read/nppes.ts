/**
 * NPPES endpoint files (directory §2.3). Only the endpoints of type DIRECT are taken. They say whose NPI an address
 * belongs to, and nothing of the person's name; they count as unverified.
 *
 * @module
 */
import { DirectoryError } from '../error.ts';
import { emptyRecord, foldHeader } from '../record.ts';
import { csvRows } from './csv.ts';
import { type Chunks, fault, type Item } from './item.ts';
import { headerOf } from './table.ts';
import { checked } from './validate.ts';

/** Header of the file, in its order. */
export const NPPES_HEADER = [
  'NPI',
  'Endpoint Type',
  'Endpoint Type Description',
  'Endpoint',
  'Affiliation',
  'Endpoint Description',
  'Affiliation Legal Business Name',
  'Use Code',
  'Use Description',
  'Other Use Description',
  'Content Type',
  'Content Description',
  'Other Content Description',
  'Affiliation Address Line One',
  'Affiliation Address Line Two',
  'Affiliation Address City',
  'Affiliation Address State',
  'Affiliation Address Country',
  'Affiliation Address Postal Code',
] as const;

type NppesColumn = (typeof NPPES_HEADER)[number];

const REQUIRED: readonly NppesColumn[] = ['NPI', 'Endpoint Type', 'Endpoint'];

export const isNppesHeader = (heads: readonly string[]): boolean => {
  const folded = new Set(heads.map(foldHeader));
  return REQUIRED.every((name) => folded.has(foldHeader(name)));
};

/** @throws {DirectoryError} `format`: another header */
export function* readNppes(chunks: Chunks): Generator<Item> {
  const rows = csvRows(chunks);
  const heads = headerOf(rows.next().value ?? undefined);
  if (!isNppesHeader(heads)) {
    throw new DirectoryError(
      'format',
      `line 1, the header: found ${heads.slice(0, 6).join(', ')}; expected the columns ${REQUIRED.join(', ')} of an NPPES endpoint file`,
      { line: 1 },
    );
  }
  const at = new Map(heads.map((name, index) => [foldHeader(name), index]));
  const column = (name: NppesColumn) => at.get(foldHeader(name)) ?? -1;
  const places = Object.fromEntries(NPPES_HEADER.map((name) => [name, column(name)])) as Record<
    NppesColumn,
    number
  >;
  for (const row of rows) {
    if (row.kind === 'fault') {
      yield { kind: 'fault', fault: { ...row.fault, column: heads[row.column ?? -1] ?? '' } };
      continue;
    }
    const { fields, line } = row;
    if (fields.length !== heads.length) {
      yield fault(line, '', `${fields.length} fields`, `${heads.length} fields, as the header has`);
      continue;
    }
    const value = (name: NppesColumn): string => fields[places[name]]?.trim() ?? '';
    if (value('Endpoint Type').toUpperCase() !== 'DIRECT') continue;
    const record = emptyRecord();
    record.DIRECT_ADDRESS = bareAddress(value('Endpoint'));
    record.PROV_UID = value('NPI');
    record.PROV_NPI = value('NPI');
    record.SERVICE_DESCRIPTION = value('Endpoint Description');
    const business = value('Affiliation Legal Business Name');
    record.ORG_UID = business.toLowerCase();
    record.ORG_NAME = business;
    record.ORG_ADDR1 = value('Affiliation Address Line One');
    record.ORG_ADDR2 = value('Affiliation Address Line Two');
    record.ORG_CITY = value('Affiliation Address City');
    record.ORG_STATE = value('Affiliation Address State');
    record.ORG_ZIP = value('Affiliation Address Postal Code');
    record.ORG_COUNTRY = value('Affiliation Address Country');
    const use = value('Use Code');
    if (use !== '') record.extra = { 'Use Code': use };
    yield* checked(line, record);
  }
}

/** Without `mailto:` and blanks, in lower case. */
export const bareAddress = (text: string): string =>
  text
    .replace(/^\s*mailto:/i, '')
    .replaceAll(/\s/g, '')
    .toLowerCase();
