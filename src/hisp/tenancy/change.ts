/**
 * How anything is changed: in one transaction with its line in the audit log, and then taken up by the running HISP.
 *
 * @module
 */
import type { Host } from '../../net/host.ts';
import { writeAudit } from '../../store/audit.ts';
import { atomically, type Scope } from '../../store/scope.ts';
import type { SealKey } from '../../store/seal.ts';
import type { Actor } from './actor.ts';
import type { Issuer } from './issuer.ts';

/** What the operations of tenancy work on. */
export interface TenancyWorld {
  readonly host: Pick<Host, 'now' | 'hold'>;
  readonly scope: Scope;
  readonly seal: SealKey;
  /** The HISP's own authority; missing where it has none. */
  readonly issuer?: Issuer;
  /** Makes what was changed count. */
  readonly changed: () => Promise<void>;
}

export interface Change {
  /** Such as `address.add`. */
  readonly action: string;
  readonly subject: string;
  readonly organization: string | null;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** All of it is kept, with its line in the log, or nothing. */
export async function change(
  { host, scope, changed }: TenancyWorld,
  actor: Actor,
  { action, subject, organization, before, after }: Change,
  work: (inside: Scope) => Promise<unknown>,
): Promise<void> {
  await atomically(scope, async (inside) => {
    await work(inside);
    await writeAudit(inside, {
      at: host.now(),
      actor: actor.name,
      action,
      subject,
      organization,
      detail: { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
    });
  });
  await changed();
}
