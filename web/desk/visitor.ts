/**
 * Who looks at a page: nobody that we know, or somebody with a session.
 *
 * @module
 */
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { EdgeUser, LoginAnswer } from '../../src/edge/accounts.ts';
import { edgeUser } from '../../src/hisp/tenancy/accounts.ts';
import { type Actor, actorOf } from '../../src/hisp/tenancy/actor.ts';
import type { Tenancy } from '../../src/hisp/tenancy/tenancy.ts';
import type { Addr } from '../../src/net/host.ts';
import { type Account, accountOfLogin } from '../../src/store/accounts.ts';

export interface Session {
  readonly tenancy: Tenancy;
  readonly account: Account;
  readonly actor: Actor;
  /** Missing for an account without an address that is in use: it has no mail. */
  readonly user?: EdgeUser;
}

/** What the frame of a page says of its reader. Without accounts there are no visitors. */
export interface Visitor {
  readonly session: Session | undefined;
}

const COOKIE = 'anchorage_session';

const visitors = new WeakMap<Request, Visitor>();

/** Undefined when this program has no accounts. */
export const visitorOf = (c: Context): Visitor | undefined => visitors.get(c.req.raw);

/** Finds the session that the browser's cookie names. */
export const withVisitors =
  (tenancies: readonly Tenancy[]): MiddlewareHandler =>
  async (c, next) => {
    visitors.set(c.req.raw, { session: await findSession(tenancies, getCookie(c, COOKIE)) });
    return next();
  };

async function findSession(
  tenancies: readonly Tenancy[],
  cookie: string | undefined,
): Promise<Session | undefined> {
  const [, id, token] = /^([a-z0-9-]{1,63})\.([\w-]{43})$/.exec(cookie ?? '') ?? [];
  const tenancy = tenancies.find((one) => one.id === id);
  const account = token === undefined ? undefined : await tenancy?.sessions.find(token);
  return tenancy && account && sessionOf(tenancy, account);
}

export async function sessionOf(tenancy: Tenancy, account: Account): Promise<Session> {
  const user = await edgeUser(tenancy.world.scope, account);
  return { tenancy, account, actor: actorOf(account), ...(user ? { user } : {}) };
}

export type SignedIn = { readonly ok: true } | Extract<LoginAnswer, { readonly ok: false }>;

/** Starts a session for whoever knows the password of the account. */
export async function signIn(
  c: Context,
  tenancies: readonly Tenancy[],
  name: string,
  password: string,
): Promise<SignedIn> {
  const tenancy = await tenancyOf(tenancies, name);
  const answer = await tenancy.accounts.signIn({ name, password, edge: 'web', peer: peerOf(c) });
  if (!answer.ok) return answer;
  const token = await tenancy.sessions.start(answer.account);
  setCookie(c, COOKIE, `${tenancy.id}.${token}`, {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure: new URL(c.req.url).protocol === 'https:',
  });
  return { ok: true };
}

export async function signOut(c: Context, tenancies: readonly Tenancy[]): Promise<void> {
  const [id, token] = (getCookie(c, COOKIE) ?? '').split('.');
  const tenancy = tenancies.find((one) => one.id === id);
  if (tenancy && token) await tenancy.sessions.end(token);
  deleteCookie(c, COOKIE, { path: '/' });
}

/** The tenancy that has an account of this name. All are asked, whoever has it; a name that nobody has is tried at one. */
export async function tenancyOf(tenancies: readonly Tenancy[], name: string): Promise<Tenancy> {
  const found = await Promise.all(
    tenancies.map(({ world }) => accountOfLogin(world.scope, name.slice(0, 320))),
  );
  return tenancies[Math.max(0, found.findIndex(Boolean))]!;
}

/** Where the request came from; without a socket, as in tests, from nowhere. */
export function peerOf(c: Context): Addr {
  try {
    const { remote } = getConnInfo(c);
    return { host: remote.address ?? 'unknown', port: remote.port ?? 0 };
  } catch {
    return { host: 'unknown', port: 0 };
  }
}
