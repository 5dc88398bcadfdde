/**
 * Delivery status notifications (RFC 3464, wire-facts §8): here, the failure notice.
 *
 * @module
 */
import { formatDate, readDate } from './date.ts';
import type { Entity } from './entity.ts';
import { bracketed, messageIdKey } from './message-id.ts';
import {
  composeReport,
  fieldValue,
  type Report,
  type ReportField,
  type ReportHeader,
  readReport,
  reportAddress,
} from './report.ts';

export type DsnAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

export interface DsnRecipient {
  readonly finalRecipient: string | undefined;
  readonly originalRecipient: string | undefined;
  /** For matching: the original recipient where given, else the final one. */
  readonly recipient: string | undefined;
  /** Lower case; one of `DsnAction` or something else. Only `failed` ends a recipient (REQ-DN-17). */
  readonly action: string | undefined;
  /** `5.1.1`, without comments. */
  readonly status: string | undefined;
  /** Without its type, for example `550 5.1.1 no such user`. */
  readonly diagnostic: string | undefined;
  readonly diagnosticType: string | undefined;
  /** Our extension X-Direct-Reason: a code of `outcome/cause.ts`. */
  readonly reason: string | undefined;
  readonly fields: readonly ReportField[];
}

export interface Dsn extends Report {
  readonly reportingMta: string | undefined;
  /** Compared form: X-Original-Message-ID, else Original-Message-ID, else In-Reply-To, else References. */
  readonly originalMessageId: string | undefined;
  readonly arrivalDate: number | undefined;
  readonly recipients: readonly DsnRecipient[];
  /** The per-message block. */
  readonly fields: readonly ReportField[];
}

/**
 * The notification in a message, or undefined when the message is none. Every recipient has the Action and Status of
 * its own block.
 *
 * @throws {MailError} `limit`, `base64`
 */
export function readDsn(message: Uint8Array | Entity): Dsn | undefined {
  const report =
    readReport(message, 'message/delivery-status') ?? readReport(message, 'message/global-delivery-status');
  if (!report) return undefined;
  const { blocks, ...common } = report;
  const { perMessage, perRecipient } = sortBlocks(blocks);
  return {
    ...common,
    reportingMta: fieldValue(perMessage, 'reporting-mta')?.replace(/^\s*[\w-]+\s*;\s*/, ''),
    originalMessageId:
      messageIdKey(
        fieldValue(perMessage, 'x-original-message-id') ?? fieldValue(perMessage, 'original-message-id'),
      ) ?? common.inReplyTo,
    arrivalDate: readDate(fieldValue(perMessage, 'arrival-date')),
    recipients: perRecipient.map(readRecipient),
    fields: perMessage,
  };
}

const isRecipientField = ({ key }: ReportField): boolean =>
  key === 'final-recipient' || key === 'original-recipient';

/**
 * Blocks as they were meant: an empty line too many inside a block joins it again, and a second Final-Recipient
 * without an empty line before it begins another block.
 */
function sortBlocks(blocks: readonly (readonly ReportField[])[]): {
  perMessage: ReportField[];
  perRecipient: ReportField[][];
} {
  const perMessage: ReportField[] = [];
  const perRecipient: ReportField[][] = [];
  let current = perMessage;
  for (const block of blocks) {
    let opened = false;
    for (const field of block) {
      const repeats = current !== perMessage && current.some(({ key }) => key === field.key);
      if (isRecipientField(field) && (!opened || repeats)) {
        current = [];
        perRecipient.push(current);
        opened = true;
      }
      current.push(field);
    }
  }
  return { perMessage, perRecipient };
}

function readRecipient(fields: readonly ReportField[]): DsnRecipient {
  const finalRecipient = reportAddress(fieldValue(fields, 'final-recipient'));
  const originalRecipient = reportAddress(fieldValue(fields, 'original-recipient'));
  const diagnostic = /^\s*([\w-]+)\s*;\s*(.*)$/s.exec(fieldValue(fields, 'diagnostic-code') ?? '');
  return {
    finalRecipient,
    originalRecipient,
    recipient: originalRecipient ?? finalRecipient,
    action: fieldValue(fields, 'action')
      ?.replace(/\([^()]*\)/g, '')
      .trim()
      .toLowerCase(),
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fieldValue(fields, 'status') ?? '')?.[0],
    diagnostic: diagnostic?.[2] ?? fieldValue(fields, 'diagnostic-code'),
    diagnosticType: diagnostic?.[1]?.toLowerCase(),
    reason: fieldValue(fields, 'x-direct-reason'),
    fields,
  };
}

export interface DsnRecipientParts {
  readonly finalRecipient: string;
  readonly originalRecipient?: string;
  readonly action: DsnAction;
  /** `5.7.1`. */
  readonly status: string;
  /** With its type: `X-Direct; discovery.none`, `smtp; 550 5.1.1 no such user`. */
  readonly diagnosticCode?: string;
  /** The code for X-Direct-Reason. */
  readonly reason?: string;
}

export interface DsnParts extends ReportHeader {
  /** Host name; written as `dns; host`. */
  readonly reportingMta: string;
  readonly originalMessageId?: string;
  /** Milliseconds since 1970 UTC. */
  readonly arrivalDate?: number;
  readonly recipients: readonly DsnRecipientParts[];
  /** A third part (`returnedHeaders`), only towards the sender's own edge. */
  readonly returned?: Uint8Array;
}

/**
 * A notification as a complete message.
 *
 * @throws {MailError} `compose`
 */
export function composeDsn(parts: DsnParts): Uint8Array {
  const first: [string, string][] = [['Reporting-MTA', `dns; ${parts.reportingMta}`]];
  if (parts.originalMessageId) first.push(['X-Original-Message-ID', bracketed(parts.originalMessageId)]);
  if (parts.arrivalDate !== undefined) first.push(['Arrival-Date', formatDate(parts.arrivalDate)]);
  const inReplyTo = parts.inReplyTo ?? parts.originalMessageId;
  return composeReport(
    { ...parts, ...(inReplyTo ? { inReplyTo } : {}) },
    'delivery-status',
    [first, ...parts.recipients.map(recipientBlock)],
    parts.returned,
  );
}

function recipientBlock(recipient: DsnRecipientParts): [string, string][] {
  const block: [string, string][] = [];
  if (recipient.originalRecipient)
    block.push(['Original-Recipient', `rfc822; ${recipient.originalRecipient}`]);
  block.push(
    ['Final-Recipient', `rfc822; ${recipient.finalRecipient}`],
    ['Action', recipient.action],
    ['Status', recipient.status],
  );
  if (recipient.diagnosticCode) block.push(['Diagnostic-Code', recipient.diagnosticCode]);
  if (recipient.reason) block.push(['X-Direct-Reason', recipient.reason]);
  return block;
}
