/**
 * Links with which the owner of a new account sets its password, once.
 *
 * @module
 */
import { accountById, endSessionsOf, putAccount } from '../../store/accounts.ts';
import {
  dropPasswordLinks,
  latestPasswordLink,
  passwordLink,
  putPasswordLink,
  usePasswordLink,
} from '../../store/departures.ts';
import { openToken, sealToken } from '../../store/enrollments.ts';
import { type Actor, TenancyError } from '../tenancy/actor.ts';
import { change, type TenancyWorld } from '../tenancy/change.ts';
import { hashPassword, LONGEST_PASSWORD, type ScryptCost, SHORTEST_PASSWORD } from '../tenancy/password.ts';
import { account } from '../tenancy/people.ts';
import { drawToken, isToken, tokenDigest } from './link-token.ts';

/** How long a link may be used: 14 days, in milliseconds. */
export const LINK_LIFE = 14 * 86_400_000;

/** The token of a link that may still be used; undefined when there is none. */
export async function openPasswordLink(
  { host, scope, seal }: TenancyWorld,
  accountId: string,
): Promise<{ readonly token: string; readonly expiresAt: number } | undefined> {
  const row = await latestPasswordLink(scope, accountId);
  if (!row || row.used_at !== null || row.expires_at <= host.now()) return undefined;
  const token = openToken(seal, scope.tenant, row.digest, row.token);
  return token === undefined ? undefined : { token, expiresAt: row.expires_at };
}

/** Makes a link for an account; earlier ones of it end. @throws {TenancyError} */
export async function makePasswordLink(
  world: TenancyWorld,
  actor: Actor,
  which: string,
): Promise<{ readonly token: string; readonly expiresAt: number }> {
  const of = await account(world, actor, which);
  const token = drawToken();
  const digest = tokenDigest('password', token);
  const now = world.host.now();
  await change(
    world,
    actor,
    { action: 'password-link.make', subject: of.name, organization: of.organization },
    async (inside) => {
      await dropPasswordLinks(inside, of.id);
      await putPasswordLink(inside, {
        digest,
        account: of.id,
        token: sealToken(world.seal, inside.tenant, digest, token),
        created_at: now,
        expires_at: now + LINK_LIFE,
        used_at: null,
      });
    },
  );
  return { token, expiresAt: now + LINK_LIFE };
}

/** The name of the account that a token is for; undefined for one that opens nothing. */
export async function accountOfLink(
  { host, scope }: TenancyWorld,
  token: string,
): Promise<string | undefined> {
  if (!isToken(token)) return undefined;
  const row = await passwordLink(scope, tokenDigest('password', token));
  if (!row || row.used_at !== null || row.expires_at <= host.now()) return undefined;
  const found = await accountById(scope, row.account);
  return found?.status === 'enabled' ? found.name : undefined;
}

/** Sets the password of the account and uses the link up. @returns the account’s name @throws {TenancyError} */
export async function setPasswordByLink(
  world: TenancyWorld,
  token: string,
  password: string,
  cost?: ScryptCost,
): Promise<string> {
  const gone = new TenancyError('not-found', 'This link was used, has ended, or never was one.');
  if ((await accountOfLink(world, token)) === undefined) throw gone;
  if (password.length < SHORTEST_PASSWORD || password.length > LONGEST_PASSWORD) {
    throw new TenancyError(
      'invalid',
      `A password has ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters; this one has ${password.length}.`,
    );
  }
  const kept = await hashPassword(world.host, password, cost);
  const digest = tokenDigest('password', token);
  const row = await passwordLink(world.scope, digest);
  const owner = row && (await accountById(world.scope, row.account));
  if (!owner) throw gone;
  await change(
    world,
    { name: owner.name, role: owner.role, organization: owner.organization },
    { action: 'password-link.use', subject: owner.name, organization: owner.organization },
    async (inside) => {
      if (!(await usePasswordLink(inside, digest, world.host.now()))) throw gone;
      await putAccount(inside, { ...owner, password: kept });
      await endSessionsOf(inside, owner.id);
    },
  );
  return owner.name;
}
