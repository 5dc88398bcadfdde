/**
 * Work that broke for a reason nobody foresaw: tried again by the same schedule as any other, and brought to an end
 * like any other, so that no row can turn in the queue for ever.
 *
 * @module
 */
import { cause } from '../outcome/cause.ts';
import { endForward } from '../store/forwards.ts';
import { putQuarantine } from '../store/mailbox.ts';
import { advance, type Claim, recipientOf } from '../store/queue.ts';
import type { RecipientRow } from '../store/schema.ts';
import { atomically } from '../store/scope.ts';
import { nextAttempt } from './schedule.ts';
import { record } from './tracking.ts';
import type { World } from './world.ts';

/** @throws {Error} when the store cannot take even that: then the lease runs out, and the work is done again */
export function setBack(world: World, { message, recipients }: Claim, error: unknown): Promise<void> {
  const why = error instanceof Error ? error.message : String(error);
  const reason = cause('discovery.temporary', { stage: 'queue', why });
  const causes = JSON.stringify([reason]);
  const now = world.host.now();
  return atomically(world.scope, async (inside) => {
    for (const claimed of recipients) {
      const row = await recipientOf(inside, message.id, claimed.address);
      // what the step did get done stays done
      if (!row || row.stage !== claimed.stage || row.lease_owner !== claimed.lease_owner) continue;
      const next = nextFor(message.received_at, row, now);
      if (next !== undefined) {
        await advance(inside, row, { next_at: next, causes, attempts: row.attempts + 1 });
      } else if (message.direction === 'out') {
        const progress = { stage: 'ended' as const, next_at: null, causes };
        await record(world, inside, message, [
          { address: row.address, event: { kind: 'failure', cause: reason }, progress },
        ]);
      } else {
        const { bytes_sha256 } = message;
        await putQuarantine(inside, {
          message_id: message.id,
          address: row.address,
          bytes_sha256,
          causes,
          at: now,
        });
        await advance(inside, row, { stage: 'ended', next_at: null, state: 'quarantined', causes });
        await endForward(inside, message.id, row.address);
      }
    }
  });
}

const nextFor = (acceptedAt: number, row: RecipientRow, now: number): number | undefined =>
  nextAttempt(row.stage === 'transmit' ? 'transmit' : 'lookup', acceptedAt, now, row.deadline);
