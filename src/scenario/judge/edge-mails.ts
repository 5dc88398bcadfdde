/**
 * What the edge showed to its users, as the steps that read it saw it: from our own store today, over POP3 or IMAP from
 * a system outside.
 *
 * @module
 */
import { z } from 'zod';
import { addressKey } from '../../mail/address.ts';
import { readDsn } from '../../mail/dsn.ts';
import { readEntity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import { readMdn } from '../../mail/mdn.ts';
import { messageIdKey } from '../../mail/message-id.ts';
import type { RunView } from './view.ts';

/** One outcome that a mail at the edge tells of one recipient. */
export interface EdgeOutcome {
  readonly event: number;
  readonly outcome: 'failed' | 'delivered';
  /** Compared form. */
  readonly recipient: string;
  /** Message-ID of the message that it speaks of, compared form; undefined when it does not say. */
  readonly about: string | undefined;
  readonly status: string | undefined;
  /** The code that it prints in our own extension. */
  readonly reason: string | undefined;
  /** What people read. */
  readonly text: string;
}

export interface EdgeReading {
  readonly event: number;
  readonly at: number;
  readonly part: 'main' | 'control';
  readonly outcomes: readonly EdgeOutcome[];
  /** Notices that tell the user of steps in between, which are no mail for people (REQ-MDN-12). */
  readonly raw: readonly { readonly event: number; readonly disposition: string }[];
  /** Messages in the queue, where that can be seen. */
  readonly pending: number | undefined;
}

const listSchema = z.looseObject({
  step: z.literal('edge'),
  read: z.string(),
  part: z.enum(['main', 'control']),
  pending: z.int().optional(),
});
const mailSchema = z.looseObject({ step: z.literal('edge-mail'), read: z.string(), part: z.string() });

/** The reading with this id; undefined when there was none. */
export function readingOf(
  view: Pick<RunView, 'events' | 'blob'>,
  id: string,
  part: EdgeReading['part'],
): EdgeReading | undefined {
  const steps = view.events.filter(({ kind }) => kind === 'step');
  for (const event of steps) {
    const list = listSchema.safeParse(event.summary);
    if (!list.success || list.data.read !== id || list.data.part !== part) continue;
    const mails = steps.flatMap((mail) => {
      const parsed = mailSchema.safeParse(mail.summary);
      const mine = parsed.success && parsed.data.read === id && parsed.data.part === part;
      return mine && mail.blob ? [saidBy(mail.n, view.blob(mail.blob))] : [];
    });
    return {
      event: event.n,
      at: Date.parse(event.t),
      part,
      outcomes: mails.flatMap(({ outcomes }) => outcomes),
      raw: mails.flatMap(({ raw }) => raw),
      pending: list.data.pending,
    };
  }
  return undefined;
}

type Said = Pick<EdgeReading, 'outcomes' | 'raw'>;

function saidBy(event: number, bytes: Uint8Array): Said {
  try {
    const entity = readEntity(bytes);
    const dsn = readDsn(entity);
    if (dsn) {
      const about = messageIdKey(dsn.originalMessageId);
      const outcomes = dsn.recipients.flatMap(({ recipient, action, status, reason }): EdgeOutcome[] =>
        recipient !== undefined && (action === 'failed' || action === 'delivered')
          ? [
              {
                event,
                outcome: action,
                recipient: addressKey(recipient),
                about,
                status,
                reason,
                text: dsn.text,
              },
            ]
          : [],
      );
      return { outcomes, raw: [] };
    }
    const mdn = readMdn(entity);
    if (!mdn) return { outcomes: [], raw: [] };
    const outcome = mdn.negative
      ? ('failed' as const)
      : mdn.disposition?.type === 'dispatched' || mdn.disposition?.type === 'displayed'
        ? ('delivered' as const)
        : undefined;
    if (outcome === undefined || mdn.recipient === undefined) {
      return { outcomes: [], raw: [{ event, disposition: mdn.disposition?.type ?? 'none' }] };
    }
    const about = messageIdKey(mdn.originalMessageId);
    const recipient = addressKey(mdn.recipient);
    const told = { status: undefined, reason: undefined, text: mdn.text };
    return { outcomes: [{ event, outcome, recipient, about, ...told }], raw: [] };
  } catch (error) {
    if (error instanceof MailError) return { outcomes: [], raw: [] };
    throw error;
  }
}
