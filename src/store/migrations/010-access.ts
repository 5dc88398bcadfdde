/**
 * Who may read the directory: keys of participants, the record of what was asked, and the choices of visibility.
 *
 * @module
 */
import { sql } from 'kysely';
import { columns, required, type Step } from './columns.ts';

export const access: Step = async (db) => {
  await columns(db.schema.createTable('directory_key'), {
    tenant: 'text',
    id: 'text',
    hisp: 'text',
    label: 'text',
    digest: 'text',
    bulk: 'integer',
    made_by: 'text',
    made_at: 'bigint',
    revoked_at: 'bigint?',
    revoked_by: 'text?',
  })
    .addPrimaryKeyConstraint('directory_key_key', ['tenant', 'id'])
    .execute();
  await sql.raw('create unique index directory_key_digest on directory_key (digest)').execute(db);
  await columns(
    db.schema
      .createTable('directory_audit')
      .addColumn('n', 'integer', (column) => column.primaryKey())
      .addColumn('tenant', 'text', required),
    {
      at: 'bigint',
      reader: 'text',
      who: 'text',
      name: 'text',
      face: 'text',
      kind: 'text',
      query: 'text',
      results: 'integer',
    },
  ).execute();
  await sql.raw('create index directory_audit_who on directory_audit (tenant, who, at)').execute(db);
  await sql.raw('create index directory_audit_at on directory_audit (tenant, at)').execute(db);
  // what was published was shown to participants, never to everybody
  await sql.raw(`update directory_choice set choice = 'participants' where choice = 'publish'`).execute(db);
  await sql.raw(`update directory_choice set choice = 'never' where choice = 'withhold'`).execute(db);
  // what handles and page marks are sealed with
  await db.schema.alterTable('directory_state').addColumn('secret', 'text').execute();
};
