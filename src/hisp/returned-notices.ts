/**
 * Notices about messages of ours: matched to their recipient, believed only from the recipient's own domain, and
 * written into the books (hisp-behaviour §5).
 *
 * @module
 */
import type { Inbound } from '../agent/types.ts';
import { addressKey } from '../mail/address.ts';
import { type Dsn, readDsn } from '../mail/dsn.ts';
import { MailError } from '../mail/error.ts';
import { type Mdn, readMdn } from '../mail/mdn.ts';
import { type Cause, cause } from '../outcome/cause.ts';
import { putMailboxItem, writeJournal } from '../store/mailbox.ts';
import type { RecipientRow } from '../store/schema.ts';
import type { Scope } from '../store/scope.ts';
import { type Tracked, trackedBy } from '../store/tracking.ts';
import { record } from './tracking.ts';
import type { TrackingEvent } from './transition.ts';
import { domainOf, type World } from './world.ts';

/** One thing that a notice says of one recipient. */
interface Statement {
  /** Under which the recipient may be known to us, best first. */
  readonly recipients: readonly string[];
  readonly originalMessageId: string | undefined;
  readonly event: TrackingEvent;
}

/**
 * Takes a notice that came for `row`, whose signature was found good and trusted. Runs inside a transaction.
 */
export async function takeNotice(
  world: World,
  inside: Scope,
  inbound: Inbound & { readonly message: Uint8Array; readonly sender: string },
  row: RecipientRow,
  mailbox: string,
): Promise<void> {
  for (const statement of statementsOf(inbound)) {
    const tracked = await match(inside, statement, row);
    const messageId = statement.originalMessageId ?? '';
    if (!tracked) {
      await journal(world, inside, row, cause('notification.unmatched', { messageId }));
      continue;
    }
    if (domainOf(inbound.sender) !== tracked.recipient.domain) {
      const why = `${inbound.sender} does not speak for ${tracked.recipient.domain}`;
      await journal(world, inside, row, cause('notification.unauthenticated', { why }));
      continue;
    }
    const steps = await record(world, inside, tracked.message, [
      { address: tracked.recipient.address, event: statement.event },
    ]);
    if (steps.some(({ tell }) => tell === 'success')) await handOn(world, inside, inbound, row, mailbox);
  }
}

function statementsOf(
  inbound: Inbound & { readonly message: Uint8Array; readonly sender: string },
): Statement[] {
  try {
    if (inbound.kind === 'mdn') {
      const mdn = readMdn(inbound.message);
      return mdn ? fromMdn(mdn, inbound.sender) : [];
    }
    const dsn = readDsn(inbound.message);
    return dsn ? fromDsn(dsn, inbound.sender) : [];
  } catch (error) {
    if (error instanceof MailError) return [];
    throw error;
  }
}

function fromMdn(mdn: Mdn, sender: string): Statement[] {
  const event = mdnEvent(mdn, domainOf(sender));
  if (!event) return [];
  const recipients = [mdn.originalRecipient, mdn.finalRecipient].filter((address) => address !== undefined);
  return [{ recipients, originalMessageId: mdn.originalMessageId, event }];
}

function mdnEvent(mdn: Mdn, domain: string): TrackingEvent | undefined {
  const type = mdn.disposition?.type;
  if (mdn.negative) {
    const text = mdn.reasons[0] ?? `disposition ${type}`;
    return { kind: 'failure', cause: cause('notification.failed-by-peer', { domain, text }) };
  }
  switch (type) {
    case 'processed':
      return { kind: 'processed' };
    case 'dispatched':
      return { kind: 'dispatched', extension: mdn.finalDelivery };
    case 'displayed':
      return { kind: 'displayed' };
    default:
      return undefined;
  }
}

function fromDsn(dsn: Dsn, sender: string): Statement[] {
  const domain = domainOf(sender);
  return dsn.recipients
    .filter(({ action }) => action === 'failed')
    .map((about) => ({
      recipients: [about.originalRecipient, about.finalRecipient].filter((address) => address !== undefined),
      originalMessageId: dsn.originalMessageId,
      event: {
        kind: 'failure' as const,
        cause: cause('notification.failed-by-peer', {
          domain,
          text: about.diagnostic ?? about.status ?? 'failed',
        }),
        ...(about.status ? { status: about.status } : {}),
      },
    }));
}

/** The message of this user with that id: the most recent that is open for the recipient, else the most recent. */
async function match(inside: Scope, statement: Statement, row: RecipientRow): Promise<Tracked | undefined> {
  if (statement.originalMessageId === undefined) return undefined;
  const names = statement.recipients.map(addressKey);
  const untagged = names.map((name) => name.replace(/^([^"+@]+)\+[^@]*@/, '$1@'));
  const found = (
    await trackedBy(inside, statement.originalMessageId, [...new Set([...names, ...untagged])])
  ).filter(({ message }) => addressKey(message.envelope_from) === row.address);
  return found.find(({ recipient }) => recipient.state === 'open') ?? found[0];
}

/** The user sees the notice of success itself. */
async function handOn(
  world: World,
  inside: Scope,
  inbound: Inbound & { readonly message: Uint8Array; readonly sender: string },
  row: RecipientRow,
  mailbox: string,
): Promise<void> {
  await putMailboxItem(inside, {
    address: mailbox,
    kind: inbound.kind === 'dsn' ? 'dsn' : 'mdn',
    message_id: row.message_id,
    internet_id: inbound.messageId ?? null,
    sender: inbound.sender,
    subject: 'Delivered',
    received_at: world.host.now(),
    bytes: inbound.message,
  });
}

async function journal(world: World, inside: Scope, row: RecipientRow, note: Cause): Promise<void> {
  await writeJournal(inside, {
    at: world.host.now(),
    event: note.code,
    messageId: row.message_id,
    address: row.address,
    detail: note.params,
  });
}
