/**
 * Notices about messages of ours: matched to their recipient, believed only from the recipient's own domain, and
 * written into the books (hisp-behaviour §5).
 *
 * @module
 */
import type { Inbound } from '../agent/types.ts';
import { addressKey } from '../mail/address.ts';
import { readDsn } from '../mail/dsn.ts';
import { MailError } from '../mail/error.ts';
import { readMdn } from '../mail/mdn.ts';
import { cause } from '../outcome/cause.ts';
import { putMailboxItem, writeJournal } from '../store/mailbox.ts';
import type { RecipientRow } from '../store/schema.ts';
import type { Scope } from '../store/scope.ts';
import { type Tracked, trackedBy } from '../store/tracking.ts';
import { keepUnmatched } from '../store/unmatched.ts';
import type { Statement } from './statements.ts';
import { record, stepFor } from './tracking.ts';
import type { World } from './world.ts';

type Notice = Inbound & { readonly message: Uint8Array; readonly sender: string };

/**
 * Takes a notice that came for `row`, whose signature was found good and trusted. Runs inside a transaction.
 *
 * @returns whether it is kept for a message that is not known yet
 */
export async function takeNotice(
  world: World,
  inside: Scope,
  inbound: Notice,
  row: RecipientRow,
  mailbox: string,
): Promise<boolean> {
  let handedOn = false;
  let waits = false;
  for (const statement of statementsOf(world, inbound)) {
    const found = await candidates(inside, statement, row);
    const tracked = world.parts.notices.pick(
      found,
      ({ message, recipient }) =>
        stepFor(world, message, recipient, statement.event).state !== recipient.state,
    );
    if (!tracked) {
      waits = (await unmatched(world, inside, statement, row)) || waits;
      continue;
    }
    if (!world.parts.notices.believes(inbound.sender, tracked.recipient)) {
      const why = `${inbound.sender} does not speak for ${tracked.recipient.domain}`;
      await journal(world, inside, row, 'notification.unauthenticated', { why });
      continue;
    }
    if (statement.event.kind === 'progress') {
      const { message, recipient } = tracked;
      const about = { message_id: message.id, address: recipient.address };
      await journal(world, inside, about, statement.word, undefined);
      continue;
    }
    const steps = await record(world, inside, tracked.message, [
      { address: tracked.recipient.address, event: statement.event },
    ]);
    if (!handedOn && steps.some(({ tell }) => tell === 'success')) {
      handedOn = true;
      await handOn(world, inside, inbound, row, mailbox);
    }
  }
  return waits;
}

function statementsOf({ parts }: World, { kind, message, entity, sender }: Notice): readonly Statement[] {
  try {
    if (kind === 'mdn') {
      const mdn = readMdn(entity ?? message);
      return mdn ? parts.notices.mdn(mdn, sender) : [];
    }
    const dsn = readDsn(entity ?? message);
    return dsn ? parts.notices.dsn(dsn, sender) : [];
  } catch (error) {
    if (error instanceof MailError) return [];
    throw error;
  }
}

/** The messages of this user that may be meant, newest first. */
async function candidates(inside: Scope, statement: Statement, row: RecipientRow): Promise<Tracked[]> {
  if (statement.originalMessageId === undefined) return [];
  const found = await trackedBy(inside, statement.originalMessageId, statement.recipients);
  return found.filter(({ message }) => addressKey(message.envelope_from) === row.address);
}

/** Nobody knows it: it may be early. It waits as the ciphertext that it is, and is opened again. */
async function unmatched(
  world: World,
  inside: Scope,
  statement: Statement,
  row: RecipientRow,
): Promise<boolean> {
  const messageId = statement.originalMessageId ?? '';
  await journal(
    world,
    inside,
    row,
    'notification.unmatched',
    cause('notification.unmatched', { messageId }).params,
  );
  if (messageId === '' || !world.parts.notices.keepsUnmatched) return false;
  await keepUnmatched(inside, {
    internet_id: messageId,
    message_id: row.message_id,
    address: row.address,
    at: world.host.now(),
  });
  return true;
}

/** The user sees the notice of success itself. */
async function handOn(
  world: World,
  inside: Scope,
  inbound: Notice,
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

async function journal(
  world: World,
  inside: Scope,
  about: Pick<RecipientRow, 'message_id' | 'address'>,
  event: string,
  detail: unknown,
): Promise<void> {
  await writeJournal(inside, {
    at: world.host.now(),
    event,
    messageId: about.message_id,
    address: about.address,
    ...(detail === undefined ? {} : { detail }),
  });
}
