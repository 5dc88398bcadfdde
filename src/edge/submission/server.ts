/**
 * Where users of a HISP hand in their mail: SMTP with TLS and a login before anything else (RFC 6409, RFC 8314), for
 * senders who own the address that they send as (REQ-EDGE-02, REQ-EDGE-12).
 *
 * @module
 */
import { addressKey, readAddressList } from '../../mail/address.ts';
import { readEntity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import type { Addr, Host } from '../../net/host.ts';
import type { SecureServerOptions } from '../../net/tls.ts';
import type { Credentials } from '../../smtp/auth.ts';
import type { SmtpDelivery, SmtpSession, SmtpUser } from '../../smtp/handlers.ts';
import type { ReceiverLimits } from '../../smtp/limits.ts';
import { type SmtpReceiver, serveSmtp } from '../../smtp/receiver.ts';
import { type SmtpReply, smtpReply } from '../../smtp/reply.ts';
import type { Accounts, EdgeUser } from '../accounts.ts';
import { referenceSubmission, type SubmissionParts, type Submit } from './parts.ts';
import { answerReply, loginReply } from './replies.ts';

export interface SubmissionOptions {
  readonly at: Addr;
  readonly hostname: string;
  readonly tls: SecureServerOptions;
  /** TLS from the first octet (port 465); else STARTTLS (port 587). */
  readonly implicitTls?: boolean;
  readonly accounts: Accounts;
  readonly submit: Submit;
  readonly limits?: Partial<ReceiverLimits>;
  /** Default: the reference. */
  readonly parts?: SubmissionParts;
}

/**
 * Listens. Answers 250 to a message only when `submit` has it on the disk.
 *
 * @throws {NetError} when the port is in use
 */
export function serveSubmission(host: Host, options: SubmissionOptions): Promise<SmtpReceiver> {
  const parts = options.parts ?? referenceSubmission;
  const accounts = parts.accounts(options.accounts);
  const submit = parts.submit(options.submit);
  return serveSmtp(host, {
    at: options.at,
    hostname: options.hostname,
    limits: { ...parts.limits, ...options.limits },
    tls: parts.tls(options.tls),
    implicitTls: options.implicitTls ?? false,
    wire: parts.wire,
    reply: parts.reply,
    onCredentials: (credentials, session) => judge(accounts, credentials, session),
    onSender: (mailFrom, { user }) => (owned(parts, user, mailFrom) ? undefined : notOwned(553, mailFrom)),
    onRecipient: (_mailFrom, rcpt) =>
      rcpt.includes('@') ? undefined : smtpReply(550, '5.1.3 A recipient is an address with its domain'),
    onMessage: (delivery) => take(parts, submit, delivery),
  });
}

async function judge(
  accounts: Accounts,
  credentials: Credentials,
  { peer }: SmtpSession,
): Promise<EdgeUser | SmtpReply> {
  const answer = await accounts.authenticate({ ...credentials, edge: 'submission', peer });
  return answer.ok ? answer.user : loginReply(answer);
}

async function take(parts: SubmissionParts, submit: Submit, delivery: SmtpDelivery): Promise<SmtpReply> {
  const { mailFrom: from, rcptTo: to, bytes, session } = delivery;
  const named = writers(bytes);
  const stranger = named.find((address) => !owned(parts, session.user, address));
  if (stranger !== undefined) return notOwned(550, stranger);
  return answerReply(await submit(session.user!, { from: envelopeSender(from, named), to, bytes }));
}

/** Another address of the user's own in MAIL FROM gives way to From: receivers compare the two (hisp-behaviour §3.6). */
const envelopeSender = (from: string, named: readonly string[]): string =>
  named.some((address) => addressKey(address) === addressKey(from)) ? from : (named[0] ?? from);

/** Whoever From and Sender name. What cannot be read is left to those who take the message. */
function writers(bytes: Uint8Array): string[] {
  try {
    const entity = readEntity(bytes);
    return ['from', 'sender']
      .flatMap((field) => entity.headerAll(field))
      .flatMap((value) => readAddressList(value).addresses.map(({ address }) => address));
  } catch (error) {
    if (error instanceof MailError) return [];
    throw error;
  }
}

const owned = (parts: SubmissionParts, user: SmtpUser | undefined, address: string): boolean =>
  user !== undefined && parts.owns(user, address);

const notOwned = (code: 550 | 553, address: string): SmtpReply =>
  smtpReply(code, `5.7.1 You may not send as ${address === '' ? 'nobody (<>)' : `<${address}>`}`);
