/**
 * Bringing one envelope to one domain: by SMTP to its mail exchangers, or, for a domain of ours, straight to the
 * incoming queue, through the same opening and trust as mail from outside (hisp-behaviour §2.6).
 *
 * @module
 */
import type { Envelope } from '../agent/types.ts';
import { messageIdKey } from '../mail/message-id.ts';
import { giveBack } from '../net/memory.ts';
import { getBlob } from '../store/blobs.ts';
import { addKeyUses, type KeyUse } from '../store/key-use.ts';
import { type Claim, envelopeOf, putEnvelope } from '../store/queue.ts';
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
  tellTried(world, message, recipients, attempts);
  // who has answered has read all of it; otherwise it may still be on its way to a socket
  const isRead = recipients.every((row) => attempts(row).outcome === 'sent');
  if (isRead && world.host.events.keepsNoBlobs) giveBack(bytes, []);
}

function tellTried(
  world: World,
  message: MessageRow,
  recipients: readonly RecipientRow[],
  attempts: (row: RecipientRow) => Attempt,
): void {
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

/** An envelope that serves all recipients of a message, at one domain. */
export interface OnlyEnvelope {
  readonly envelope: Envelope;
  readonly domain: string;
  /** Of the keys that made it; to be committed with what came of it. */
  readonly uses: readonly KeyUse[];
  /** To be called when the server has answered. */
  answered(): void;
}

/**
 * Sends what was just encrypted, without keeping it first. What became of it is committed once; only what has to be
 * sent again is kept. Who dies in between encrypts and sends once more, and the receiver knows the content again.
 */
export async function sendAtOnce(
  world: World,
  message: MessageRow,
  recipients: readonly RecipientRow[],
  { envelope, domain, uses, answered }: OnlyEnvelope,
): Promise<void> {
  const encryptedAt = world.host.now();
  tellPrepared(world, message, envelope);
  const answers = await attempt(world, {
    domain,
    mailFrom: envelope.mailFrom,
    recipients: recipients.map(({ written }) => written),
    bytes: envelope.bytes,
  }).finally(answered);
  const triedOf = (row: RecipientRow): Attempt => answers(row.written);
  await atomically(world.scope, async (inside) => {
    await addKeyUses(inside, uses, encryptedAt);
    let kept = {};
    if (recipients.some((row) => triedOf(row).outcome === 'again')) {
      const id = orderedId(world.host);
      await putEnvelope(inside, {
        id,
        message_id: message.id,
        mail_from: envelope.mailFrom,
        internet_id: messageIdKey(envelope.messageId) ?? '',
        bytes: envelope.bytes,
      });
      kept = { envelope_id: id };
    }
    const occurrences = recipients.map((row) => {
      const { progress, ...occurrence } = occurrenceOf(world, message, { ...row, attempts: 0 }, triedOf(row));
      return { ...occurrence, encryptedAt, progress: { ...progress, ...kept } };
    });
    await record(world, inside, message, occurrences);
  });
  tellTried(world, message, recipients, triedOf);
}

export function tellPrepared(world: World, message: MessageRow, { rcptTo, bytes }: Envelope): void {
  const facts = { messageId: message.internet_id ?? '', to: rcptTo, size: bytes.length };
  tell(world, 'prepared', { id: message.id, ...facts }, bytes);
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
