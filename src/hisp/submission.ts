/**
 * Taking a message from an edge: made canonical, checked, and committed with its tracking before the edge hears yes
 * (hisp-behaviour §2.1-5).
 *
 * @module
 */
import { addressKey, readAddressList } from '../mail/address.ts';
import { toCrlf } from '../mail/canonical.ts';
import { formatDate } from '../mail/date.ts';
import { type Entity, readEntity } from '../mail/entity.ts';
import { MailError } from '../mail/error.ts';
import { requestsFinalDelivery } from '../mail/mdn.ts';
import { messageIdKey } from '../mail/message-id.ts';
import { type Cause, cause, sentence } from '../outcome/cause.ts';
import { SmtpError } from '../smtp/error.ts';
import { parsePathArgument } from '../smtp/path.ts';
import type { NewQueued } from '../store/queue.ts';
import { afterwards, atomically } from '../store/scope.ts';
import { recallUnmatched } from '../store/unmatched.ts';
import { queueUp } from './in-hand.ts';
import { timersOf } from './members.ts';
import { orderedId } from './ordered-id.ts';
import { domainOf, mailboxFor, tell, type World } from './world.ts';

export interface Submitted {
  /** Ours. */
  readonly id: string;
  /** Message-ID without brackets, as notices will name it. */
  readonly messageId: string;
}

/** A message that is not taken, and why. Nothing of it is kept. */
export class SubmissionError extends Error {
  override readonly name = 'SubmissionError';
  readonly reason: Cause;
  constructor(reason: Cause, options?: ErrorOptions) {
    super(sentence(reason), options);
    this.reason = reason;
  }
}

/**
 * Resolves once the message, its recipients and their tracking are on the disk.
 *
 * @throws {SubmissionError} `edge.not-owner`, `edge.unknown-mailbox` for who has left, `message.from-missing`,
 * `message.from-multiple`, `parse.*`, and
 * `edge.unavailable` when the store does not take it: then it may come again
 */
export async function submit(
  world: World,
  mail: { readonly from: string; readonly to: readonly string[]; readonly bytes: Uint8Array },
): Promise<Submitted> {
  if (mailboxFor(world, mail.from) === undefined) {
    throw new SubmissionError(cause('edge.not-owner', { address: mail.from }));
  }
  const left = world.config.left?.(domainOf(mail.from))?.day;
  if (left !== undefined) {
    throw new SubmissionError(cause('edge.unknown-mailbox', { address: mail.from, left }));
  }
  const canonical = toCrlf(mail.bytes);
  const entity = readMessage(canonical);
  checkSender(entity, mail.from);
  checkRecipients(mail.to);
  if (/^application\/(x-)?pkcs7-mime$/.test(entity.contentType.type)) {
    throw new SubmissionError(cause('parse.mime', { why: 'the message is encrypted or signed already' }));
  }
  const { bytes, messageId } = withIdentity(world, canonical, entity, mail.from);
  const id = orderedId(world.host);
  const now = world.host.now();
  const { processedMs } = timersOf(world.config, world.timers, domainOf(mail.from));
  const recipients = queued(mail.to, now, processedMs, true);
  try {
    const books = world.parts.notices.books(recipients, now);
    await atomically(world.scope, async (inside) => {
      await queueUp(
        world,
        inside,
        {
          id,
          direction: 'out',
          kind: 'message',
          envelope_from: mail.from,
          received_at: now,
          internet_id: messageId,
          delivery_requested: requestsFinalDelivery(entity) ? 1 : 0,
          follows: null,
          bytes,
        },
        books,
      );
      // a notice that was faster than this record counts all the same
      const waited = await recallUnmatched(inside, messageId, now);
      if (waited > 0) afterwards(inside, () => world.nudge());
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SubmissionError(cause('edge.unavailable', { why }), { cause: error });
  }
  tell(
    world,
    'submitted',
    { id, messageId, from: mail.from, to: recipients.map(({ written }) => written) },
    bytes,
  );
  return { id, messageId };
}

/** The rows of recipients that are to be found, trusted and served. Each address once. */
export function queued(
  to: readonly string[],
  now: number,
  windowMs: number,
  tracked: boolean,
): (NewQueued & { address: string })[] {
  const rows = new Map<string, NewQueued>();
  for (const written of to) {
    const address = addressKey(written);
    if (rows.has(address)) continue;
    rows.set(address, {
      address,
      written,
      domain: domainOf(written),
      stage: 'prepare',
      state: tracked ? 'open' : 'untracked',
      next_at: now,
      deadline: now + windowMs,
      timer_at: tracked ? now + windowMs : null,
    });
  }
  return [...rows.values()];
}

function checkRecipients(to: readonly string[]): void {
  const why = (text: string) => new SubmissionError(cause('parse.header', { why: text }));
  if (to.length === 0) throw why('there is no recipient');
  const odd = to.find((written) => !isPath(written));
  if (odd !== undefined) throw why(`${JSON.stringify(odd)} is no address`);
}

/** Whether it may stand in an envelope: one address, and nothing but an address. */
function isPath(written: string): boolean {
  try {
    return parsePathArgument(`TO:<${written}>`, 'TO:').mailbox === written && written.includes('@');
  } catch (error) {
    if (error instanceof SmtpError) return false;
    throw error;
  }
}

function readMessage(bytes: Uint8Array): Entity {
  try {
    return readEntity(bytes);
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    throw new SubmissionError(cause('parse.header', { why: error.message }), { cause: error });
  }
}

function checkSender(entity: Entity, from: string): void {
  const { addresses } = readAddressList(entity.headerAll('from').join(', '));
  if (addresses.length === 0) throw new SubmissionError(cause('message.from-missing', {}));
  if (addresses.length > 1) {
    throw new SubmissionError(cause('message.from-multiple', { count: addresses.length }));
  }
  const allowed = [addresses[0]!, ...readAddressList(entity.header('sender') ?? '').addresses];
  if (!allowed.some((address) => addressKey(address) === addressKey(from))) {
    throw new SubmissionError(cause('edge.not-owner', { address: addresses[0]!.address }));
  }
}

/** The message with a Date and a Message-ID, added in front when it has none. */
function withIdentity(
  { host }: World,
  bytes: Uint8Array,
  entity: Entity,
  from: string,
): { bytes: Uint8Array; messageId: string } {
  const given = messageIdKey(entity.header('message-id'));
  const messageId = given ?? `${host.random.uuid()}@${domainOf(from)}`;
  const missing = [
    ...(entity.header('date') === undefined ? [`Date: ${formatDate(host.now())}\r\n`] : []),
    ...(given === undefined ? [`Message-ID: <${messageId}>\r\n`] : []),
  ];
  return {
    messageId,
    bytes: missing.length > 0 ? Buffer.concat([Buffer.from(missing.join('')), bytes]) : bytes,
  };
}
