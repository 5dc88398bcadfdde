import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessions, type Sessions } from '../../../src/hisp/tenancy/sessions.ts';
import { writeSetting } from '../../../src/hisp/tenancy/settings.ts';
import { type Account, endSessionsOf, putAccount } from '../../../src/store/accounts.ts';
import { openStore, type Store } from '../../../src/store/open.ts';
import { type Scope, scopeOf } from '../../../src/store/scope.ts';

const MINUTE = 60_000;
const quiet = { hold: <T>(work: Promise<T>) => work };
let now = 0;
let store: Store;
let scope: Scope;
let sessions: Sessions;
const account: Account = {
  id: 'a1',
  name: 'op',
  display_name: null,
  role: 'operator',
  organization: null,
  status: 'enabled',
  password: '',
  created_at: 0,
  addresses: [],
};

beforeEach(async () => {
  now = 1_000_000;
  store = await openStore(quiet, { file: ':memory:' });
  scope = scopeOf(store.db, 'h');
  await putAccount(scope, account);
  sessions = createSessions({ now: () => now }, scope);
});
afterEach(() => store.close());

describe('a session', () => {
  it('is 256 random bits, of which the store has the digest alone', async () => {
    const token = await sessions.start(account);
    expect(Buffer.from(token, 'base64url').length).toBe(32);
    const rows = await store.db.selectFrom('session').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(await sessions.find(token)).toMatchObject({ id: 'a1' });
    expect(await sessions.find(`${token}x`)).toBeUndefined();
    const elsewhere = createSessions({ now: () => now }, scopeOf(store.db, 'other'));
    expect(await elsewhere.find(token)).toBeUndefined();
  });

  it('ends when it is not used, and in any case after its hours', async () => {
    const idle = await sessions.start(account);
    now += 30 * MINUTE;
    expect(await sessions.find(idle)).toBeUndefined();
    const used = await sessions.start(account);
    for (let passed = 0; passed < 12 * 60 - 20; passed += 20) {
      now += 20 * MINUTE;
      expect(await sessions.find(used)).toBeDefined();
    }
    now += 20 * MINUTE;
    expect(await sessions.find(used)).toBeUndefined();
  });

  it('obeys the settings', async () => {
    await writeSetting(scope, 'session.idle-minutes', 5);
    const token = await sessions.start(account);
    now += 5 * MINUTE;
    expect(await sessions.find(token)).toBeUndefined();
  });

  it.each([
    ['it is ended', (token: string) => sessions.end(token)],
    ['its account is disabled', () => putAccount(scope, { ...account, status: 'disabled' })],
    ['all of its account are ended', () => endSessionsOf(scope, 'a1')],
    ['its organization is gone', () => putAccount(scope, { ...account, organization: 'gone' })],
  ])('is over when %s', async (_what, end) => {
    const token = await sessions.start(account);
    await end(token);
    expect(await sessions.find(token)).toBeUndefined();
  });
});
