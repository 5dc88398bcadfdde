import { type Kysely, sql } from 'kysely';
import { bytesType, type ColumnKinds, required } from './columns.ts';

/** Since when an address cannot be verified, and which NPI is a person's and which an organization's. */
export async function standing(db: Kysely<unknown>, kinds: ColumnKinds): Promise<void> {
  await db.schema.alterTable('directory_endpoint').addColumn('failing_since', 'bigint').execute();
  await sql
    .raw(
      `update directory_endpoint set failing_since = verified_at where outcome = 'failed' and verified_at is not null`,
    )
    .execute(db);
  await sql
    .raw('create index directory_endpoint_due on directory_endpoint (tenant, verified_at)')
    .execute(db);
  await db.schema
    .createTable('directory_npi')
    .addColumn('tenant', 'text', required)
    .addColumn('chunk', 'integer', required)
    .addColumn('types', bytesType(kinds), required)
    .addPrimaryKeyConstraint('directory_npi_key', ['tenant', 'chunk'])
    .execute();
  await db.schema
    .createTable('directory_npi_table')
    .addColumn('tenant', 'text', (column) => column.primaryKey())
    .addColumn('source', 'text', required)
    .addColumn('loaded_at', 'bigint', required)
    .addColumn('persons', 'integer', required)
    .addColumn('organizations', 'integer', required)
    .execute();
}
