/**
 * Mail from outside: which recipients are taken, and the commit that stands before the 250 (hisp-behaviour §3.1, §8).
 *
 * @module
 */
import { addressKey } from '../mail/address.ts';
import { readEntity } from '../mail/entity.ts';
import { MailError } from '../mail/error.ts';
import type { SmtpDelivery, SmtpHandlers } from '../smtp/handlers.ts';
import { type SmtpReply, smtpReply } from '../smtp/reply.ts';
import type { NewQueued } from '../store/queue.ts';
import type { Scope } from '../store/scope.ts';
import { queueUp } from './in-hand.ts';
import { listed } from './members.ts';
import { orderedId } from './ordered-id.ts';
import { domainOf, keysOf, localDomain, mailboxFor, postmasterOf, tell, type World } from './world.ts';

/** More of them, and the message goes in circles (hisp-behaviour §8). */
const MAX_HOPS = 30;

/** The decisions of an SMTP server for this HISP. */
export function smtpHandlers(world: World): Pick<SmtpHandlers, 'reply' | 'onRecipient' | 'onMessage'> {
  return {
    reply: world.parts.smtpReply,
    onRecipient: (_mailFrom, rcpt) => judgeRecipient(world, rcpt),
    onMessage: (delivery) => accept(world, delivery),
  };
}

/**
 * An address nobody has is taken as long as a key of its domain may open the message: then a trusted sender gets a
 * protected notice. Otherwise it is refused at once.
 */
function judgeRecipient(world: World, rcpt: string): SmtpReply | undefined {
  if (!rcpt.includes('@')) return undefined;
  const left = world.config.left?.(domainOf(rcpt));
  if (left && (left.phase === 'left' || mailboxFor(world, rcpt) === undefined)) {
    return smtpReply(550, `5.1.6 The organization has left on ${left.day}, there is no forwarding address`);
  }
  const domain = localDomain(world, domainOf(rcpt));
  if (!domain) return smtpReply(550, '5.7.1 Not a domain of this server');
  if (mailboxFor(world, rcpt) !== undefined) return undefined;
  if (keysOf(world.config.keys, domain.name, 'decrypt').length > 0) return undefined;
  return smtpReply(550, '5.1.1 No such address');
}

async function accept(world: World, { mailFrom, rcptTo, bytes }: SmtpDelivery): Promise<SmtpReply> {
  const hops = receivedFields(bytes);
  if (hops === undefined) return smtpReply(554, '5.6.0 The header cannot be read');
  if (hops > MAX_HOPS) return smtpReply(554, `5.4.6 Mail loop: ${hops} hops`);
  const id = orderedId(world.host);
  try {
    await keepIncoming(world, world.scope, { id, mailFrom, rcptTo: rcptTo.map(named(world)), bytes });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    world.host.events.emit({ kind: 'step', summary: { what: 'store', hisp: world.config.name, error: why } });
    return smtpReply(452, '4.3.1 The message could not be stored, try later');
  }
  tell(world, 'received', { id, mailFrom, rcptTo }, bytes);
  return smtpReply(250, `2.6.0 Stored as ${id}`);
}

/** `<Postmaster>` without a domain is ours (RFC 5321 §4.5.1). */
const named =
  ({ config }: World) =>
  (rcpt: string): string => {
    const [first] = listed(config.domains);
    return rcpt.includes('@') || !first ? rcpt : postmasterOf(first);
  };

function receivedFields(bytes: Uint8Array): number | undefined {
  try {
    return readEntity(bytes).headerAll('received').length;
  } catch (error) {
    if (error instanceof MailError) return undefined;
    throw error;
  }
}

/** Commits a message with its recipients to the incoming queue. When it resolves, it is on the disk. */
export async function keepIncoming(
  world: World,
  scope: Scope,
  mail: { id: string; mailFrom: string; rcptTo: readonly string[]; bytes: Uint8Array },
): Promise<void> {
  const now = world.host.now();
  const rows = new Map<string, NewQueued>();
  for (const written of mail.rcptTo) {
    const address = addressKey(written);
    if (rows.has(address)) continue;
    rows.set(address, {
      address,
      written,
      domain: domainOf(written),
      stage: 'open',
      state: 'received',
      next_at: now,
      deadline: now + world.timers.undeterminedMs,
      timer_at: null,
    });
  }
  await queueUp(
    world,
    scope,
    {
      id: mail.id,
      direction: 'in',
      kind: 'unknown',
      envelope_from: mail.mailFrom,
      received_at: now,
      internet_id: null,
      delivery_requested: 0,
      follows: null,
      bytes: mail.bytes,
    },
    [...rows.values()],
  );
}
