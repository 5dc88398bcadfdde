/**
 * What we tell the sender of a message that we trusted: processed, dispatched, or that it could not be delivered. Each
 * goes out protected, by the same way as any mail, and is committed together with the delivery that it speaks of
 * (hisp-behaviour §3.10-11).
 *
 * @module
 */
import type { NoticeKind, NoticeOccasion } from '../agent/parts.ts';
import type { Inbound } from '../agent/types.ts';
import { readAddressList } from '../mail/address.ts';
import { composeDsn } from '../mail/dsn.ts';
import { type Entity, readEntity } from '../mail/entity.ts';
import { composeMdn, type MdnParts } from '../mail/mdn.ts';
import { messageIdKey } from '../mail/message-id.ts';
import { type Cause, sentence } from '../outcome/cause.ts';
import { sha256Hex } from '../store/blobs.ts';
import type { MessageRow, RecipientRow } from '../store/schema.ts';
import type { Scope } from '../store/scope.ts';
import { latestNamed, noteNotice, noticeGiven } from '../store/tracking.ts';
import { queueUp } from './in-hand.ts';
import type { Reply, ReplyContext } from './notice-parts.ts';
import { noticeStatus } from './notice-status.ts';
import { noticeText } from './notice-text.ts';
import { orderedId } from './ordered-id.ts';
import { queued } from './submission.ts';
import { domainOf, localDomain, postmasterOf, tell, type World } from './world.ts';

/** The message that is answered. */
export interface Answered {
  /** Ours. */
  readonly id: string;
  readonly receivedAt: number;
  /** Its own Message-ID, without brackets. */
  readonly messageId: string | undefined;
  /** SHA-256 of the whole message: another content is another message, whatever it calls itself. */
  readonly content: string;
  readonly subject: string;
  /** The sender that the signature proves. */
  readonly sender: string;
  /** Our recipient, as the envelope had it. */
  readonly recipient: string;
  /** The sender asked for the final delivery. */
  readonly requested: boolean;
  /** Whom the message names for notices; it decides nothing (REQ-MDN-14). */
  readonly notifyTo?: string;
}

/**
 * Queues the notices that are due on these occasions, in their order: a later one leaves after an earlier one. Runs
 * inside a transaction.
 *
 * @param occasions what happened, in this order
 * @param kind of what came; notices are answered by nothing
 * @param failure the reason, when it is undeliverable
 */
export async function answer(
  world: World,
  inside: Scope,
  message: Answered,
  occasions: readonly NoticeOccasion[],
  kind: Inbound['kind'],
  failure?: Cause,
): Promise<void> {
  const { parts, host, config, timers } = world;
  const now = host.now();
  const domain = localDomain(world, domainOf(message.recipient));
  const base = {
    about: message,
    now,
    hostname: config.hostname,
    postmaster: domain ? postmasterOf(domain) : `postmaster@${domainOf(message.recipient)}`,
  };
  const replies = occasions.flatMap((occasion) => {
    const context = { ...base, occasion };
    const due = parts.notify(occasion, { kind, requested: message.requested });
    const proposed = due.flatMap((one) => replyOf(world, one, context, failure));
    return kind === 'message' ? parts.notices.replies(proposed, context) : proposed;
  });
  let follows = occasions.includes('accepted') ? null : await processedOf(inside, message);
  for (const reply of replies) {
    if (await contradicts(inside, reply.kind, message, base.postmaster)) continue;
    const id = orderedId(host);
    const at = now + (reply.afterMs ?? 0);
    await queueUp(
      world,
      inside,
      {
        id,
        direction: 'out',
        kind: reply.kind === 'failed' && reply.from === base.postmaster ? 'dsn' : 'mdn',
        envelope_from: reply.from,
        received_at: now,
        internet_id: reply.messageId,
        delivery_requested: 0,
        follows: reply.afterMs ? null : follows,
        bytes: reply.bytes,
      },
      queued([reply.to], at, timers.processedMs, false),
    );
    await noteNotice(inside, {
      id: reply.messageId,
      message_id: message.id,
      recipient: message.recipient.toLowerCase(),
      kind: reply.kind,
      sent_at: now,
    });
    tell(world, 'notice', {
      id,
      kind: reply.kind,
      messageId: reply.messageId,
      about: message.messageId ?? '',
      from: reply.from,
      to: reply.to,
    });
    follows = id;
  }
}

/** Whether the sender was told otherwise before: what failed stays failed, what arrived stays arrived. */
function contradicts(inside: Scope, kind: NoticeKind, about: Answered, postmaster: string): Promise<boolean> {
  const other = kind === 'failed' ? ('dispatched' as const) : ('failed' as const);
  const from = other === 'failed' ? postmaster : about.recipient;
  return noticeGiven(inside, identity(about, other, from).messageId);
}

/** The processed notice about the same message, which may still be on its way. */
async function processedOf(inside: Scope, message: Answered): Promise<string | null> {
  const { messageId } = identity(message, 'processed', message.recipient);
  return (await latestNamed(inside, messageId))?.id ?? null;
}

function replyOf(world: World, kind: NoticeKind, context: ReplyContext, failure: Cause | undefined): Reply[] {
  const { about } = context;
  const to = world.parts.notices.addressee(about);
  if (kind !== 'failed') {
    const composed = disposition(about, kind, context, to, world.parts.notices.disposition);
    return [{ kind, to, ...composed }];
  }
  // a postmaster's mail about a postmaster would go round (hisp-behaviour §8)
  if (!failure || /^postmaster@/i.test(about.sender)) return [];
  return [{ kind, to, ...undeliverable(about, failure, context, to) }];
}

interface Composed {
  readonly from: string;
  readonly messageId: string;
  readonly bytes: Uint8Array;
}

/** The same notice about the same message to the same sender has the same id, however often it is made. */
function identity(about: Answered, kind: NoticeKind, from: string) {
  const { messageId, id, content, sender, recipient } = about;
  const digest = sha256Hex(
    [kind, messageId ?? id, content, sender.toLowerCase(), recipient.toLowerCase()].join('\n'),
  );
  return {
    messageId: `${digest.slice(0, 32)}@${domainOf(from)}`,
    boundary: `notice-${digest.slice(32, 56)}`,
  };
}

/** A processed, dispatched or failed MDN about a message that came. */
export function disposition(
  message: Answered,
  kind: NoticeKind,
  { now, hostname }: Pick<ReplyContext, 'now' | 'hostname'>,
  to: string = message.sender,
  change: (parts: MdnParts) => MdnParts = (parts) => parts,
): Composed {
  const from = message.recipient;
  const { messageId, boundary } = identity(message, kind, from);
  const parts = change({
    from,
    to: [to],
    subject: `${TITLES[kind]}: ${message.subject}`,
    date: now,
    messageId,
    text: TEXTS[kind](from),
    boundary,
    reportingUa: `${hostname}; Anchorage`,
    finalRecipient: from,
    ...(message.messageId ? { originalMessageId: message.messageId } : {}),
    disposition: kind,
    finalDelivery: kind === 'dispatched' && message.requested,
  });
  return { from, messageId: parts.messageId, bytes: composeMdn(parts) };
}

const TITLES = { processed: 'Processed', dispatched: 'Dispatched', failed: 'Not delivered' } as const;
const TEXTS: Readonly<Record<NoticeKind, (recipient: string) => string>> = {
  processed: (to) => `The security agent of ${domainOf(to)} has processed your message to ${to}.`,
  dispatched: (to) => `Your message was delivered to ${to}.`,
  failed: (to) => `Your message could not be delivered to ${to}.`,
};

/** A DSN that says failed, from the recipient's side. */
export function undeliverable(
  message: Answered,
  failure: Cause,
  { now, hostname, postmaster: from }: Pick<ReplyContext, 'now' | 'hostname' | 'postmaster'>,
  to: string = message.sender,
): Composed {
  const { messageId, boundary } = identity(message, 'failed', from);
  const bytes = composeDsn({
    from,
    to: [to],
    subject: `Not delivered: ${message.subject}`,
    date: now,
    messageId,
    ...(message.messageId ? { originalMessageId: message.messageId } : {}),
    arrivalDate: message.receivedAt,
    text: noticeText([{ recipient: { written: message.recipient }, cause: failure }]),
    boundary,
    reportingMta: hostname,
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

/** What notices say of a message that was opened for `row`. */
export function answeredIn(
  message: MessageRow,
  row: RecipientRow,
  bytes: Uint8Array,
  sender: string,
  requested: boolean,
  inner: Entity = readEntity(bytes),
): Answered {
  const notifyTo = readAddressList(inner.header('disposition-notification-to') ?? '').addresses[0];
  return {
    id: message.id,
    receivedAt: message.received_at,
    messageId: messageIdKey(inner.header('message-id')),
    content: sha256Hex(bytes),
    subject: inner.header('subject') ?? '(no subject)',
    sender,
    recipient: row.written,
    requested,
    ...(notifyTo ? { notifyTo: notifyTo.address } : {}),
  };
}
