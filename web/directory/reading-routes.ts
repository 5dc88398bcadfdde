import { z } from 'zod';
import { mustTakeAll, type Reader, reachOf, visibleRows, visibleTo } from '../../src/directory/access.ts';
import type { Directory } from '../../src/directory/directory.ts';
import { entries, entry, lookUp } from '../../src/directory/entries.ts';
import { DirectoryError } from '../../src/directory/error.ts';
import { handlesOf } from '../../src/directory/fhir/handles.ts';
import { sightOf } from '../../src/directory/fhir/sight.ts';
import { rowOfThing } from '../../src/directory/fhir/things.ts';
import { provenance } from '../../src/directory/provenance.ts';
import type { DirectoryRecord } from '../../src/directory/record.ts';
import { search } from '../../src/directory/search.ts';
import { snapshot, snapshots } from '../../src/directory/snapshots.ts';
import { TEXT_FORMATS, type TextFormat, textOf } from '../../src/directory/write/formats.ts';
import { note } from './door.ts';
import { textStream, zipStream } from './octets.ts';
import type { DirectoryCall, DirectoryRoute } from './route.ts';
import {
  entryView,
  entryViews,
  provenanceView,
  publicationView,
  toProvenance,
  toPublication,
} from './views.ts';

const FILTERS = {
  state: 'Code of a state',
  hisp: 'Name of a HISP',
  type: 'person, organisation, department or device',
  specialty: 'NUCC code',
  domain: 'Domain of the address',
} as const;

const searchView = z.strictObject({
  hits: z.array(
    z.strictObject({
      why: z.enum(['address', 'npi', 'name', 'other']),
      matches: z.array(z.strictObject({ column: z.string(), from: z.int(), to: z.int() })),
      entry: entryView,
    }),
  ),
  more: z.boolean(),
  incomplete: z.boolean().describe('So many have these words that not all were looked at'),
});

const TYPES: Readonly<Record<TextFormat, readonly [type: string, ending: string]>> = {
  csv: ['text/csv; charset=utf-8', 'csv'],
  'csv-2016': ['text/csv; charset=utf-8', 'csv'],
  nppes: ['text/csv; charset=utf-8', 'csv'],
  fhir: ['application/fhir+json; charset=utf-8', 'json'],
  ldif: ['text/plain; charset=utf-8', 'ldif'],
  ndjson: ['application/x-ndjson; charset=utf-8', 'ndjson'],
};

export const READING_ROUTES: readonly DirectoryRoute[] = [
  {
    method: 'get',
    path: '/search',
    summary: 'Find by name, NPI, city, domain or address',
    for: 'everybody',
    query: {
      q: 'What is looked for',
      ...FILTERS,
      limit: 'Results, default 25',
      offset: 'Results to leave out',
    },
    answer: { status: 200, schema: searchView },
    serve: searched,
  },
  {
    method: 'get',
    path: '/entries/{id}',
    summary: 'An entry, and where each value comes from',
    for: 'everybody',
    answer: { status: 200, schema: entryView.extend({ provenance: z.array(provenanceView) }) },
    serve: (call) => {
      const { door, reader, param } = call;
      const { directory } = door;
      const thing = handlesOf(directory).thingOf('PractitionerRole', param('id'));
      const n = thing && rowOfThing(sightOf(directory, reader), thing);
      const found = n === undefined ? undefined : entry(directory, n);
      if (!found) throw new DirectoryError('unknown', `there is no entry ${param('id').slice(0, 64)}`);
      note(door, reader, { face: 'rest', kind: 'read', query: found.record.DIRECT_ADDRESS, results: 1 });
      return {
        ...entryViews(directory, reader)(found),
        provenance: provenance(directory, found.n).map(toProvenance),
      };
    },
  },
  {
    method: 'get',
    path: '/addresses/{address}',
    summary: 'The entries of an address, of all contributors',
    for: 'everybody',
    answer: { status: 200, schema: z.array(entryView) },
    serve: ({ door, reader, param }) => {
      const { directory } = door;
      const address = param('address').replace(/^mailto:/i, '');
      const found = lookUp(directory, address).filter(visibleTo(directory, reader));
      note(door, reader, { face: 'rest', kind: 'search', query: address, results: found.length });
      return found.map(entryViews(directory, reader));
    },
  },
  {
    method: 'get',
    path: '/publications',
    summary: 'Dated publications, newest first',
    for: 'participants',
    answer: { status: 200, schema: z.array(publicationView) },
    serve: ({ door }) => snapshots(door.directory).map(toPublication),
  },
  {
    method: 'get',
    path: '/download/{yyyy}/{mm}/{dd}/{file}',
    summary: 'The publication of a day as ZIP with one CSV: directory-YYYY-MM-DD-csv.zip or …-csv-2016.zip',
    for: 'bulk',
    cost: 20,
    answer: { status: 200, file: 'application/zip' },
    serve: downloaded,
  },
  {
    method: 'get',
    path: '/export',
    summary: 'What is shown now, as one file',
    for: 'bulk',
    cost: 20,
    query: { as: `${TEXT_FORMATS.join(', ')}; default csv` },
    answer: { status: 200, file: 'application/octet-stream' },
    serve: exported,
  },
];

function searched({ door, reader, query }: DirectoryCall): z.output<typeof searchView> {
  const { directory } = door;
  const reach = reachOf(reader);
  const q = query('q') ?? '';
  const filters = Object.fromEntries(
    Object.keys(FILTERS).flatMap((name) => {
      const value = query(name);
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  if (q.trim() === '' && Object.keys(filters).length === 0) {
    throw new DirectoryError(
      'format',
      `the search has no words; expected q, or one of ${Object.keys(FILTERS).join(', ')}`,
    );
  }
  const offset = Math.min(whole(query('offset'), 0, 'offset'), reach.depth);
  const limit = Math.min(whole(query('limit'), 25, 'limit'), reach.page, 100, reach.depth - offset);
  const found = search(directory, q, {
    ...filters,
    offset,
    limit: Math.max(1, limit),
    allowed: visibleTo(directory, reader),
    where: visibleRows(directory, reader),
  });
  const hits = limit > 0 ? found.hits : [];
  const asked = [q, ...Object.entries(filters).map(([name, value]) => `${name}=${String(value)}`)];
  note(door, reader, {
    face: 'rest',
    kind: 'search',
    query: asked.filter((one) => one !== '').join(' '),
    results: hits.length,
  });
  const view = entryViews(directory, reader);
  return {
    hits: hits.map((hit) => ({ why: hit.why, matches: [...hit.matches], entry: view(hit.entry) })),
    more: found.more && offset + hits.length < reach.depth,
    incomplete: found.incomplete,
  };
}

function whole(text: string | undefined, otherwise: number, name: string): number {
  if (text === undefined || text === '') return otherwise;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new DirectoryError('format', `${name} is "${text.slice(0, 40)}"; expected a whole number`);
}

function downloaded({ door, reader, param }: DirectoryCall) {
  const { directory } = door;
  mustTakeAll(reader);
  const day = [param('yyyy'), param('mm'), param('dd')].join('-');
  const { revision, manifest } = snapshot(directory, day);
  const file = param('file');
  const format = (['csv', 'csv-2016'] as const).find((one) => file === `directory-${day}-${one}.zip`);
  if (!format) {
    throw new DirectoryError('unknown', `there is no file ${file.slice(0, 80)} of ${day}`, {
      hint: `Expected directory-${day}-csv.zip or directory-${day}-csv-2016.zip.`,
    });
  }
  note(door, reader, { face: 'rest', kind: 'bulk', query: `download ${file}`, results: manifest.entries });
  const pieces = textOf(format, records(directory, reader, revision));
  return { file, type: 'application/zip', body: zipStream(`directory-${day}-${format}.csv`, day, pieces) };
}

function exported({ door, reader, query }: DirectoryCall) {
  const { directory } = door;
  mustTakeAll(reader);
  const asked = query('as') ?? 'csv';
  const format = TEXT_FORMATS.find((one) => one === asked);
  if (!format) {
    throw new DirectoryError('format', `as is "${asked.slice(0, 40)}"; expected ${TEXT_FORMATS.join(', ')}`);
  }
  note(door, reader, { face: 'rest', kind: 'bulk', query: `export ${format}`, results: 0 });
  const [type, ending] = TYPES[format];
  return {
    file: `directory.${ending}`,
    type,
    body: textStream(textOf(format, records(directory, reader))),
  };
}

function* records(directory: Directory, reader: Reader, at?: number): Generator<DirectoryRecord> {
  // operators too take what participants see: an export leaves the house
  const visible = visibleTo(
    directory,
    reader.kind === 'operator' ? { kind: 'participant', id: '', name: reader.name, bulk: true } : reader,
  );
  for (const found of entries(directory, at === undefined ? {} : { at }))
    if (visible(found)) yield found.record;
}
