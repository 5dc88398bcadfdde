/**
 * The notice of failure to our own user: clear mail in the user's mailbox (hisp-behaviour §6).
 *
 * @module
 */
import { composeDsn } from '../mail/dsn.ts';
import { readEntity } from '../mail/entity.ts';
import { returnedHeaders } from '../mail/report.ts';
import { type Cause, sentence } from '../outcome/cause.ts';
import { getBlob, sha256Hex } from '../store/blobs.ts';
import { putMailboxItem, writeJournal } from '../store/mailbox.ts';
import type { MessageRow, RecipientRow } from '../store/schema.ts';
import type { Scope } from '../store/scope.ts';
import { noteNotice } from '../store/tracking.ts';
import { noticeStatus } from './notice-status.ts';
import { noticeText } from './notice-text.ts';
import { domainOf, localDomain, mailboxFor, postmasterOf, type World } from './world.ts';

export interface Failure {
  readonly recipient: Pick<RecipientRow, 'address' | 'written'>;
  readonly cause: Cause;
  /** Status that the peer gave. */
  readonly status?: string;
  readonly cure?: string;
}

/**
 * Puts one notice about all these recipients into the sender's mailbox. Who was told of before is left out: the id of
 * a notice follows from message and recipient.
 */
export async function putFailureNotice(
  world: World,
  inside: Scope,
  message: MessageRow,
  failures: readonly Failure[],
): Promise<void> {
  const now = world.host.now();
  const fresh: Failure[] = [];
  for (const failure of failures) {
    const { address } = failure.recipient;
    for (const id of world.parts.notices.failureIds(message.id, address, failure.cause)) {
      const about = { id, message_id: message.id, recipient: address };
      if (await noteNotice(inside, { ...about, kind: 'failed', sent_at: now })) fresh.push(failure);
    }
  }
  const mailbox = mailboxFor(world, message.envelope_from);
  if (fresh.length === 0 || mailbox === undefined) return;
  const original = readEntity(await getBlob(inside, message.bytes_sha256));
  const subject = `Not delivered: ${original.header('subject') ?? '(no subject)'}`;
  const from = postmaster(world, message.envelope_from);
  const digest = sha256Hex(fresh.map(({ recipient }) => `${message.id} ${recipient.address}`).join('\n'));
  const bytes = composeDsn({
    from,
    to: [message.envelope_from],
    subject,
    date: now,
    messageId: `${digest.slice(0, 32)}@${domainOf(from)}`,
    ...(message.internet_id ? { originalMessageId: message.internet_id } : {}),
    arrivalDate: message.received_at,
    text: noticeText(fresh),
    boundary: `dsn-${digest.slice(0, 24)}`,
    reportingMta: world.config.hostname,
    recipients: fresh.map(({ recipient, cause, status }) => ({
      finalRecipient: recipient.written,
      action: 'failed' as const,
      status: noticeStatus(cause, status),
      diagnosticCode: diagnostic(cause),
      reason: cause.code,
    })),
    returned: returnedHeaders(original, ['From', 'To', 'Cc', 'Date', 'Subject', 'Message-ID']),
  });
  await putMailboxItem(inside, {
    address: mailbox,
    kind: 'dsn',
    message_id: message.id,
    internet_id: `${digest.slice(0, 32)}@${domainOf(from)}`,
    sender: from,
    subject,
    received_at: now,
    bytes,
  });
  for (const { recipient, cause } of fresh) {
    await writeJournal(inside, {
      at: now,
      event: 'dsn.produced',
      messageId: message.id,
      address: recipient.address,
      detail: cause,
    });
  }
}

const postmaster = (world: World, sender: string): string => {
  const domain = localDomain(world, domainOf(sender));
  return domain ? postmasterOf(domain) : `postmaster@${domainOf(sender)}`;
};

/** `X-Direct; cert.expired the certificate found expired on 2026-01-05`; an SMTP reply under its own type. */
const diagnostic = (cause: Cause): string =>
  cause.code === 'transport.reply'
    ? `smtp; ${cause.params.reply}`
    : `X-Direct; ${cause.code} ${sentence(cause)}`;
