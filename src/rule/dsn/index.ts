/**
 * The rules of delivery status notifications. A rule is one file, and one line in this list.
 *
 * @module
 */
import type { Rule } from '../rule.ts';
import { action } from './action.ts';
import { finalRecipient } from './final-recipient.ts';
import { messageId } from './message-id.ts';
import { noContext } from './no-context.ts';
import { noRequest } from './no-request.ts';
import { originalMessageId } from './original-message-id.ts';
import { parts } from './parts.ts';
import { recipients } from './recipients.ts';
import { reportType } from './report-type.ts';
import { reportingMta } from './reporting-mta.ts';
import { status } from './status.ts';
import { statusAgrees } from './status-agrees.ts';
import type { DsnSubject } from './subject.ts';

export const DSN_RULES: readonly Rule<DsnSubject>[] = [
  reportType,
  parts,
  messageId,
  noRequest,
  noContext,
  reportingMta,
  recipients,
  finalRecipient,
  action,
  status,
  statusAgrees,
  originalMessageId,
];
