/**
 * FHIR R4 bundles: Organization, Location, Practitioner, PractitionerRole and Endpoint (directory §3).
 *
 * The bundle is split into its entries as it is read; resources that others refer to are laid aside on disk, so that
 * they may come in any order. Then each PractitionerRole with an endpoint, each Organization with one, and each
 * Endpoint that nobody refers to becomes a record.
 *
 * @module
 */
import { z } from 'zod';
import { type Handle, openScratch } from '../../store/handle.ts';
import { DirectoryError } from '../error.ts';
import { type DirectoryRecord, emptyRecord } from '../record.ts';
import { bundleEntries } from './bundle-entries.ts';
import { type Chunks, fault, type Item } from './item.ts';
import { bareAddress } from './nppes.ts';
import { checked } from './validate.ts';

const NPI = 'http://hl7.org/fhir/sid/us-npi';
/** System of the identifiers that contributors give. */
export const OWN_IDENTIFIER = 'urn:anchorage:directory:uid';

const text = z.string().optional();
const reference = z.object({ reference: text }).optional();
const coding = z.array(z.object({ system: text, code: text, display: text })).optional();
const concept = z.object({ coding, text }).optional();
const resource = z.object({
  resourceType: z.string(),
  id: text,
  status: text,
  name: z.unknown().optional(),
  description: text,
  identifier: z.array(z.object({ system: text, value: text })).optional(),
  telecom: z.array(z.object({ system: text, value: text })).optional(),
  address: z.unknown().optional(),
  qualification: z.array(z.object({ code: concept })).optional(),
  type: z.unknown().optional(),
  practitioner: reference,
  organization: reference,
  managingOrganization: reference,
  location: z.array(z.object({ reference: text })).optional(),
  code: z.array(z.object({ coding, text })).optional(),
  specialty: z.array(z.object({ coding, text })).optional(),
  endpoint: z.array(z.object({ reference: text })).optional(),
  connectionType: z.object({ code: text }).optional(),
  meta: z.object({ lastUpdated: text }).optional(),
});

type Resource = z.infer<typeof resource>;

const KEPT = new Set(['Organization', 'Location', 'Practitioner', 'PractitionerRole', 'Endpoint']);

const humanName = z
  .array(
    z.object({ family: text, given: z.array(z.string()).optional(), suffix: z.array(z.string()).optional() }),
  )
  .catch([]);
const postal = z.object({
  line: z.array(z.string()).optional(),
  city: text,
  state: text,
  postalCode: text,
  country: text,
});
const postals = z.union([z.array(postal), postal.transform((one) => [one])]).catch([]);

/** `line` of an item is the number of the bundle's entry, from 1. */
export function* readFhir(chunks: Chunks): Generator<Item> {
  const scratch = openScratch();
  scratch.exec(
    'create table resource (n integer primary key, type text, id text, url text, used integer default 0, json text)',
  );
  scratch.exec('create index resource_id on resource (type, id)');
  scratch.exec('create index resource_url on resource (url) where url is not null');
  const keep = scratch.prepare('insert into resource (n, type, id, url, json) values (?, ?, ?, ?, ?)');
  try {
    let number = 0;
    for (const entry of bundleEntries(chunks)) {
      number += 1;
      if ('wrong' in entry) {
        yield fault(number, 'entry', entry.wrong, 'an entry with a resource, of at most 1 MiB');
        continue;
      }
      const read = resource.safeParse(entry.resource);
      if (!read.success) {
        const [issue] = read.error.issues;
        yield fault(
          number,
          issue?.path.join('.') ?? '',
          issue?.message ?? 'no resource',
          'a FHIR R4 resource',
        );
        continue;
      }
      const { resourceType: type, id } = read.data;
      if (KEPT.has(type))
        keep.run(number, type, id ?? null, entry.fullUrl ?? null, JSON.stringify(read.data));
    }
    if (number === 0) throw new DirectoryError('format', 'the bundle has no entries');
    yield* records(scratch);
  } finally {
    scratch.close();
  }
}

type Shelf = (reference: string | undefined, mark?: boolean) => Resource | undefined;

function shelfOf(scratch: Handle): Shelf {
  const byId = scratch.prepare('select n, json from resource where type = ? and id = ? limit 1');
  const byUrl = scratch.prepare('select n, json from resource where url = ? limit 1');
  const used = scratch.prepare('update resource set used = 1 where n = ?');
  return (reference, mark = false) => {
    if (!reference) return undefined;
    const [type, id] = reference.split('/').slice(-2);
    const row = byUrl.get(reference) ?? (type && id ? byId.get(type, id) : undefined);
    if (row && mark) used.run(Number(row['n']));
    return row && (JSON.parse(String(row['json'])) as Resource);
  };
}

function* records(scratch: Handle): Generator<Item> {
  const shelf = shelfOf(scratch);
  for (const { n, one } of pages(scratch, 'PractitionerRole')) {
    const record = emptyRecord();
    const place = shelf(one.location?.[0]?.reference);
    organization(record, shelf(one.organization?.reference), place);
    practitioner(record, shelf(one.practitioner?.reference));
    record.PROV_ROLE = one.code?.[0]?.text ?? one.code?.[0]?.coding?.[0]?.display ?? record.PROV_ROLE;
    record.PROV_SPECIALTY = one.specialty?.[0]?.coding?.[0]?.code ?? record.PROV_SPECIALTY;
    yield* endpoints(n, record, one, shelf);
  }
  for (const { n, one } of pages(scratch, 'Organization')) {
    const record = emptyRecord();
    organization(record, one, undefined);
    yield* endpoints(n, record, one, shelf);
  }
  for (const { n, one } of pages(scratch, 'Endpoint', 'and used = 0')) {
    const record = emptyRecord();
    organization(record, shelf(one.managingOrganization?.reference), undefined);
    yield* endpoint(n, record, one);
  }
}

function* pages(scratch: Handle, type: string, more = ''): Generator<{ n: number; one: Resource }> {
  const page = scratch.prepare(
    `select n, json from resource where type = ? and n > ? ${more} order by n limit 500`,
  );
  for (let after = 0; ; ) {
    const rows = page.all(type, after);
    for (const row of rows) yield { n: Number(row['n']), one: JSON.parse(String(row['json'])) as Resource };
    const last = rows.at(-1);
    if (!last) return;
    after = Number(last['n']);
  }
}

function* endpoints(n: number, record: DirectoryRecord, one: Resource, shelf: Shelf): Generator<Item> {
  for (const { reference } of one.endpoint ?? []) {
    const found = shelf(reference, true);
    if (found) yield* endpoint(n, { ...record }, found);
    else
      yield fault(n, 'endpoint', `${reference}, which the bundle does not have`, 'an Endpoint of the bundle');
  }
}

function* endpoint(n: number, record: DirectoryRecord, one: Resource): Generator<Item> {
  if (one.connectionType?.code !== 'direct-project') return;
  record.DIRECT_ADDRESS = bareAddress(typeof one.address === 'string' ? one.address : '');
  if (typeof one.name === 'string') record.SERVICE_DESCRIPTION = one.name;
  record.LAST_UPDATED = one.meta?.lastUpdated?.slice(0, 10) ?? '';
  const operator = identifier(one, `${OWN_IDENTIFIER}:hisp`);
  record.HISP_OPERATOR = operator;
  record.ENDPOINT_VERIFIED_ON = identifier(one, `${OWN_IDENTIFIER}:verified`);
  record.ADDRESS_TYPE = identifier(one, `${OWN_IDENTIFIER}:type`);
  record.ENTITY_TYPE = identifier(one, `${OWN_IDENTIFIER}:entity`);
  yield* checked(n, record);
}

const identifier = (one: Resource, system: string): string =>
  one.identifier?.find((candidate) => candidate.system === system)?.value ?? '';

function organization(record: DirectoryRecord, one: Resource | undefined, place: Resource | undefined): void {
  const telecom = (system: string) => one?.telecom?.find((way) => way.system === system)?.value ?? '';
  if (one) {
    record.ORG_UID = identifier(one, OWN_IDENTIFIER) || (one.id ?? '');
    record.ORG_NPI = identifier(one, NPI);
    record.ORG_NAME = typeof one.name === 'string' ? one.name : '';
    record.ORG_PHONE = telecom('phone');
    record.ORG_FAX = telecom('fax');
    const kinds = z.array(z.object({ coding })).catch([]).parse(one.type);
    record.ORG_SPECIALTY = kinds[0]?.coding?.[0]?.code ?? '';
  }
  const address = postals.parse(place?.address ?? one?.address)[0];
  record.ORG_ADDR1 = address?.line?.[0] ?? '';
  record.ORG_ADDR2 = address?.line?.[1] ?? '';
  record.ORG_CITY = address?.city ?? '';
  record.ORG_STATE = address?.state ?? '';
  record.ORG_ZIP = address?.postalCode ?? '';
  record.ORG_COUNTRY = address?.country ?? '';
}

function practitioner(record: DirectoryRecord, one: Resource | undefined): void {
  if (!one) return;
  const [name] = humanName.parse(one.name);
  record.PROV_UID = identifier(one, OWN_IDENTIFIER) || (one.id ?? '');
  record.PROV_NPI = identifier(one, NPI);
  record.PROV_FIRST_NAME = name?.given?.[0] ?? '';
  record.PROV_MIDDLE_NAME = name?.given?.slice(1).join(' ') ?? '';
  record.PROV_LAST_NAME = name?.family ?? '';
  record.PROV_SUFFIX = name?.suffix?.join(' ') ?? '';
  record.PROV_SPECIALTY = one.qualification?.[0]?.code?.coding?.[0]?.code ?? '';
}
