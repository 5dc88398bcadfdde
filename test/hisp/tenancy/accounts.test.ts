import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EdgeKind } from '../../../src/edge/accounts.ts';
import { createAccounts, type TenancyAccounts } from '../../../src/hisp/tenancy/accounts.ts';
import {
  appPasswordDigest,
  drawPassword,
  hashDrawn,
  hashPassword,
} from '../../../src/hisp/tenancy/password.ts';
import { writeSetting } from '../../../src/hisp/tenancy/settings.ts';
import {
  listAppPasswords,
  putAccount,
  putAppPassword,
  revokeAppPassword,
} from '../../../src/store/accounts.ts';
import { openStore, type Store } from '../../../src/store/open.ts';
import { putAddress, putDomain, putOrganization } from '../../../src/store/organizations.ts';
import { type Scope, scopeOf } from '../../../src/store/scope.ts';

const COST = { cost: 16, blockSize: 1, parallelization: 1 };
const PEER = { host: '192.0.2.7', port: 4000 };
const MINUTE = 60_000;

let stretched = 0;
let now = 1_000_000;
const host = {
  now: () => now,
  hold<T>(work: Promise<T>): Promise<T> {
    stretched++;
    return work;
  },
};
const quiet = { hold: <T>(work: Promise<T>) => work };
let store: Store;
let scope: Scope;
let accounts: TenancyAccounts;

beforeEach(async () => {
  now = 1_000_000;
  store = await openStore(quiet, { file: ':memory:' });
  scope = scopeOf(store.db, 'h');
  for (const id of ['clinic', 'closed']) {
    const status = id === 'closed' ? 'disabled' : 'enabled';
    await putOrganization(scope, { id, name: id, status, connected_hisp: null, created_at: 1 });
    await putDomain(scope, {
      name: `${id}.example`,
      organization: id,
      status: 'ENABLED',
      profile: '1.3',
      postmaster: null,
      unwrapped: null,
      revocation: null,
      processed_ms: null,
      dispatched_ms: null,
      created_at: 1,
    });
  }
  const address = { domain: 'clinic.example', alias_of: null, display_name: null, created_at: 1 } as const;
  await putAddress(scope, {
    ...address,
    address: 'ann@clinic.example',
    status: 'enabled',
    plus_tags: 'accept',
  });
  await putAddress(scope, {
    ...address,
    address: 'desk@clinic.example',
    status: 'enabled',
    plus_tags: 'accept',
  });
  await putAddress(scope, {
    ...address,
    address: 'old@clinic.example',
    status: 'disabled',
    plus_tags: 'accept',
  });
  const base = { display_name: null, role: 'user', status: 'enabled', created_at: 1 } as const;
  const password = await hashPassword(quiet, 'correct horse battery', COST);
  const account = (name: string, organization: string | null, addresses: string[], more = {}) =>
    putAccount(scope, { ...base, id: name, name, organization, password, addresses, ...more });
  await account('ann@clinic.example', 'clinic', [
    'old@clinic.example',
    'ann@clinic.example',
    'Desk@clinic.example',
  ]);
  await account('gone@clinic.example', 'clinic', ['ann@clinic.example'], { status: 'disabled' });
  await account('shut@closed.example', 'closed', []);
  await account('operator', null, [], { role: 'operator' });
  await account('drawn@clinic.example', 'clinic', ['desk@clinic.example'], {
    password: hashDrawn('abcdef-ghjkmn'),
  });
  await account('other', 'clinic', ['desk@clinic.example']);
  accounts = createAccounts(host, scope, { cost: COST });
});
afterEach(() => store.close());

const attempt = (name: string, password: string, edge: EdgeKind = 'imap', peer = PEER) => ({
  name,
  password,
  edge,
  peer,
});
const RIGHT = 'correct horse battery';
const wrong = { ok: false, reason: 'credentials' };

describe('a login', () => {
  it('is told the addresses that are in use, lower case, the first one first', async () => {
    expect(await accounts.authenticate(attempt(' ANN@Clinic.example', RIGHT))).toEqual({
      ok: true,
      user: {
        tenant: 'h',
        account: 'ann@clinic.example',
        addresses: ['ann@clinic.example', 'desk@clinic.example'],
      },
    });
  });

  it.each([
    ['a wrong password', 'ann@clinic.example', 'wrong'],
    ['no password', 'ann@clinic.example', ''],
    ['an unknown name', 'nobody@clinic.example', RIGHT],
    ['no name', '', RIGHT],
    ['a disabled account', 'gone@clinic.example', RIGHT],
    ['an organization that is disabled', 'shut@closed.example', RIGHT],
    ['an account without an address', 'operator', RIGHT],
    ['a password far too long', 'ann@clinic.example', 'x'.repeat(100_000)],
    ['another one’s drawn password', 'drawn@clinic.example', RIGHT],
  ])('is refused for %s, by one reason and after the same work', async (_what, name, password) => {
    stretched = 0;
    expect(await accounts.signIn(attempt(name, password, 'web'))).toEqual(
      name === 'operator' ? expect.objectContaining({ ok: true }) : wrong,
    );
    expect(await accounts.authenticate(attempt(name, password))).toEqual(wrong);
    expect(stretched).toBe(2);
  });

  it('may be by an address that one account alone has', async () => {
    expect(await accounts.authenticate(attempt('OLD@clinic.example', RIGHT))).toMatchObject({ ok: true });
    // three accounts have this one
    expect(await accounts.authenticate(attempt('desk@clinic.example', RIGHT))).toEqual(wrong);
  });

  it('knows drawn passwords', async () => {
    expect(await accounts.authenticate(attempt('drawn@clinic.example', 'abcdef-ghjkmn'))).toMatchObject({
      ok: true,
    });
  });

  it('sees nothing of another tenant', async () => {
    const other = createAccounts(host, scopeOf(store.db, 'elsewhere'), { cost: COST });
    expect(await other.signIn(attempt('operator', RIGHT, 'web'))).toEqual(wrong);
  });

  it('says that the accounts cannot be read', async () => {
    const broken = await openStore(quiet, { file: ':memory:' });
    const dead = createAccounts(host, scopeOf(broken.db, 'h'), { cost: COST });
    await broken.close();
    expect(await dead.authenticate(attempt('ann@clinic.example', RIGHT))).toEqual({
      ok: false,
      reason: 'unavailable',
    });
  });
});

describe('a lock', () => {
  const fail = async (times: number, name: string, peer = PEER) => {
    for (let i = 0; i < times; i++) await accounts.signIn(attempt(name, 'wrong', 'imap', peer));
  };

  it('falls after the tenth wrong password, holds the right one out, and ends on the clock', async () => {
    await fail(10, 'ann@clinic.example');
    const locked = { ok: false, reason: 'locked', retryAfterMs: 15 * MINUTE };
    expect(await accounts.authenticate(attempt('ann@clinic.example', RIGHT))).toEqual(locked);
    const restarted = createAccounts(host, scope, { cost: COST });
    expect(await restarted.authenticate(attempt('ann@clinic.example', RIGHT))).toEqual(locked);
    now += 15 * MINUTE;
    expect(await accounts.authenticate(attempt('ann@clinic.example', RIGHT))).toMatchObject({ ok: true });
  });

  it('counts an account once, whichever of its addresses is typed', async () => {
    for (const name of Array<string>(5)
      .fill('ann@clinic.example')
      .concat(Array(5).fill('old@clinic.example'))) {
      expect(await accounts.authenticate(attempt(name, 'wrong'))).toEqual(wrong);
    }
    expect(await accounts.authenticate(attempt('ann@clinic.example', RIGHT))).toMatchObject({
      reason: 'locked',
    });
  });

  it('does not fall when the right one came in between, or the wrong ones are far apart', async () => {
    await fail(9, 'ann@clinic.example');
    expect(await accounts.authenticate(attempt('ann@clinic.example', RIGHT))).toMatchObject({ ok: true });
    await fail(9, 'ann@clinic.example');
    now += 15 * MINUTE;
    await fail(9, 'ann@clinic.example');
    expect(await accounts.authenticate(attempt('ann@clinic.example', RIGHT))).toMatchObject({ ok: true });
  });

  it('falls for names that nobody has, so that it tells nothing', async () => {
    await fail(10, 'nobody');
    expect(await accounts.signIn(attempt('nobody', 'x'))).toMatchObject({ reason: 'locked' });
  });

  it('falls for a peer that tries many names, and for no other peer', async () => {
    for (let i = 0; i < 100; i++) await fail(1, `name${i}`);
    expect(await accounts.authenticate(attempt('ann@clinic.example', RIGHT))).toMatchObject({
      reason: 'locked',
    });
    const elsewhere = { host: '192.0.2.8', port: 1 };
    expect(
      await accounts.authenticate(attempt('ann@clinic.example', RIGHT, 'imap', elsewhere)),
    ).toMatchObject({
      ok: true,
    });
  });

  it('cannot be outrun by many attempts at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => accounts.signIn(attempt('ann@clinic.example', `guess ${i}`))),
    );
    const tried = answers.filter((answer) => !answer.ok && answer.reason === 'credentials');
    expect(tried.length).toBeLessThanOrEqual(11);
  });
});

describe('an application password', () => {
  const drawn = drawPassword();
  beforeEach(() =>
    putAppPassword(scope, {
      id: 'p1',
      account: 'ann@clinic.example',
      label: 'phone',
      edges: 'imap submission',
      digest: appPasswordDigest(drawn),
      created_at: 1,
      revoked_at: null,
    }),
  );

  it.each([
    ['imap', true],
    ['submission', true],
    ['pop3', false],
    ['rest', false],
    ['web', false],
  ] as const)('for two edges, at %s: %s', async (edge, ok) => {
    expect(await accounts.authenticate(attempt('ann@clinic.example', drawn, edge))).toMatchObject({ ok });
  });

  it('is of its account alone, until it is revoked', async () => {
    expect(await accounts.authenticate(attempt('other', drawn))).toEqual(wrong);
    expect(await revokeAppPassword(scope, { account: 'other', id: 'p1', at: now })).toBe(false);
    expect(await revokeAppPassword(scope, { account: 'ann@clinic.example', id: 'p1', at: now })).toBe(true);
    expect(await accounts.authenticate(attempt('ann@clinic.example', drawn))).toEqual(wrong);
    expect((await listAppPasswords(scope, 'ann@clinic.example'))[0]).toMatchObject({ revoked_at: now });
  });

  it('opens though the name is locked, and may be the only way', async () => {
    for (let i = 0; i < 10; i++) await accounts.signIn(attempt('ann@clinic.example', 'wrong'));
    expect(await accounts.authenticate(attempt('ann@clinic.example', drawn))).toMatchObject({ ok: true });
    now += 15 * MINUTE;
    await writeSetting(scope, 'login.account-password-on-edges', false);
    expect(await accounts.authenticate(attempt('ann@clinic.example', RIGHT))).toEqual(wrong);
    expect(await accounts.signIn(attempt('ann@clinic.example', RIGHT, 'web'))).toMatchObject({ ok: true });
  });
});
