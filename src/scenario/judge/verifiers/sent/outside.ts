/**
 * Stage Encryption, what everybody on the way can read: names, outer fields, SMTP envelope (REQ-AS-11, -13, -15, -16).
 *
 * @module
 */
import { addressKey, parseAddressList } from '../../../../mail/address.ts';
import { readDate } from '../../../../mail/date.ts';
import type { Entity } from '../../../../mail/entity.ts';
import { messageIdKey } from '../../../../mail/message-id.ts';
import { readParameterized } from '../../../../mail/parameters.ts';
import { cause } from '../../../../outcome/cause.ts';
import { type Look, sentCheck, sinceThirteen } from './sent-check.ts';

export const sentNames = sentCheck(
  'sent-names',
  'Encryption: name and file name are smime.p7m, as an attachment',
  ({ envelope }) => envelope,
  ({ outer }, { differs, seen }) => {
    const { parameters } = outer.contentType;
    const disposition = readParameterized(outer.header('content-disposition') ?? '');
    const wanted = [
      ['the name', 'smime.p7m', parameters['name']],
      ['the disposition', 'attachment', disposition.value || undefined],
      ['the file name', 'smime.p7m', disposition.parameters['filename']],
    ] as const;
    for (const [what, expected, found] of wanted) {
      if (found?.toLowerCase() !== expected) differs('warn', what, expected, found ?? 'none');
    }
    seen('the names', 'smime.p7m, attachment');
  },
);

/** Addresses of these fields, in the form in which they are compared. */
export const addressesIn = (entity: Entity, ...names: string[]): string[] =>
  names.flatMap((name) => entity.headerAll(name).flatMap(parseAddressList)).map(addressKey);

/** Says what is wrong with the fields that every message has. */
export function judgeFields(entity: Entity, where: string, { differs }: Pick<Look, 'differs'>): void {
  const wrong = (field: string, expected: string, found: string): void =>
    differs('fail', `${field} ${where}`, expected, found);
  const from = addressesIn(entity, 'from');
  if (from.length !== 1) wrong('From', 'one address', from.join(', ') || 'none');
  if (addressesIn(entity, 'to', 'cc').length === 0) wrong('To', 'an address', 'none');
  if (readDate(entity.header('date')) === undefined) wrong('Date', 'a date', entity.header('date') ?? 'none');
  if (!messageIdKey(entity.header('message-id'))) wrong('Message-ID', 'an identifier', 'none');
  if (entity.header('mime-version')?.trim() !== '1.0') {
    wrong('MIME-Version', '1.0', entity.header('mime-version') ?? 'none');
  }
  for (const field of ['From', 'To', 'Cc', 'Date', 'Message-ID', 'MIME-Version', 'Subject']) {
    const count = entity.headerAll(field).length;
    if (count > 1) wrong(field, 'one field', `${count}`);
  }
}

const TELLING: ReadonlySet<string> = new Set(['subject', 'comments', 'keywords']);
/** Fields that tell nothing of the content, whatever words they share with it. */
const KNOWN =
  /^(from|to|cc|sender|reply-to|date|orig-date|message-id|mime-version|in-reply-to|references|content-.*|received|return-path|dkim-signature)$/;

export const sentOuter = sentCheck(
  'sent-outer',
  'Encryption: the outer fields are complete, plain ASCII, and tell nothing of the content',
  ({ envelope }) => envelope,
  ({ outer }, look) => {
    const { differs, say, seen, letter } = look;
    judgeFields(outer, 'outside', look);
    const odd = outer.headers.filter(({ raw }) => raw.some((octet) => octet > 126));
    if (odd.length > 0) {
      differs(
        'fail',
        'the outer fields',
        'ASCII',
        `other octets in ${odd.map(({ name }) => name).join(', ')}`,
      );
    }
    if (outer.header('bcc') !== undefined) say('warn', cause('message.bcc-present', {}));
    const subject = 'value' in letter.inner ? letter.inner.value.header('subject')?.trim() : undefined;
    const telling = outer.headers.filter(
      ({ key, value }) =>
        value !== '' && (TELLING.has(key) || (!KNOWN.test(key) && !!subject && value.includes(subject))),
    );
    for (const { name } of telling) differs('warn', 'the outer fields', `no ${name}`, name);
    seen('the outer fields', outer.headers.map(({ name }) => name).join(', '));
  },
);

export const sentEnvelope = sentCheck(
  'sent-envelope',
  'Encryption: MAIL FROM is From or Sender of the wrapped message, every RCPT TO stands in its To or Cc',
  ({ inner }) => inner,
  (inner, { letter: { arrived }, view, say, seen }) => {
    const level = sinceThirteen(view);
    const from = addressesIn(inner, 'from', 'sender');
    if (!from.includes(addressKey(arrived.mailFrom))) {
      const params = {
        envelope: `MAIL FROM <${arrived.mailFrom}>`,
        inner: `From and Sender: ${from.join(', ')}`,
      };
      say(level, cause('message.envelope-mismatch', params));
    }
    const shown = addressesIn(inner, 'to', 'cc');
    for (const address of arrived.rcptTo) {
      if (shown.includes(address)) continue;
      const params = { envelope: `RCPT TO <${address}>`, inner: `To and Cc: ${shown.join(', ')}` };
      say(level, cause('message.envelope-mismatch', params));
    }
    seen('the envelope', `MAIL FROM <${arrived.mailFrom}>, RCPT TO ${arrived.rcptTo.join(', ')}`);
  },
);
