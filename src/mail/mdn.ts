/**
 * Disposition notifications (RFC 8098, wire-facts §7): processed, dispatched, failed.
 *
 * @module
 */
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

/** The extension of the Implementation Guide for Delivery Notification. */
export const FINAL_DELIVERY = 'X-DIRECT-FINAL-DESTINATION-DELIVERY';

export interface Disposition {
  /** `automatic-action/mdn-sent-automatically`, lower case, without blanks. */
  readonly mode: string;
  /** `processed`, `dispatched`, `displayed`, `deleted`, `denied`, `failed`, `error`, `failure` or another; lower case. */
  readonly type: string;
  /** After the type's slash, lower case: `error`, `warning`, … */
  readonly modifiers: readonly string[];
}

export interface Mdn extends Report {
  readonly reportingUa: string | undefined;
  /** Addresses without their `rfc822;`, in any form met. */
  readonly originalRecipient: string | undefined;
  readonly finalRecipient: string | undefined;
  /** For matching: the original recipient where given, else the final one. */
  readonly recipient: string | undefined;
  /** Compared form (`messageIdKey`): the field, else In-Reply-To, else References. */
  readonly originalMessageId: string | undefined;
  readonly originalMessageIdFrom: 'field' | 'reply-header' | undefined;
  readonly disposition: Disposition | undefined;
  /** failed, denied, error or failure, or modified by error (REQ-DN-16). */
  readonly negative: boolean;
  /** Whether the report part has the final-delivery field; in the disposition it does not count (REQ-DN-05). */
  readonly finalDelivery: boolean;
  /** Texts of Failure, Error and Warning fields, in that order. */
  readonly reasons: readonly string[];
  readonly fields: readonly ReportField[];
}

const NEGATIVE = new Set(['failed', 'failure', 'denied', 'error']);

/**
 * The notification in a message, or undefined when the message is none. Fields that are missing are undefined.
 *
 * @throws {MailError} `limit`, `base64`
 */
export function readMdn(message: Uint8Array | Entity): Mdn | undefined {
  const report = readReport(message, 'message/disposition-notification');
  if (!report) return undefined;
  const { blocks, ...common } = report;
  // One recipient, one block: empty lines between fields mean nothing here.
  const fields = blocks.flat();
  const disposition = readDisposition(fieldValue(fields, 'disposition'));
  const originalRecipient = reportAddress(fieldValue(fields, 'original-recipient'));
  const finalRecipient = reportAddress(fieldValue(fields, 'final-recipient'));
  const named = messageIdKey(fieldValue(fields, 'original-message-id'));
  return {
    ...common,
    reportingUa: fieldValue(fields, 'reporting-ua'),
    originalRecipient,
    finalRecipient,
    recipient: originalRecipient ?? finalRecipient,
    originalMessageId: named ?? common.inReplyTo,
    originalMessageIdFrom: named ? 'field' : common.inReplyTo ? 'reply-header' : undefined,
    disposition,
    negative: disposition !== undefined && isNegative(disposition),
    finalDelivery: fields.some(({ key }) => key === FINAL_DELIVERY.toLowerCase()),
    reasons: ['failure', 'error', 'warning'].flatMap((name) =>
      fields.filter(({ key }) => key === name).map(({ value }) => value),
    ),
    fields,
  };
}

const isNegative = (disposition: Disposition): boolean =>
  NEGATIVE.has(disposition.type) || disposition.modifiers.includes('error');

/** `mode; type/modifier,modifier`, blanks and case ignored (REQ-MDN-07); undefined without a type. */
export function readDisposition(value: string | undefined): Disposition | undefined {
  const text = (value ?? '')
    .replace(/\([^()]*\)/g, '')
    .replace(/\s+/g, '')
    .toLowerCase();
  const semicolon = text.indexOf(';');
  const mode = semicolon < 0 ? '' : text.slice(0, semicolon);
  const rest = text.slice(semicolon + 1);
  const slash = rest.indexOf('/');
  const type = slash < 0 ? rest : rest.slice(0, slash);
  if (type === '') return undefined;
  const modifiers =
    slash < 0
      ? []
      : rest
          .slice(slash + 1)
          .split(/[,/]/)
          .filter((word) => word !== '');
  return { mode, type, modifiers };
}

/**
 * Whether the message asks for the dispatched notification (wire-facts §7): with blanks taken out and in lower case,
 * one of the `;`-separated parameters is exactly `x-direct-final-destination-delivery=optional,true`.
 */
export const requestsFinalDelivery = (message: Entity): boolean =>
  message.headerAll('Disposition-Notification-Options').some(isFinalDeliveryOption);

/** The rule of `requestsFinalDelivery` for one value of the field. */
export const isFinalDeliveryOption = (value: string): boolean =>
  value
    .replace(/\s+/g, '')
    .toLowerCase()
    .split(';')
    .includes(`${FINAL_DELIVERY.toLowerCase()}=optional,true`);

/** The request headers that the sender's system writes into the original message (REQ-DN-01, REQ-DN-02). */
export const finalDeliveryRequest = (sender: string): [name: string, value: string][] => [
  ['Disposition-Notification-To', `<${sender}>`],
  ['Disposition-Notification-Options', `${FINAL_DELIVERY}=optional,true`],
];

export interface MdnParts extends ReportHeader {
  /** `host; product`. */
  readonly reportingUa: string;
  readonly finalRecipient: string;
  readonly originalRecipient?: string;
  /** Of the inner message. Left out when it had none. */
  readonly originalMessageId?: string;
  readonly disposition: 'processed' | 'dispatched' | 'displayed' | 'failed' | 'denied' | 'error' | 'deleted';
  readonly modifiers?: readonly string[];
  /** Writes the extension field: only in a dispatched notification that was asked for (REQ-DN-21). */
  readonly finalDelivery?: boolean;
  /** Reason of a failed notification. */
  readonly failure?: string;
  /** Further fields of the report part, before the disposition. */
  readonly extraFields?: readonly (readonly [name: string, value: string])[];
}

/**
 * A notification as a complete message, to be wrapped, signed and encrypted like any other.
 *
 * @throws {MailError} `compose`
 */
export function composeMdn(parts: MdnParts): Uint8Array {
  const modifiers = parts.modifiers?.length ? `/${parts.modifiers.join(',')}` : '';
  const fields: [string, string][] = [['Reporting-UA', parts.reportingUa]];
  if (parts.originalRecipient) fields.push(['Original-Recipient', `rfc822; ${parts.originalRecipient}`]);
  fields.push(['Final-Recipient', `rfc822; ${parts.finalRecipient}`]);
  if (parts.originalMessageId) fields.push(['Original-Message-ID', bracketed(parts.originalMessageId)]);
  if (parts.finalDelivery) fields.push([FINAL_DELIVERY, '']);
  for (const [name, value] of parts.extraFields ?? []) fields.push([name, value]);
  fields.push(['Disposition', `automatic-action/MDN-sent-automatically; ${parts.disposition}${modifiers}`]);
  if (parts.failure) fields.push(['Failure', parts.failure]);
  const inReplyTo = parts.inReplyTo ?? parts.originalMessageId;
  return composeReport({ ...parts, ...(inReplyTo ? { inReplyTo } : {}) }, 'disposition-notification', [
    fields,
  ]);
}
