/**
 * Which NPI is a person's (type 1) and which an organization's (type 2), from the table that NPPES publishes.
 *
 * Two bits a number, 4,096 numbers a row: the eight million numbers that are given out take about 25 MB.
 *
 * @module
 */
import { nextTurn } from '../net/turn.ts';
import type { Directory } from './directory.ts';
import { DirectoryError } from './error.ts';
import { isNpi } from './npi.ts';
import { csvRows } from './read/csv.ts';
import type { Source } from './read/source.ts';
import { foldHeader } from './record.ts';

export type NpiType = 1 | 2;

export interface NpiTable {
  /** Name of the file. */
  readonly source: string;
  readonly loadedAt: number;
  readonly persons: number;
  readonly organizations: number;
}

const CHUNK = 4096;
/** Rows between two turns of others. */
const SLICE = 20_000;

const placeOf = (npi: string) => {
  const nine = Number(npi.slice(0, 9));
  const within = nine % CHUNK;
  return { chunk: Math.floor(nine / CHUNK), octet: within >> 2, shift: (within & 3) * 2 };
};

/**
 * Takes a table with the columns `NPI` and `Entity Type Code` (the `npidata_pfile` of NPPES, or any CSV that has the
 * two), in place of the one before. Rows without a type (numbers that were taken back) are left out.
 *
 * @throws {DirectoryError} `format`: it has no such columns, or no row that fits; the table stays as it was
 */
export async function loadNpiTypes(
  directory: Directory,
  source: Pick<Source, 'name' | 'chunks'>,
  onProgress?: (rows: number) => void,
): Promise<NpiTable> {
  const { handle, tenant, host } = directory;
  const chunks = new Map<number, Buffer>();
  let columns: { npi: number; type: number } | undefined;
  let rows = 0;
  const counts = { 1: 0, 2: 0 };
  for (const row of csvRows(source.chunks())) {
    if (++rows % SLICE === 0) {
      onProgress?.(rows);
      await host.hold(nextTurn());
    }
    if (row.kind === 'fault') continue;
    if (!columns) {
      columns = columnsIn(row.fields, source.name);
      continue;
    }
    const npi = (row.fields[columns.npi] ?? '').trim();
    const type = (row.fields[columns.type] ?? '').trim();
    if ((type !== '1' && type !== '2') || !isNpi(npi)) continue;
    const { chunk, octet, shift } = placeOf(npi);
    let types = chunks.get(chunk);
    if (!types) chunks.set(chunk, (types = Buffer.alloc(CHUNK / 4)));
    types[octet] = (types[octet]! & ~(3 << shift)) | (Number(type) << shift);
    counts[type] += 1;
  }
  if (counts[1] + counts[2] === 0) {
    throw new DirectoryError('format', `${source.name} has no row with an NPI and its type`, {
      hint: 'Expected the columns "NPI" and "Entity Type Code" (1 or 2), as in the npidata_pfile of NPPES.',
    });
  }
  const table = { source: source.name, loadedAt: host.now(), persons: counts[1], organizations: counts[2] };
  handle.atomically(() => {
    handle.prepare('delete from directory_npi where tenant = ?').run(tenant);
    const put = handle.prepare('insert into directory_npi (tenant, chunk, types) values (?, ?, ?)');
    for (const [chunk, types] of chunks) put.run(tenant, chunk, types);
    handle
      .prepare(
        `insert into directory_npi_table (tenant, source, loaded_at, persons, organizations) values (?, ?, ?, ?, ?)
         on conflict (tenant) do update set source = excluded.source, loaded_at = excluded.loaded_at,
         persons = excluded.persons, organizations = excluded.organizations`,
      )
      .run(tenant, table.source, table.loadedAt, table.persons, table.organizations);
  });
  return table;
}

function columnsIn(header: readonly string[], name: string): { npi: number; type: number } {
  const folded = header.map(foldHeader);
  const npi = folded.indexOf('npi');
  const type = folded.findIndex((one) => ['entitytypecode', 'entitytype', 'type'].includes(one));
  if (npi >= 0 && type >= 0) return { npi, type };
  throw new DirectoryError('format', `${name}, line 1: no column ${npi < 0 ? 'NPI' : 'Entity Type Code'}`, {
    hint: 'Expected a header with "NPI" and "Entity Type Code".',
    line: 1,
  });
}

/** The table that is loaded. */
export function npiTable({ handle, tenant }: Directory): NpiTable | undefined {
  const row = handle.prepare('select * from directory_npi_table where tenant = ?').get(tenant);
  return (
    row && {
      source: String(row['source']),
      loadedAt: Number(row['loaded_at']),
      persons: Number(row['persons']),
      organizations: Number(row['organizations']),
    }
  );
}

/** Says of a number what it is; undefined when the table does not have it. Without a table it says nothing of any. */
export function npiTypes(directory: Directory): (npi: string) => NpiType | undefined {
  if (!npiTable(directory)) return () => undefined;
  const { handle, tenant } = directory;
  const find = handle.prepare(
    'select hex(substr(types, ?, 1)) as octet from directory_npi where tenant = ? and chunk = ?',
  );
  return (npi) => {
    if (!isNpi(npi)) return undefined;
    const { chunk, octet, shift } = placeOf(npi);
    const found = find.get(octet + 1, tenant, chunk)?.['octet'];
    const type = typeof found === 'string' ? (Number.parseInt(found, 16) >> shift) & 3 : 0;
    return type === 1 || type === 2 ? type : undefined;
  };
}
