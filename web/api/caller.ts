/**
 * Who calls the HTTP API: an account by its password or an application password, or a program on this machine.
 *
 * @module
 */
import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import type { EdgeUser } from '../../src/edge/accounts.ts';
import { accountOfAppPassword } from '../../src/hisp/tenancy/accounts.ts';
import { type Actor, localOperator } from '../../src/hisp/tenancy/actor.ts';
import type { Tenancy } from '../../src/hisp/tenancy/tenancy.ts';
import { peerOf, sessionOf, tenancyOf } from '../desk/visitor.ts';
import type { ProblemCode } from './problem.ts';

export interface Caller {
  readonly tenancy: Tenancy;
  readonly actor: Actor;
  readonly user?: EdgeUser;
  /** Came with an application password. */
  readonly application?: true;
}

export type Called =
  | { readonly ok: true; readonly caller: Caller }
  | {
      readonly ok: false;
      readonly code: ProblemCode;
      readonly detail: string;
      readonly retryAfterMs?: number;
    };

const unknown = {
  ok: false,
  code: 'unauthorized',
  detail:
    'Expected "Authorization: Basic" with a name and a password, or "Authorization: Bearer" with an application password that opens rest.',
} as const;

/** @param token what programs on this machine show; without it there are none */
export async function callerOf(
  c: Context,
  tenancies: readonly Tenancy[],
  token: string | undefined,
): Promise<Called> {
  const [, scheme, rest] = /^(Basic|Bearer) +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
  if (scheme === undefined || rest === undefined) return unknown;
  if (scheme.toLowerCase() === 'basic') return byPassword(c, tenancies, rest);
  if (token !== undefined && sameSecret(rest, token)) return byMachine(c, tenancies);
  for (const tenancy of tenancies) {
    const account = await accountOfAppPassword(tenancy.world.scope, rest, 'rest');
    if (account) return { ok: true, caller: { ...(await sessionOf(tenancy, account)), application: true } };
  }
  return unknown;
}

async function byPassword(c: Context, tenancies: readonly Tenancy[], encoded: string): Promise<Called> {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return unknown;
  const [name, password] = [text.slice(0, colon), text.slice(colon + 1)];
  const tenancy = await tenancyOf(tenancies, name);
  const answer = await tenancy.accounts.signIn({ name, password, edge: 'rest', peer: peerOf(c) });
  if (answer.ok) {
    const session = await sessionOf(tenancy, answer.account);
    return { ok: true, caller: answer.application ? { ...session, application: true } : session };
  }
  switch (answer.reason) {
    case 'credentials':
      return { ...unknown, detail: 'The name or the password is not right.' };
    case 'locked':
      return {
        ok: false,
        code: 'too-many',
        detail: 'Too many wrong passwords; try again later.',
        retryAfterMs: answer.retryAfterMs,
      };
    case 'unavailable':
      return { ok: false, code: 'unavailable', detail: 'The accounts cannot be read now; try again.' };
  }
}

/** A program that has the token of the state folder: it says which HISP it means, where there are several. */
function byMachine(c: Context, tenancies: readonly Tenancy[]): Called {
  const wanted = c.req.query('hisp');
  const ids = tenancies.map(({ id }) => id).join(', ');
  const found =
    wanted === undefined && tenancies.length === 1 ? tenancies[0] : tenancies.find(({ id }) => id === wanted);
  if (found) return { ok: true, caller: { tenancy: found, actor: localOperator } };
  const detail =
    wanted === undefined
      ? `Say which HISP is meant: ?hisp= one of ${ids}.`
      : `There is no HISP "${wanted}"; they are ${ids}.`;
  return { ok: false, code: 'invalid', detail };
}

/** Takes the same time wherever the two differ. */
export function sameSecret(a: string, b: string): boolean {
  const [given, wanted] = [Buffer.from(a), Buffer.from(b)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
