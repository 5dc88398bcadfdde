/**
 * Bringing one envelope to one domain: by SMTP to its mail exchangers, or, for a domain of ours, straight to the
 * incoming queue, through the same opening and trust as mail from outside (hisp-behaviour §2.6).
 *
 * @module
 */
import { getBlob } from '../store/blobs.ts';
import { type Claim, envelopeOf } from '../store/queue.ts';
import type { EnvelopeRow, MessageRow, RecipientRow } from '../store/schema.ts';
import { atomically } from '../store/scope.ts';
import { keepIncoming } from './acceptance.ts';
import { type Attempt, attempt } from './attempt.ts';
import { orderedId } from './ordered-id.ts';
import { type Occurrence, record } from './tracking.ts';
import { localDomain, tell, type World } from './world.ts';

/** Works on the recipients of one envelope in one domain that are due. */
export async function transmitStep(world: World, { message, recipients }: Claim): Promise<void> {
  const envelope = await envelopeOf(world.scope, recipients[0]!.envelope_id!);
  if (!envelope) throw new Error(`the store lacks the envelope ${recipients[0]!.envelope_id}`);
  const bytes = await getBlob(world.scope, envelope.bytes_sha256);
  const domain = recipients[0]!.domain;
  if (localDomain(world, domain)) return deliverHere(world, message, recipients, envelope, bytes);
  const answers = await attempt(world, {
    domain,
    mailFrom: envelope.mail_from,
    recipients: recipients.map(({ written }) => written),
    bytes,
  });
  const attempts = (row: RecipientRow): Attempt => answers(row.written);
  await atomically(world.scope, async (inside) => {
    const occurrences = recipients.map((row) => occurrenceOf(world, message, row, attempts(row)));
    await record(world, inside, message, occurrences);
  });
  for (const row of recipients) {
    const tried = attempts(row);
    tell(world, tried.outcome === 'sent' ? 'sent' : tried.outcome === 'refused' ? 'refused' : 'delayed', {
      id: message.id,
      messageId: message.internet_id ?? '',
      address: row.written,
      ...('cause' in tried ? { cause: { code: tried.cause.code, params: { ...tried.cause.params } } } : {}),
    });
  }
}

async function deliverHere(
  world: World,
  message: MessageRow,
  recipients: readonly RecipientRow[],
  envelope: EnvelopeRow,
  bytes: Uint8Array,
): Promise<void> {
  const id = orderedId(world.host);
  await atomically(world.scope, async (inside) => {
    await keepIncoming(world, inside, {
      id,
      mailFrom: envelope.mail_from,
      rcptTo: recipients.map(({ written }) => written),
      bytes,
    });
    const done = recipients.map(({ address }) => ({
      address,
      progress: { stage: 'ended' as const, next_at: null },
    }));
    await record(world, inside, message, done);
  });
  for (const { written } of recipients) {
    tell(world, 'sent', {
      id: message.id,
      messageId: message.internet_id ?? '',
      address: written,
      local: true,
    });
  }
}

function occurrenceOf(world: World, message: MessageRow, row: RecipientRow, tried: Attempt): Occurrence {
  const { address } = row;
  if (tried.outcome === 'sent') return { address, progress: { stage: 'ended', next_at: null, causes: null } };
  const causes = JSON.stringify([tried.cause]);
  const next =
    tried.outcome === 'again'
      ? world.parts.notices.nextAttempt('transmit', message.received_at, world.host.now(), row.deadline)
      : undefined;
  if (next === undefined) {
    return {
      address,
      event: { kind: 'failure', cause: tried.cause },
      progress: { stage: 'ended', next_at: null, causes },
    };
  }
  return { address, progress: { stage: 'transmit', next_at: next, causes, attempts: row.attempts + 1 } };
}
