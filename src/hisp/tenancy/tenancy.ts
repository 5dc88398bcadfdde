/**
 * One HISP as its people and its administrators see it.
 *
 * @module
 */
import type { Host } from '../../net/host.ts';
import type { Scope } from '../../store/scope.ts';
import type { SealKey } from '../../store/seal.ts';
import { type EnrollmentSeams, type EnrollmentWorld, turns } from '../enrollment/world.ts';
import type { Hisp } from '../hisp.ts';
import { createAccounts, type TenancyAccounts } from './accounts.ts';
import type { TenancyWorld } from './change.ts';
import type { Issuer } from './issuer.ts';
import { createMailroom, type Mailroom } from './mailroom.ts';
import type { ScryptCost } from './password.ts';
import { createSessions, type Sessions } from './sessions.ts';

export interface Tenancy {
  /** The tenant. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** For the operations of `organizations.ts`, `people.ts`, `trust.ts` and `books.ts`. */
  readonly world: TenancyWorld;
  readonly accounts: TenancyAccounts;
  readonly sessions: Sessions;
  readonly mail: Mailroom;
  readonly hisp: Pick<Hisp, 'submit' | 'reprocess'> & Partial<Pick<Hisp, 'flush'>>;
  /** For the operations of `enrollment/`; missing where nobody can join. */
  readonly enrollment?: EnrollmentWorld;
}

export interface TenancyOptions {
  readonly title: string;
  readonly scope: Scope;
  readonly seal: SealKey;
  readonly hisp: Tenancy['hisp'];
  readonly issuer?: Issuer;
  readonly enrollment?: EnrollmentSeams;
  /** Makes a change count for what is running. */
  readonly changed: () => Promise<void>;
  /** Only tests and simulations take another than the reference. */
  readonly cost?: ScryptCost;
}

export function createTenancy(host: Host, options: TenancyOptions): Tenancy {
  const { title, scope, seal, hisp, issuer, changed, cost, enrollment: seams } = options;
  const world: TenancyWorld = { host, scope, seal, changed, ...(issuer ? { issuer } : {}) };
  return {
    id: scope.tenant,
    title,
    world,
    ...(seams ? { enrollment: { ...world, seams, inTurn: turns() } } : {}),
    accounts: createAccounts(host, scope, cost ? { cost } : {}),
    sessions: createSessions(host, scope),
    mail: createMailroom(host, scope, hisp),
    hisp,
  };
}
