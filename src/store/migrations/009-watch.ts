/**
 * The watch: what is known of each domain, what was seen, what changed, who was told.
 *
 * @module
 */
import { columns, index, type Step } from './columns.ts';

export const watch: Step = async (db) => {
  await columns(db.schema.createTable('watch_domain'), {
    tenant: 'text',
    domain: 'text',
    standing: 'text',
    last_at: 'bigint',
    next_at: 'bigint',
  })
    .addPrimaryKeyConstraint('watch_domain_key', ['tenant', 'domain'])
    .execute();
  await columns(db.schema.createTable('watch_observation'), {
    tenant: 'text',
    domain: 'text',
    first_at: 'bigint',
    last_at: 'bigint',
    runs: 'integer',
    digest: 'text',
    body: 'text',
  })
    .addPrimaryKeyConstraint('watch_observation_key', ['tenant', 'domain', 'first_at'])
    .execute();
  await columns(db.schema.createTable('watch_event'), {
    tenant: 'text',
    id: 'text',
    domain: 'text',
    at: 'bigint',
    body: 'text',
  })
    .addPrimaryKeyConstraint('watch_event_key', ['tenant', 'id'])
    .execute();
  await index(db, 'watch_event', 'domain', 'at');
  await columns(db.schema.createTable('watch_alert'), {
    tenant: 'text',
    id: 'text',
    channel: 'text',
    domain: 'text',
    events: 'text',
    made_at: 'bigint',
    attempts: 'integer',
    next_at: 'bigint?',
    done_at: 'bigint?',
    why: 'text?',
  })
    .addPrimaryKeyConstraint('watch_alert_key', ['tenant', 'id', 'channel'])
    .execute();
  await index(db, 'watch_alert', 'next_at');
};
