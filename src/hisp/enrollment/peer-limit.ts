/**
 * How often strangers from one address may ask: the books of failed logins count it.
 *
 * @module
 */
import { countFailure, lockedFor } from '../../store/accounts.ts';
import type { TenancyWorld } from '../tenancy/change.ts';
import { readSettings } from '../tenancy/settings.ts';

const WINDOW_MS = 15 * 60_000;
const LOCK_MS = 60 * 60_000;
/** Links that open nothing, from one address. */
const MISSED_LINKS = 30;

/** `request`: a new request; `upload`: a file or a change; `link`: a link that opens nothing. */
export type Asked = 'request' | 'upload' | 'link';

const limitOf = async ({ scope }: TenancyWorld, what: Asked): Promise<number> => {
  const requests = (await readSettings(scope))['enrollment.requests-per-peer'];
  return { request: requests, upload: requests * 10, link: MISSED_LINKS }[what];
};

const keyOf = (what: Asked, peer: string): string => `enrollment-${what}:${peer.slice(0, 100)}`;

/** How long, in milliseconds, the address has to wait; 0 when it may ask. */
export const mustWait = ({ host, scope }: TenancyWorld, what: Asked, peer: string): Promise<number> =>
  lockedFor(scope, [keyOf(what, peer)], host.now());

/** Counts once. */
export async function countAsked(world: TenancyWorld, what: Asked, peer: string): Promise<void> {
  const limit = await limitOf(world, what);
  const rule = { key: keyOf(what, peer), limit, windowMs: WINDOW_MS, lockMs: LOCK_MS };
  await countFailure(world.scope, [rule], world.host.now());
}
