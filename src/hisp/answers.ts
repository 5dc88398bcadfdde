/**
 * What we tell the sender of a message that we trusted: processed, dispatched, or that it could not be delivered. Each
 * goes out protected, by the same way as any mail, and is committed together with the delivery that it speaks of
 * (hisp-behaviour §3.10-11).
 *
 * @module
 */
import type { NoticeKind } from '../agent/parts.ts';
import { composeDsn } from '../mail/dsn.ts';
import { composeMdn } from '../mail/mdn.ts';
import { type Cause, sentence } from '../outcome/cause.ts';
import { sha256Hex } from '../store/blobs.ts';
import { enqueue } from '../store/queue.ts';
import type { Scope } from '../store/scope.ts';
import { noteNotice } from '../store/tracking.ts';
import { noticeStatus } from './notice-status.ts';
import { queued } from './submission.ts';
import { domainOf, localDomain, postmasterOf, tell, type World } from './world.ts';

/** The message that is answered. */
export interface Answered {
  /** Ours. */
  readonly id: string;
  readonly receivedAt: number;
  /** Its own Message-ID, without brackets. */
  readonly messageId: string | undefined;
  readonly subject: string;
  /** The sender that the signature proves. */
  readonly sender: string;
  /** Our recipient, as the envelope had it. */
  readonly recipient: string;
  /** The sender asked for the final delivery. */
  readonly requested: boolean;
}

/**
 * Queues the notices in their order: a later one leaves after an earlier one. Runs inside a transaction.
 *
 * @param failure the reason, for `failed`
 */
export async function answer(
  world: World,
  inside: Scope,
  message: Answered,
  kinds: readonly NoticeKind[],
  failure?: Cause,
): Promise<void> {
  let follows: string | null = null;
  for (const kind of kinds) {
    const composed =
      kind === 'failed' ? undeliverable(world, message, failure) : disposition(world, message, kind);
    if (!composed) continue;
    const now = world.host.now();
    const id = world.host.random.uuid();
    await enqueue(
      inside,
      {
        id,
        direction: 'out',
        kind: kind === 'failed' ? 'dsn' : 'mdn',
        envelope_from: composed.from,
        received_at: now,
        internet_id: composed.messageId,
        delivery_requested: 0,
        follows,
        bytes: composed.bytes,
      },
      queued([message.sender], now, world.timers.processedMs, false),
    );
    await noteNotice(inside, {
      id: composed.messageId,
      message_id: message.id,
      recipient: message.recipient.toLowerCase(),
      kind,
      sent_at: now,
    });
    tell(world, 'notice', {
      id,
      kind,
      messageId: composed.messageId,
      about: message.messageId ?? '',
      from: composed.from,
      to: message.sender,
    });
    follows = id;
  }
}

interface Composed {
  readonly from: string;
  readonly messageId: string;
  readonly bytes: Uint8Array;
}

/** The same notice about the same message to the same sender has the same id, however often it is made. */
function identity({ messageId, id, sender, recipient }: Answered, kind: NoticeKind, from: string) {
  const digest = sha256Hex([kind, messageId ?? id, sender.toLowerCase(), recipient.toLowerCase()].join('\n'));
  return {
    messageId: `${digest.slice(0, 32)}@${domainOf(from)}`,
    boundary: `notice-${digest.slice(32, 56)}`,
  };
}

function disposition(world: World, message: Answered, kind: 'processed' | 'dispatched'): Composed {
  const from = message.recipient;
  const { messageId, boundary } = identity(message, kind, from);
  const text =
    kind === 'processed'
      ? `The security agent of ${domainOf(from)} has processed your message to ${from}.`
      : `Your message was delivered to ${from}.`;
  const bytes = composeMdn({
    from,
    to: [message.sender],
    subject: `${kind === 'processed' ? 'Processed' : 'Dispatched'}: ${message.subject}`,
    date: world.host.now(),
    messageId,
    text,
    boundary,
    reportingUa: `${world.config.hostname}; Anchorage`,
    finalRecipient: from,
    ...(message.messageId ? { originalMessageId: message.messageId } : {}),
    disposition: kind,
    finalDelivery: kind === 'dispatched' && message.requested,
  });
  return { from, messageId, bytes };
}

function undeliverable(world: World, message: Answered, failure: Cause | undefined): Composed | undefined {
  const domain = localDomain(world, domainOf(message.recipient));
  if (!domain || !failure) return undefined;
  const from = postmasterOf(domain);
  const { messageId, boundary } = identity(message, 'failed', from);
  const bytes = composeDsn({
    from,
    to: [message.sender],
    subject: `Not delivered: ${message.subject}`,
    date: world.host.now(),
    messageId,
    ...(message.messageId ? { originalMessageId: message.messageId } : {}),
    arrivalDate: message.receivedAt,
    text: `Your message was not delivered to ${message.recipient}:\n${sentence(failure)}.`,
    boundary,
    reportingMta: world.config.hostname,
    recipients: [
      {
        finalRecipient: message.recipient,
        action: 'failed',
        status: noticeStatus(failure),
        diagnosticCode: `X-Direct; ${failure.code} ${sentence(failure)}`,
        reason: failure.code,
      },
    ],
  });
  return { from, messageId, bytes };
}
