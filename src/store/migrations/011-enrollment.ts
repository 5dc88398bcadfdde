import { bytesType, type ColumnKind, columns, index, required, type Step } from './columns.ts';

const TABLES: Readonly<
  Record<string, { readonly key: readonly string[]; readonly columns: Readonly<Record<string, ColumnKind>> }>
> = {
  enrollment: {
    key: ['id'],
    columns: {
      id: 'text',
      state: 'text',
      form: 'text',
      token_digest: 'text',
      token: 'text',
      challenge: 'text',
      proven_at: 'bigint?',
      policy_version: 'text?',
      policy_sha256: 'text?',
      agreed_by: 'text?',
      agreed_at: 'bigint?',
      approved_by: 'text?',
      approved_digest: 'text?',
      decision: 'text?',
      organization: 'text?',
      created_at: 'bigint',
      changed_at: 'bigint',
    },
  },
  enrollment_event: {
    key: ['enrollment', 'n'],
    columns: {
      enrollment: 'text',
      n: 'integer',
      at: 'bigint',
      actor: 'text',
      event: 'text',
      state: 'text',
      why: 'text?',
    },
  },
  enrollment_check: {
    key: ['enrollment', 'item'],
    columns: {
      enrollment: 'text',
      item: 'text',
      actor: 'text',
      at: 'bigint',
      document: 'text?',
      note: 'text?',
    },
  },
  organization_detail: {
    key: ['organization'],
    columns: { organization: 'text', detail: 'text', changed_at: 'bigint' },
  },
  departure: {
    key: ['id'],
    columns: {
      id: 'text',
      organization: 'text',
      state: 'text',
      starts_at: 'bigint',
      closed_at: 'bigint?',
      ended_at: 'bigint?',
      reason: 'text',
      actor: 'text',
      created_at: 'bigint',
      domains: 'text',
      restore: 'text?',
      export_sha256: 'text?',
      export_until: 'bigint?',
    },
  },
  ordered_step: {
    key: ['process', 'step'],
    columns: {
      process: 'text',
      step: 'text',
      state: 'text',
      tried_at: 'bigint',
      done_at: 'bigint?',
      said: 'text?',
    },
  },
  password_link: {
    key: ['digest'],
    columns: {
      digest: 'text',
      account: 'text',
      token: 'text',
      created_at: 'bigint',
      expires_at: 'bigint',
      used_at: 'bigint?',
    },
  },
  connect_product: {
    key: ['id', 'version'],
    columns: {
      id: 'text',
      version: 'text',
      name: 'text',
      edges: 'text',
      relation: 'text',
      hisps: 'text',
      note: 'text',
      actor: 'text',
      changed_at: 'bigint',
    },
  },
  connect_hisp: {
    key: ['id'],
    columns: {
      id: 'text',
      edges: 'text',
      accepts: 'integer',
      note: 'text',
      actor: 'text',
      changed_at: 'bigint',
    },
  },
};

/** Requests to join, their evidence and steps; departures; links that set a password; who connects how. */
export const enrollment: Step = async (db, kinds) => {
  for (const [name, table] of Object.entries(TABLES)) {
    const started = db.schema.createTable(name).addColumn('tenant', 'text', required);
    await columns(started, table.columns)
      .addPrimaryKeyConstraint(`${name}_key`, ['tenant', ...table.key])
      .execute();
  }
  const evidence = db.schema.createTable('enrollment_evidence').addColumn('tenant', 'text', required);
  await columns(evidence, {
    enrollment: 'text',
    n: 'integer',
    name: 'text',
    type: 'text',
    size: 'integer',
    sha256: 'text',
    at: 'bigint',
  })
    .addColumn('sealed', bytesType(kinds), required)
    .addPrimaryKeyConstraint('enrollment_evidence_key', ['tenant', 'enrollment', 'n'])
    .execute();
  await index(db, 'enrollment', 'token_digest');
  await index(db, 'enrollment', 'state');
  await index(db, 'departure', 'organization');
};
