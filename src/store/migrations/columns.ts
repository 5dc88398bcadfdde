/**
 * How migrations name columns, the same for every database.
 *
 * @module
 */
import { type CreateTableBuilder, type Kysely, sql } from 'kysely';

/** What a database calls the kinds of columns. */
export interface ColumnKinds {
  readonly bytes: 'blob' | 'bytea';
  /** A number that counts up by itself, unique in its table. */
  readonly counter: 'integer' | 'bigserial';
}

export const sqliteColumns: ColumnKinds = { bytes: 'blob', counter: 'integer' };

/** One step: makes or changes tables. */
export type Step = (db: Kysely<unknown>, kinds: ColumnKinds) => Promise<void>;

export type ColumnKind = 'text' | 'text?' | 'integer' | 'bigint' | 'bigint?';

export const required = <B extends { notNull(): B }>(column: B): B => column.notNull();

/** Adds columns by name; a kind with `?` may be null. */
export function columns<T extends string, C extends string>(
  table: CreateTableBuilder<T, C>,
  kinds: Readonly<Record<string, ColumnKind>>,
): CreateTableBuilder<T, string> {
  let built: CreateTableBuilder<T, string> = table;
  for (const [name, kind] of Object.entries(kinds)) {
    const type = kind.replace('?', '') as 'text' | 'integer' | 'bigint';
    built = built.addColumn(name, type, (column) => (kind.endsWith('?') ? column : column.notNull()));
  }
  return built;
}

/** An index over the tenant and `by`. */
export async function index(db: Kysely<unknown>, on: string, ...by: string[]): Promise<void> {
  await db.schema
    .createIndex(`${on}_by_${by.join('_')}`)
    .on(on)
    .columns(['tenant', ...by])
    .execute();
}

/** Column type of octets, and of a number that counts up by itself. */
export const bytesType = (kinds: ColumnKinds) => sql.raw(kinds.bytes);
export const counterType = (kinds: ColumnKinds) => sql.raw(kinds.counter);
