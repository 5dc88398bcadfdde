import { type Kysely, sql } from 'kysely';
import { type ColumnKind, type ColumnKinds, columns, required } from './columns.ts';

const texts = (...names: string[]): Record<string, ColumnKind> =>
  Object.fromEntries(names.map((name) => [name, 'text']));

/** Tables whose rows have a number of their own, so that what refers to them is small. */
const NUMBERED: Readonly<Record<string, Readonly<Record<string, ColumnKind>>>> = {
  directory_contributor: { ...texts('id', 'name', 'domains'), approval: 'integer', created_at: 'bigint' },
  directory_operator: texts('name'),
  directory_organization: {
    contributor: 'integer',
    ...texts('org_uid', 'org_npi', 'org_name', 'org_phone', 'org_fax', 'org_specialty'),
  },
  directory_location: texts('org_addr1', 'org_addr2', 'org_city', 'org_state', 'org_zip', 'org_country'),
  directory_practitioner: {
    contributor: 'integer',
    ...texts('prov_uid', 'prov_npi', 'prov_first_name', 'prov_middle_name', 'prov_last_name', 'prov_suffix'),
    prov_specialty: 'text',
  },
  directory_endpoint: {
    address: 'text',
    first_seen: 'bigint',
    verified_at: 'bigint?',
    outcome: 'text?',
    facts: 'text?',
  },
  directory_role: {
    contributor: 'integer',
    operator: 'integer',
    endpoint: 'integer',
    practitioner: 'bigint?',
    organization: 'bigint?',
    location: 'bigint?',
    ...texts('address_type', 'service_description', 'prov_role', 'entity_type', 'endpoint_verified_on'),
    last_updated: 'text',
    extra: 'text?',
    line: 'integer',
    born: 'integer',
    gone: 'bigint?',
    seen: 'integer',
  },
};

const KEYED: Readonly<
  Record<string, { readonly key: readonly string[]; readonly columns: Readonly<Record<string, ColumnKind>> }>
> = {
  directory_state: { key: [], columns: { revision: 'integer', applying: 'bigint?' } },
  directory_contribution: {
    key: ['id'],
    columns: {
      id: 'integer',
      contributor: 'integer',
      ...texts('kind', 'state', 'source', 'format', 'sha256', 'by'),
      started_at: 'bigint',
      ended_at: 'bigint?',
      revision: 'bigint?',
      checkpoint: 'integer',
      counts: 'text',
      undoes: 'bigint?',
      reason: 'text?',
    },
  },
  directory_draft: {
    key: ['contribution', 'n'],
    columns: { contribution: 'integer', n: 'integer', line: 'integer', ...texts('change', 'record') },
  },
  directory_finding: {
    key: ['contribution', 'n'],
    columns: {
      contribution: 'integer',
      n: 'integer',
      line: 'integer',
      ...texts('column', 'level', 'found', 'expected'),
    },
  },
  directory_choice: {
    key: ['subject', 'key'],
    columns: { ...texts('subject', 'key', 'choice', 'by', 'reason'), at: 'bigint' },
  },
  directory_snapshot: {
    key: ['day'],
    columns: { ...texts('day', 'manifest', 'checksum'), revision: 'integer', made_at: 'bigint' },
  },
};

const INDEXES: readonly string[] = [
  'unique index directory_contributor_id on directory_contributor (tenant, id)',
  'unique index directory_operator_name on directory_operator (tenant, name)',
  'unique index directory_endpoint_address on directory_endpoint (address, tenant)',
  'index directory_organization_uid on directory_organization (org_uid, contributor)',
  "index directory_organization_npi on directory_organization (org_npi) where org_npi <> ''",
  'index directory_practitioner_uid on directory_practitioner (prov_uid, contributor)',
  "index directory_practitioner_npi on directory_practitioner (prov_npi) where prov_npi <> ''",
  'index directory_location_place on directory_location (org_zip, org_addr1)',
  'index directory_role_endpoint on directory_role (endpoint)',
  'index directory_role_practitioner on directory_role (practitioner) where practitioner is not null',
  'index directory_role_organization on directory_role (organization) where organization is not null',
  'index directory_role_location on directory_role (location) where location is not null',
];

/** The address directory, and the index of its words. */
export async function directory(db: Kysely<unknown>, _kinds: ColumnKinds): Promise<void> {
  for (const [name, kinds] of Object.entries(NUMBERED)) {
    const started = db.schema
      .createTable(name)
      .addColumn('n', 'integer', (column) => column.primaryKey())
      .addColumn('tenant', 'text', required);
    await columns(started, kinds).execute();
  }
  for (const [name, table] of Object.entries(KEYED)) {
    const started = db.schema.createTable(name).addColumn('tenant', 'text', required);
    await columns(started, table.columns)
      .addPrimaryKeyConstraint(`${name}_key`, ['tenant', ...table.key])
      .execute();
  }
  for (const index of INDEXES) await sql.raw(`create ${index}`).execute(db);
  // rowid is directory_role.n; `facet` holds words made for filters
  await sql
    .raw(
      `create virtual table directory_words using fts5 (name, place, address, facet, content='', contentless_delete=1, detail=column, tokenize='unicode61 remove_diacritics 2')`,
    )
    .execute(db);
}
