import { columns, type Step } from './columns.ts';

/** How often each key was used on each day: one row a key, a use and a day, however many messages there are. */
export const custody: Step = async (db) => {
  await columns(db.schema.createTable('key_use'), {
    tenant: 'text',
    certificate_sha256: 'text',
    operation: 'text',
    day: 'text',
    count: 'bigint',
    last_at: 'bigint',
  })
    .addPrimaryKeyConstraint('key_use_key', ['tenant', 'certificate_sha256', 'operation', 'day'])
    .execute();
};
