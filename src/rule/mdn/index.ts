/**
 * The rules of disposition notifications. A rule is one file, and one line in this list.
 *
 * @module
 */
import type { Rule } from '../rule.ts';
import { deliveryExtension } from './delivery-extension.ts';
import { deliveryPlace } from './delivery-place.ts';
import { deliveryUnasked } from './delivery-unasked.ts';
import { disposition } from './disposition.ts';
import { dispositionMode } from './disposition-mode.ts';
import { finalRecipient } from './final-recipient.ts';
import { messageId } from './message-id.ts';
import { noContext } from './no-context.ts';
import { noRequest } from './no-request.ts';
import { originalMessageId } from './original-message-id.ts';
import { parts } from './parts.ts';
import { reportType } from './report-type.ts';
import { reportingUa } from './reporting-ua.ts';
import type { MdnSubject } from './subject.ts';

export const MDN_RULES: readonly Rule<MdnSubject>[] = [
  reportType,
  parts,
  messageId,
  noRequest,
  noContext,
  finalRecipient,
  originalMessageId,
  reportingUa,
  disposition,
  dispositionMode,
  deliveryExtension,
  deliveryPlace,
  deliveryUnasked,
];
