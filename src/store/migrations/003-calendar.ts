/**
 * Notices of the expiry calendar, and changes of bundles with their times.
 *
 * @module
 */
import { columns, index, type Step } from './columns.ts';

export const calendar: Step = async (db) => {
  await columns(db.schema.createTable('calendar_notice'), {
    tenant: 'text',
    thing: 'text',
    days: 'integer',
    ends_at: 'bigint',
    at: 'bigint',
    told: 'integer',
    text: 'text',
  })
    .addPrimaryKeyConstraint('calendar_notice_key', ['tenant', 'thing', 'days'])
    .execute();
  await index(db, 'calendar_notice', 'at');
  await columns(db.schema.createTable('bundle_change'), {
    tenant: 'text',
    subscription: 'text',
    sha256: 'text',
    installed_at: 'bigint',
    published_at: 'bigint?',
    added: 'integer',
    removed: 'integer',
    by: 'text',
  })
    .addPrimaryKeyConstraint('bundle_change_key', ['tenant', 'subscription', 'installed_at'])
    .execute();
};
