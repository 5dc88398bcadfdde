/**
 * The mail of one user: list, read, send, and what became of what was sent. Everything goes by the addresses of the
 * login; what belongs to another address is not there.
 *
 * @module
 */
import type { z } from 'zod';
import type { EdgeUser } from '../../edge/accounts.ts';
import { composeMessage } from '../../mail/compose.ts';
import { type Displayed, displayMessage } from '../../mail/display.ts';
import { MailError } from '../../mail/error.ts';
import { finalDeliveryRequest } from '../../mail/mdn.ts';
import type { Host } from '../../net/host.ts';
import type { Cause } from '../../outcome/cause.ts';
import { getBlob } from '../../store/blobs.ts';
import { type Fate, fateOf, inboxItems, type MailPage, sentMessages } from '../../store/correspondence.ts';
import { setFlags } from '../../store/folder-items.ts';
import { folderById } from '../../store/folders.ts';
import { type MailboxItem, readMailboxItem } from '../../store/mailbox.ts';
import type { MessageRow, RecipientRow } from '../../store/schema.ts';
import type { Scope } from '../../store/scope.ts';
import { plainSentence } from '../../trust/explain/reason.ts';
import type { Hisp } from '../hisp.ts';
import { adviceFor } from '../notice-text.ts';
import { SubmissionError } from '../submission.ts';
import { TenancyError } from './actor.ts';
import type { messageInput } from './input.ts';

export interface Letter {
  readonly item: MailboxItem;
  readonly bytes: Uint8Array;
  readonly shown: Displayed;
}

/** One thing that happened to one recipient of a message. */
export interface FateEvent {
  /** ms since 1970 UTC */
  readonly at: number;
  readonly event: string;
  /** In a sentence; empty when the event says it. */
  readonly detail: string;
}

export interface RecipientFate {
  readonly address: string;
  readonly state: RecipientRow['state'];
  readonly stage: RecipientRow['stage'];
  readonly attempts: number;
  /** While it is under way: when it is tried again, if it is, and when that ends. ms since 1970 UTC */
  readonly again?: { readonly nextAt: number | null; readonly until: number };
  /** First cause, with its code, when something stands in the way. `advice`: what the sender can do, once it has failed. */
  readonly cause?: { readonly code: string; readonly sentence: string; readonly advice?: string };
  readonly timeline: readonly FateEvent[];
}

export interface SentLetter {
  readonly id: string;
  readonly from: string;
  readonly messageId: string | null;
  readonly subject: string;
  readonly at: number;
  readonly recipients: readonly RecipientFate[];
}

export interface Mailroom {
  inbox(user: EdgeUser, page: MailPage): Promise<MailboxItem[]>;
  /** @throws {TenancyError} `not-found` */
  letter(user: EdgeUser, id: number): Promise<Letter>;
  /** Marks it as seen. @throws {TenancyError} `not-found` */
  read(user: EdgeUser, id: number): Promise<Letter>;
  /** @throws {TenancyError} `invalid` with what the submission said */
  send(
    user: EdgeUser,
    input: z.output<typeof messageInput>,
  ): Promise<{ readonly id: string; readonly messageId: string }>;
  sent(user: EdgeUser, page: MailPage): Promise<SentLetter[]>;
  /** @throws {TenancyError} `not-found` */
  status(user: EdgeUser, id: string): Promise<SentLetter>;
}

const SEEN = '\\Seen';

export function createMailroom(host: Host, scope: Scope, hisp: Pick<Hisp, 'submit'>): Mailroom {
  const letter = async (user: EdgeUser, id: number): Promise<Letter> => {
    const found = Number.isSafeInteger(id) ? await readMailboxItem(scope, id) : undefined;
    if (!found || !user.addresses.includes(found.item.address)) {
      throw new TenancyError('not-found', 'There is no such message.');
    }
    return { ...found, shown: displayMessage(found.bytes) };
  };
  return {
    inbox: (user, page) => inboxItems(scope, user.addresses, page),
    letter,
    async read(user, id) {
      const found = await letter(user, id);
      const folder = await folderById(scope, found.item.folder_id);
      if (folder) {
        await setFlags(scope, folder, [found.item.uid], (flags) => [...flags, SEEN]);
      }
      return found;
    },
    async send(user, input) {
      const from = input.from ?? user.addresses[0];
      if (!user.addresses.includes(from)) {
        throw new TenancyError('forbidden', `You may not send as ${from}.`);
      }
      try {
        const bytes = composeMessage({
          from,
          to: input.to,
          subject: input.subject,
          date: host.now(),
          messageId: `${host.random.uuid()}@${from.slice(from.lastIndexOf('@') + 1)}`,
          text: input.text,
          attachments: input.attachments.map(({ name, type, content }) => ({
            name,
            type,
            bytes: Buffer.from(content, 'base64'),
          })),
          boundary: `part-${host.random.uuid()}`,
          ...(input.requestDelivery ? { extraHeaders: finalDeliveryRequest(from) } : {}),
        });
        return await hisp.submit({ from, to: input.to, bytes });
      } catch (error) {
        if (error instanceof SubmissionError || error instanceof MailError) {
          throw new TenancyError('invalid', `The message was not taken: ${error.message}.`);
        }
        throw error;
      }
    },
    async sent(user, page) {
      const rows = await sentMessages(scope, user.addresses, page);
      const letters: SentLetter[] = [];
      for (const { id } of rows) {
        const fate = await fateOf(scope, user.addresses, id);
        if (fate) letters.push(await sentLetter(scope, fate));
      }
      return letters;
    },
    async status(user, id) {
      const fate = await fateOf(scope, user.addresses, id);
      if (!fate) throw new TenancyError('not-found', 'There is no such message of yours.');
      return sentLetter(scope, fate);
    },
  };
}

async function sentLetter(scope: Scope, { message, recipients, journal }: Fate): Promise<SentLetter> {
  const { subject } = displayMessage(await getBlob(scope, message.bytes_sha256));
  return {
    id: message.id,
    from: message.envelope_from,
    messageId: message.internet_id,
    subject,
    at: message.received_at,
    recipients: recipients.map((row) => recipientFate(message, row, journal)),
  };
}

function recipientFate(message: MessageRow, row: RecipientRow, journal: Fate['journal']): RecipientFate {
  const [first] = row.causes === null ? [] : (JSON.parse(row.causes) as Cause[]);
  const events = journal
    .filter(({ address }) => address === row.address)
    .map(({ at, event, detail }) => ({ at, event, detail: detailText(detail) }));
  const failed = row.state === 'failed' || row.state === 'timed-out';
  return {
    address: row.written,
    state: row.state,
    stage: row.stage,
    attempts: row.attempts,
    ...(row.stage === 'prepare' || row.stage === 'transmit'
      ? { again: { nextAt: row.next_at, until: row.deadline } }
      : {}),
    ...(first
      ? {
          cause: {
            code: first.code,
            sentence: plainSentence(first, 'encrypt'),
            ...(failed ? { advice: adviceFor(first) } : {}),
          },
        }
      : {}),
    timeline: [{ at: message.received_at, event: 'message.submitted', detail: '' }, ...events],
  };
}

/** A cause, or a list of causes, as the journal keeps them; anything else says nothing here. */
function detailText(detail: string | null): string {
  if (detail === null) return '';
  const read: unknown = JSON.parse(detail);
  const [first] = Array.isArray(read) ? (read as unknown[]) : [read];
  const isCause = typeof first === 'object' && first !== null && 'code' in first && 'params' in first;
  return isCause ? plainSentence(first as Cause, 'encrypt') : '';
}
