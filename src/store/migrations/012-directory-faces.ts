/**
 * What the faces of a large directory find their answers by, and the certificates that it shows in DNS.
 *
 * @module
 */
import { sql } from 'kysely';
import { bytesType, columns, required, type Step } from './columns.ts';

const INDEXES: readonly string[] = [
  // LDAP compares keys without regard to case and to how many blanks, telephone numbers without blanks and hyphens
  "index directory_organization_uid_folded on directory_organization (lower(replace(org_uid, ' ', '')))",
  "index directory_organization_telephone on directory_organization (replace(replace(org_phone, ' ', ''), '-', '')) where org_phone <> ''",
];

export const directoryFaces: Step = async (db, kinds) => {
  for (const index of INDEXES) await sql.raw(`create ${index}`).execute(db);
  await columns(
    db.schema
      .createTable('hosted_zone')
      .addColumn('n', 'integer', (column) => column.primaryKey())
      .addColumn('tenant', 'text', required),
    { origin: 'text', server: 'text', exchange: 'text', serial: 'bigint', ttl: 'integer' },
  ).execute();
  await sql.raw('create unique index hosted_zone_origin on hosted_zone (origin, tenant)').execute(db);
  // n is made of the name (directory/hosting/names.ts), so that one step down one tree finds it
  await columns(
    db.schema
      .createTable('hosted_name')
      .addColumn('n', 'integer', (column) => column.primaryKey())
      .addColumn('tenant', 'text', required),
    { name: 'text', owner: 'text', zone: 'integer', below: 'integer' },
  )
    .addColumn('certificates', bytesType(kinds))
    .execute();
};
