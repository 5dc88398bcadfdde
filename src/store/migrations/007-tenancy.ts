import type { Kysely } from 'kysely';
import { type ColumnKind, type ColumnKinds, columns, index, required } from './columns.ts';

const TABLES: Readonly<
  Record<string, { readonly key: readonly string[]; readonly columns: Readonly<Record<string, ColumnKind>> }>
> = {
  organization: {
    key: ['id'],
    columns: { id: 'text', name: 'text', status: 'text', connected_hisp: 'text?', created_at: 'bigint' },
  },
  health_domain: {
    key: ['name'],
    columns: {
      name: 'text',
      organization: 'text',
      status: 'text',
      profile: 'text',
      postmaster: 'text?',
      unwrapped: 'text?',
      revocation: 'text?',
      processed_ms: 'bigint?',
      dispatched_ms: 'bigint?',
      created_at: 'bigint',
    },
  },
  direct_address: {
    key: ['address'],
    columns: {
      address: 'text',
      domain: 'text',
      status: 'text',
      alias_of: 'text?',
      display_name: 'text?',
      plus_tags: 'text',
      created_at: 'bigint',
    },
  },
  account: {
    key: ['id'],
    columns: {
      id: 'text',
      name: 'text',
      display_name: 'text?',
      role: 'text',
      organization: 'text?',
      status: 'text',
      password: 'text',
      created_at: 'bigint',
    },
  },
  account_address: {
    key: ['account', 'address'],
    columns: { account: 'text', address: 'text', position: 'integer' },
  },
  app_password: {
    key: ['id'],
    columns: {
      id: 'text',
      account: 'text',
      label: 'text',
      edges: 'text',
      digest: 'text',
      created_at: 'bigint',
      revoked_at: 'bigint?',
    },
  },
  session: {
    key: ['digest'],
    columns: { digest: 'text', account: 'text', created_at: 'bigint', seen_at: 'bigint' },
  },
  login_failure: {
    key: ['key'],
    columns: { key: 'text', failures: 'integer', first_at: 'bigint', locked_until: 'bigint?' },
  },
  setting: { key: ['key'], columns: { key: 'text', value: 'text' } },
  audit: {
    key: ['n'],
    columns: {
      n: 'integer',
      at: 'bigint',
      actor: 'text',
      action: 'text',
      subject: 'text',
      organization: 'text?',
      detail: 'text',
      previous: 'text',
      hash: 'text',
    },
  },
  bundle_subscription: {
    key: ['id'],
    columns: {
      id: 'text',
      title: 'text',
      url: 'text',
      interval_ms: 'bigint',
      pins: 'text',
      unauthenticated: 'integer',
      replay: 'text',
    },
  },
  bundle_domain: {
    key: ['bundle', 'domain'],
    columns: { bundle: 'text', domain: 'text', incoming: 'integer', outgoing: 'integer' },
  },
};

/** Organizations, domains, addresses, accounts, sessions, settings and the audit log. */
export async function tenancy(db: Kysely<unknown>, _kinds: ColumnKinds): Promise<void> {
  for (const [name, table] of Object.entries(TABLES)) {
    const started = db.schema.createTable(name).addColumn('tenant', 'text', required);
    await columns(started, table.columns)
      .addPrimaryKeyConstraint(`${name}_key`, ['tenant', ...table.key])
      .execute();
  }
  await db.schema.createIndex('account_name').unique().on('account').columns(['tenant', 'name']).execute();
  await index(db, 'account_address', 'address');
  await index(db, 'app_password', 'account');
  await index(db, 'session', 'account');
  await index(db, 'direct_address', 'domain');
}
