/**
 * Who may use the edges and the pages: names, passwords, application passwords, and how often one may be wrong.
 *
 * @module
 */
import type { Accounts, EdgeKind, EdgeUser, LoginAnswer, LoginAttempt } from '../../edge/accounts.ts';
import type { Addr, Host } from '../../net/host.ts';
import {
  type Account,
  accountById,
  accountOfLogin,
  appPasswordByDigest,
  countFailure,
  type FailureRule,
  forgetFailures,
  lockedFor,
} from '../../store/accounts.ts';
import { enabledAddresses } from '../../store/organizations.ts';
import type { Scope } from '../../store/scope.ts';
import {
  appPasswordDigest,
  isPassword,
  LONGEST_PASSWORD,
  referenceCost,
  type ScryptCost,
} from './password.ts';
import { readSettings } from './settings.ts';

export type SignIn =
  /** `application`: by an application password, which opens the edge and makes no other password. */
  | { readonly ok: true; readonly account: Account; readonly application?: true }
  | Extract<LoginAnswer, { readonly ok: false }>;

export interface TenancyAccounts extends Accounts {
  /** As `authenticate`, for accounts without an address as well: operators have none. */
  signIn(attempt: LoginAttempt): Promise<SignIn>;
}

/** So many passwords are stretched at once; each takes 16 MB. */
const AT_ONCE = 2;
/** More than these wait in vain. */
const MOST_WAITING = 100;

/** @param cost only tests and simulations take another than the reference */
export function createAccounts(
  host: Pick<Host, 'hold' | 'now'>,
  scope: Scope,
  { cost = referenceCost }: { readonly cost?: ScryptCost } = {},
): TenancyAccounts {
  const gate = createGate(AT_ONCE, MOST_WAITING);

  const usableAccount = async ({ name }: LoginAttempt): Promise<Account | undefined> => {
    const known = await accountOfLogin(scope, name.slice(0, 320));
    return known?.status === 'enabled' && (await isOpen(scope, known)) ? known : undefined;
  };

  const byPassword = async (attempt: LoginAttempt): Promise<SignIn> => {
    const settings = await readSettings(scope);
    const usable = await usableAccount(attempt);
    // one count for an account, whichever of its addresses was typed
    const name = usable?.name ?? attempt.name.trim().toLowerCase().slice(0, 320);
    const rules = failureRules(name, attempt.peer, settings);
    const locked = await lockedFor(
      scope,
      rules.map(({ key }) => key),
      host.now(),
    );
    if (locked > 0) return { ok: false, reason: 'locked', retryAfterMs: locked };
    const sensible = attempt.password.length <= LONGEST_PASSWORD;
    const right = await isPassword(
      host,
      sensible ? usable?.password : undefined,
      sensible ? attempt.password : '',
      cost,
    );
    const allowed = attempt.edge === 'web' || settings['login.account-password-on-edges'];
    if (usable && right && allowed) {
      await forgetFailures(scope, rules[0]!.key);
      return { ok: true, account: usable };
    }
    await countFailure(scope, rules, host.now());
    return { ok: false, reason: 'credentials' };
  };

  const signIn = async (attempt: LoginAttempt): Promise<SignIn> => {
    try {
      // nobody guesses an application password, and nobody locks its owner out, or makes it wait, by wrong ones
      const account = attempt.edge === 'web' ? undefined : await usableAccount(attempt);
      const isApp = attempt.edge !== 'web' && (await isAppPassword(scope, account, attempt));
      if (account && isApp) return { ok: true, account, application: true };
      // the check of the lock and the count of the failure stand in one turn, so that many at once gain nothing
      const answer = await gate(() => byPassword(attempt));
      return answer ?? { ok: false, reason: 'unavailable' };
    } catch {
      return { ok: false, reason: 'unavailable' };
    }
  };

  return {
    signIn,
    async authenticate(attempt) {
      const answer = await signIn(attempt);
      if (!answer.ok) return answer;
      try {
        const user = await edgeUser(scope, answer.account);
        return user ? { ok: true, user } : { ok: false, reason: 'credentials' };
      } catch {
        return { ok: false, reason: 'unavailable' };
      }
    },
  };
}

/** Undefined for an account without an address that is in use. */
export async function edgeUser(scope: Scope, account: Account): Promise<EdgeUser | undefined> {
  const enabled = new Set(await enabledAddresses(scope, account.addresses));
  const [first, ...others] = account.addresses.filter((address) => enabled.has(address));
  if (first === undefined) return undefined;
  return { tenant: scope.tenant, account: account.id, addresses: [first, ...others] };
}

/** Nobody of an organization that is disabled comes in. */
export async function isOpen({ db, tenant }: Scope, { organization }: Account): Promise<boolean> {
  if (organization === null) return true;
  const row = await db
    .selectFrom('organization')
    .select('status')
    .where('tenant', '=', tenant)
    .where('id', '=', organization)
    .executeTakeFirst();
  return row?.status === 'enabled';
}

async function isAppPassword(
  scope: Scope,
  account: Account | undefined,
  { password, edge }: LoginAttempt,
): Promise<boolean> {
  const found = await appPasswordByDigest(scope, appPasswordDigest(password));
  return found !== undefined && found.account === account?.id && found.edges.split(' ').includes(edge);
}

/** The account that an application password alone names, as a bearer token does. It has to be for this edge. */
export async function accountOfAppPassword(
  scope: Scope,
  password: string,
  edge: EdgeKind,
): Promise<Account | undefined> {
  const found = await appPasswordByDigest(scope, appPasswordDigest(password));
  if (!found?.edges.split(' ').includes(edge)) return undefined;
  const account = await accountById(scope, found.account);
  return account?.status === 'enabled' && (await isOpen(scope, account)) ? account : undefined;
}

function failureRules(
  name: string,
  peer: Addr,
  settings: Awaited<ReturnType<typeof readSettings>>,
): [FailureRule, FailureRule] {
  const windowMs = settings['login.window-minutes'] * 60_000;
  const lockMs = settings['login.lock-minutes'] * 60_000;
  return [
    { key: `name:${name}`, limit: settings['login.failures-per-name'], windowMs, lockMs },
    { key: `peer:${peer.host}`, limit: settings['login.failures-per-peer'], windowMs, lockMs },
  ];
}

/** Lets `width` run at once and the others wait in order; undefined when too many wait. */
function createGate(width: number, mostWaiting: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (running >= width) {
      if (waiting.length >= mostWaiting) return undefined;
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
