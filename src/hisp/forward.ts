/**
 * Handing accepted mail to an edge system by SMTP: only its 250 is a delivery (REQ-DN-13, hisp-behaviour §3.11).
 *
 * @module
 */
import { type Cause, cause } from '../outcome/cause.ts';
import { isPermanent, isPositive, replyText } from '../smtp/reply.ts';
import { deliver } from '../smtp/sender.ts';
import { getBlob } from '../store/blobs.ts';
import { endForward, forwardOf } from '../store/forwards.ts';
import { putQuarantine, writeJournal } from '../store/mailbox.ts';
import { advance, type Claim, recipientOf } from '../store/queue.ts';
import type { RecipientRow } from '../store/schema.ts';
import { atomically } from '../store/scope.ts';
import { answer, answeredIn } from './answers.ts';
import { LAST_BEFORE_DEADLINE } from './schedule.ts';
import { forwardFor, tell, type World } from './world.ts';

type Attempt =
  | { readonly taken: true }
  | { readonly taken: false; readonly final: boolean; readonly cause: Cause };

/** Works on the recipients of one message that are due. */
export async function forwardStep(world: World, { message, recipients }: Claim): Promise<void> {
  for (const claimed of recipients) {
    const forward = await forwardOf(world.scope, message.id, claimed.address);
    if (!forward) throw new Error(`the store lacks the content for ${claimed.address} of ${message.id}`);
    const bytes = await getBlob(world.scope, forward.bytes_sha256);
    const attempt = await handOver(world, forward.sender, claimed, bytes);
    const stage = await atomically(world.scope, async (inside) => {
      const row = await recipientOf(inside, message.id, claimed.address);
      if (row?.stage !== 'forward') return undefined;
      const about = answeredIn(message, row, bytes, forward.sender, forward.requested === 1);
      const now = world.host.now();
      if (attempt.taken) {
        await answer(world, inside, about, ['delivered'], 'message');
        await advance(inside, row, { stage: 'ended', state: 'delivered', next_at: null, causes: null });
        await endForward(inside, message.id, row.address);
        return 'delivered';
      }
      const causes = JSON.stringify([attempt.cause]);
      const next = attempt.final
        ? undefined
        : world.parts.notices.nextAttempt(
            'transmit',
            message.received_at,
            now,
            row.deadline + LAST_BEFORE_DEADLINE,
          );
      if (next !== undefined) {
        await advance(inside, row, { next_at: next, causes, attempts: row.attempts + 1 });
        return 'edge-delayed';
      }
      await answer(world, inside, about, ['undeliverable'], 'message', attempt.cause);
      await advance(inside, row, { stage: 'ended', state: 'quarantined', next_at: null, causes });
      await putQuarantine(inside, {
        message_id: message.id,
        address: row.address,
        bytes_sha256: message.bytes_sha256,
        causes,
        at: now,
      });
      await endForward(inside, message.id, row.address);
      await writeJournal(inside, {
        at: now,
        event: 'message.undeliverable',
        messageId: message.id,
        address: row.address,
        detail: [attempt.cause],
      });
      return 'undeliverable';
    });
    if (stage !== undefined) {
      const why = attempt.taken ? {} : { causes: [attempt.cause.code] };
      tell(world, stage, { id: message.id, address: claimed.written, from: forward.sender, ...why }, bytes);
    }
  }
}

async function handOver(
  world: World,
  mailFrom: string,
  row: RecipientRow,
  bytes: Uint8Array,
): Promise<Attempt> {
  const place = forwardFor(world, row.address);
  if (!place)
    return {
      taken: false,
      final: false,
      cause: cause('edge.unavailable', { why: 'no edge system is set up' }),
    };
  const { hostname } = world.config;
  const outcome = await deliver(
    world.host,
    place,
    { helo: hostname, mailFrom, rcptTo: [row.written], bytes, deadlineMs: world.timers.deliverMs },
    world.connections,
  );
  const reply = outcome.perRecipient.get(row.written);
  if (!reply) {
    const why = outcome.error?.message ?? 'no answer';
    return { taken: false, final: false, cause: cause('edge.unavailable', { why }) };
  }
  if (isPositive(reply)) return { taken: true };
  const why = `it answered ${replyText(reply)}`;
  return { taken: false, final: isPermanent(reply), cause: cause('edge.unavailable', { why }) };
}
