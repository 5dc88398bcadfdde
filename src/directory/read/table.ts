/**
 * Contribution files: CSV with the columns of either layout, or of both (directory §2).
 *
 * @module
 */
import { nearest } from '../../outcome/nearest.ts';
import { DirectoryError } from '../error.ts';
import { COLUMNS, type Column, emptyRecord, foldHeader, KNOWN_HEADERS, LAYOUT_2016 } from '../record.ts';
import { type CsvRow, csvRows } from './csv.ts';
import { type Chunks, fault, type Item, shown } from './item.ts';
import { checked, valueFault } from './validate.ts';

/** Header names of a contributor's own → our columns. */
export type Mapping = Readonly<Record<string, Column>>;

/** @throws {DirectoryError} `format`: the header is not that of a contribution file */
export function* readTable(chunks: Chunks, mapping: Mapping = {}): Generator<Item> {
  const rows = csvRows(chunks);
  const heads = headerOf(rows.next().value ?? undefined);
  const targets = columnsOf(heads, mapping);
  for (const row of rows) {
    if (row.kind === 'fault') {
      const column = row.column === undefined ? '' : (heads[row.column] ?? `column ${row.column + 1}`);
      yield { kind: 'fault', fault: { ...row.fault, column } };
      continue;
    }
    const { fields, line } = row;
    if (fields.length !== heads.length) {
      yield fault(line, '', `${fields.length} fields`, `${heads.length} fields, as the header has`);
      continue;
    }
    const record = emptyRecord();
    let change = 'put';
    let extra: Record<string, string> | undefined;
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i];
      const value = fields[i]!;
      if (value === '') continue;
      if (target === 'CHANGE') change = value.toLowerCase();
      else if (target !== undefined) record[target] = value;
      else (extra ??= {})[heads[i]!] = value;
    }
    if (extra) record.extra = extra;
    yield* checked(line, record, change);
  }
}

/** The names of the first row. @throws {DirectoryError} */
export function headerOf(row: CsvRow | undefined): readonly string[] {
  if (!row) throw new DirectoryError('format', 'the file is empty; expected a header line');
  if (row.kind === 'fault') {
    const { line, found, expected } = row.fault;
    throw new DirectoryError('format', `line ${line}, the header: found ${found}; expected ${expected}`, {
      line,
    });
  }
  const heads = row.fields.map((name) => name.trim());
  if (heads.length === 1 && heads[0]!.includes(';')) {
    throw new DirectoryError('format', `line ${row.line}: the columns are separated by semicolons`, {
      hint: 'Save the file with commas between the columns (RFC 4180). A spreadsheet takes the semicolon from the language of the system.',
      line: row.line,
    });
  }
  for (const name of heads) {
    const wrong = valueFault(name);
    if (!wrong) continue;
    throw new DirectoryError(
      'format',
      `line ${row.line}, the header: found the column ${shown(wrong.found)}; expected names that are no formulas and have no control characters`,
      { line: row.line },
    );
  }
  return heads;
}

function columnsOf(heads: readonly string[], mapping: Mapping): readonly (Column | 'CHANGE' | undefined)[] {
  const own = new Map(Object.entries(mapping).map(([name, column]) => [foldHeader(name), column]));
  const targets = heads.map((name) => own.get(foldHeader(name)) ?? KNOWN_HEADERS.get(foldHeader(name)));
  const taken = new Map<string, string>();
  for (const [i, head] of heads.entries()) {
    const target = targets[i] ?? foldHeader(head);
    const other = taken.get(target);
    if (other !== undefined) {
      throw new DirectoryError(
        'format',
        `line 1, the header: "${shown(head)}" and "${shown(other)}" are the same column`,
        { hint: 'Keep one of them.', line: 1 },
      );
    }
    taken.set(target, head);
  }
  if (!taken.has('DIRECT_ADDRESS')) {
    const meant = heads.find((head) => nearest(head, ['direct_address', 'service_direct_address']));
    const found = shown(heads.slice(0, 8).join(', '));
    throw new DirectoryError(
      'format',
      `line 1, the header: found the columns ${found || 'none'}; expected DIRECT_ADDRESS (or service_direct_address) among them`,
      {
        hint: meant
          ? `Is "${shown(meant)}" meant? Map it: --map "${shown(meant)}=DIRECT_ADDRESS".`
          : 'The columns are listed in docs/cli.md, under directory.',
        line: 1,
      },
    );
  }
  return targets;
}

/** The header lines that we write. */
export const HEADERS = {
  current: COLUMNS as readonly string[],
  '2016': LAYOUT_2016.map(([name]) => name),
} as const;
