/**
 * What names and cities are searched by from their beginning: without marks, in lower case.
 *
 * @module
 */
import { sql } from 'kysely';
import type { Step } from './columns.ts';

const STATEMENTS: readonly string[] = [
  `alter table directory_organization add column name_key text not null default ''`,
  `alter table directory_location add column city_key text not null default ''`,
  // of a person only where letters are not ASCII: SQLite compares the others itself
  'alter table directory_practitioner add column name_key text',
  'update directory_organization set name_key = lower(org_name)',
  'update directory_location set city_key = lower(org_city)',
  'create index directory_organization_name on directory_organization (name_key)',
  'create index directory_location_city on directory_location (city_key)',
  'create index directory_location_state on directory_location (org_state collate nocase)',
];

export const foldedKeys: Step = async (db) => {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
};
