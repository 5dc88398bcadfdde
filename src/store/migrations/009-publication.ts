import { columns, type Step } from './columns.ts';

/** How each domain publishes, what the own authority revoked, and how far the serial of each zone has risen. */
export const publication: Step = async (db) => {
  await columns(db.schema.createTable('domain_publication'), {
    tenant: 'text',
    domain: 'text',
    certificates: 'text',
    keys: 'text',
  })
    .addPrimaryKeyConstraint('domain_publication_key', ['tenant', 'domain'])
    .execute();
  await columns(db.schema.createTable('revoked_certificate'), {
    tenant: 'text',
    sha256: 'text',
    serial: 'text',
    at: 'bigint',
    reason: 'text',
  })
    .addPrimaryKeyConstraint('revoked_certificate_key', ['tenant', 'sha256'])
    .execute();
  await columns(db.schema.createTable('zone_serial'), {
    tenant: 'text',
    origin: 'text',
    serial: 'bigint',
    digest: 'text',
  })
    .addPrimaryKeyConstraint('zone_serial_key', ['tenant', 'origin'])
    .execute();
};
