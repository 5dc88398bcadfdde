/**
 * Stages Wrapping and MIME message: the message of the user (REQ-AS-12, -14, -17, REQ-DN-01).
 *
 * @module
 */
import { cause } from '../../../../outcome/cause.ts';
import {
  asksExactly,
  bodyFaults,
  DELIVERY_REQUEST,
  hasZip,
  mimeFaults,
  wrappingFault,
  XDM_SUBJECT,
} from '../../../../rule/message/facts/content.ts';
import {
  type Difference,
  outerFromFault,
  outerRecipientFault,
} from '../../../../rule/message/facts/header.ts';
import { judgeFields } from './outside.ts';
import { type Look, sentCheck } from './sent-check.ts';

const failAll = (faults: readonly (Difference | undefined)[], { differs }: Pick<Look, 'differs'>): void => {
  for (const fault of faults) if (fault) differs('fail', fault.what, fault.expected, fault.found);
};

export const sentWrapped = sentCheck(
  'sent-wrapped',
  'Wrapping: the signed content is message/rfc822 in a readable encoding',
  ({ content }) => content,
  (content, { letter: { inner }, say, differs, seen }) => {
    const { type } = content.contentType;
    const encoding = wrappingFault(content);
    if (type !== 'message/rfc822') say('fail', cause('message.not-wrapped', { found: type }));
    else if (encoding) failAll([encoding], { differs });
    else if ('missing' in inner) differs('fail', 'the wrapped message', 'readable', inner.missing);
    seen('the content', `${type}, ${content.encoding}`);
  },
);

export const sentHeaders = sentCheck(
  'sent-headers',
  'Wrapping: the inner fields are complete and agree with the outer ones',
  ({ inner }) => inner,
  (inner, look) => {
    judgeFields(inner, 'inside', look);
    const { envelope } = look.letter;
    if ('missing' in envelope) return;
    const { outer } = envelope.value;
    failAll([outerFromFault(outer, inner), outerRecipientFault(outer, inner)], look);
    look.seen('the inner fields', inner.headers.map(({ name }) => name).join(', '));
  },
);

export const sentMime = sentCheck(
  'sent-mime',
  'MIME message: type, encoding and boundary are sane',
  ({ inner }) => inner,
  (inner, look) => {
    const { differs, seen } = look;
    failAll(mimeFaults(inner), look);
    if (inner.header('content-type') === undefined) differs('warn', 'Content-Type', 'a media type', 'none');
    failAll(bodyFaults(inner), look);
    seen('the message', `${inner.contentType.type}, ${inner.encoding}`);
  },
);

export const sentSubject = sentCheck(
  'sent-subject',
  'MIME message: it has a Subject, XDM/1.0/DDM when it carries a zip file',
  ({ inner }) => inner,
  (inner, { differs, seen }) => {
    const subject = inner.header('subject')?.trim() ?? '';
    if (subject === '') differs('warn', 'Subject', 'a subject', 'none');
    if (subject !== '' && hasZip(inner) && !subject.includes(XDM_SUBJECT)) {
      differs('warn', 'Subject of a message with a zip file', XDM_SUBJECT, subject);
    }
    seen('Subject', 'present');
  },
);

export const sentRequest = sentCheck(
  'sent-request',
  'MIME message: a request for delivery notification is spelled exactly',
  ({ inner }, view) => {
    if ('missing' in inner) return inner;
    const asked = view.sent.some(({ requests }) => requests);
    const value = inner.value.header('disposition-notification-options');
    return asked || value !== undefined
      ? { value: { value, to: inner.value.header('disposition-notification-to') } }
      : { missing: 'no notice of delivery was asked for' };
  },
  ({ value, to }, { differs, seen }) => {
    if (!asksExactly(value))
      differs('fail', 'Disposition-Notification-Options', DELIVERY_REQUEST, value ?? 'none');
    if (to === undefined) differs('warn', 'Disposition-Notification-To', 'the sender', 'none');
    seen('Disposition-Notification-Options', value ?? 'none');
  },
);
