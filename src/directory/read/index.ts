/**
 * Which reader reads what.
 *
 * @module
 */
import { readFhir } from './fhir.ts';
import type { Reader } from './item.ts';
import { readLdif } from './ldif.ts';
import { readNdjson } from './ndjson.ts';
import { readNppes } from './nppes.ts';
import type { Format } from './source.ts';
import { type Mapping, readTable } from './table.ts';

/** `mapping`: names of the contributor's own, for CSV. */
export function readerOf(format: Format, mapping?: Mapping): Reader {
  switch (format) {
    case 'csv':
      return (chunks) => readTable(chunks, mapping);
    case 'nppes':
      return readNppes;
    case 'fhir':
      return readFhir;
    case 'ldif':
      return readLdif;
    case 'ndjson':
      return readNdjson;
  }
}
