import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUDIT_START, readAudit, verifyAudit, writeAudit } from '../../src/store/audit.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { atomically, type Scope, scopeOf } from '../../src/store/scope.ts';

const quiet = { hold: <T>(work: Promise<T>) => work };
let store: Store;
let scope: Scope;
beforeEach(async () => {
  store = await openStore(quiet, { file: ':memory:' });
  scope = scopeOf(store.db, 'a');
  for (const [at, subject] of ['x', 'y', 'z'].entries()) {
    await writeAudit(scope, {
      at,
      actor: 'op',
      action: 'thing.change',
      subject,
      organization: subject === 'y' ? 'org' : null,
      detail: { after: at },
    });
  }
});
afterEach(() => store.close());

describe('the audit log', () => {
  it('chains from its start, each tenant for itself', async () => {
    const [third, second, first] = await readAudit(scope, { limit: 10 });
    expect(first).toMatchObject({ n: 1, previous: AUDIT_START, detail: '{"after":0}' });
    expect([second!.previous, third!.previous]).toEqual([first!.hash, second!.hash]);
    expect(await verifyAudit(scope)).toEqual({ ok: true, entries: 3, head: third!.hash });
    expect(await verifyAudit(scopeOf(store.db, 'b'))).toEqual({ ok: true, entries: 0, head: AUDIT_START });
  });

  it('gives pages, and what concerns one organization', async () => {
    expect((await readAudit(scope, { limit: 1, before: 3 })).map(({ subject }) => subject)).toEqual(['y']);
    expect((await readAudit(scope, { limit: 9, organization: 'org' })).map(({ n }) => n)).toEqual([2]);
  });

  it.each([
    ['a changed subject', () => store.db.updateTable('audit').set({ subject: 'w' }).where('n', '=', 2), 2],
    ['a changed actor', () => store.db.updateTable('audit').set({ actor: 'me' }).where('n', '=', 1), 1],
    ['a changed detail', () => store.db.updateTable('audit').set({ detail: '{}' }).where('n', '=', 3), 3],
    ['a changed time', () => store.db.updateTable('audit').set({ at: 9 }).where('n', '=', 1), 1],
    ['an entry taken out', () => store.db.deleteFrom('audit').where('n', '=', 2), 2],
    [
      'an entry of another tenant',
      () => store.db.updateTable('audit').set({ tenant: 'b' }).where('n', '=', 1),
      1,
    ],
    [
      'a hash made to fit',
      () =>
        store.db
          .updateTable('audit')
          .set({ hash: 'f'.repeat(64) })
          .where('n', '=', 2),
      2,
    ],
  ])('shows %s', async (_what, change, n) => {
    await change().execute();
    expect(await verifyAudit(scope)).toMatchObject({ ok: false, n });
  });

  it('has no entry of a change that was taken back', async () => {
    const event = { at: 4, actor: 'op', action: 'x', subject: 's', organization: null, detail: null };
    const failing = atomically(scope, async (inside) => {
      await writeAudit(inside, event);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await verifyAudit(scope)).toMatchObject({ ok: true, entries: 3 });
  });
});
