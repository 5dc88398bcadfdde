/**
 * Stage Encryption, what everybody on the way can read: names, outer fields, SMTP envelope (REQ-AS-11, -13, -15, -16).
 *
 * @module
 */
import { addressKey } from '../../../../mail/address.ts';
import type { Entity } from '../../../../mail/entity.ts';
import { cause } from '../../../../outcome/cause.ts';
import {
  addressesIn,
  fieldFaults,
  foreignFields,
  nameFaults,
  tellingFields,
} from '../../../../rule/message/facts/header.ts';
import { type Look, sentCheck, sinceThirteen } from './sent-check.ts';

export const sentNames = sentCheck(
  'sent-names',
  'Encryption: name and file name are smime.p7m, as an attachment',
  ({ envelope }) => envelope,
  ({ outer }, { differs, seen }) => {
    for (const { what, expected, found } of nameFaults(outer)) differs('warn', what, expected, found);
    seen('the names', 'smime.p7m, attachment');
  },
);

/** Says what is wrong with the fields that every message has. */
export function judgeFields(entity: Entity, where: string, { differs }: Pick<Look, 'differs'>): void {
  for (const { what, expected, found } of fieldFaults(entity))
    differs('fail', `${what} ${where}`, expected, found);
}

export const sentOuter = sentCheck(
  'sent-outer',
  'Encryption: the outer fields are complete, plain ASCII, and tell nothing of the content',
  ({ envelope }) => envelope,
  ({ outer }, look) => {
    const { differs, say, seen, letter } = look;
    judgeFields(outer, 'outside', look);
    const foreign = foreignFields(outer);
    if (foreign.length > 0) {
      differs('fail', 'the outer fields', 'ASCII', `other octets in ${foreign.join(', ')}`);
    }
    if (outer.header('bcc') !== undefined) say('warn', cause('message.bcc-present', {}));
    const inner = 'value' in letter.inner ? letter.inner.value : undefined;
    for (const name of tellingFields(outer, inner)) differs('warn', 'the outer fields', `no ${name}`, name);
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
