/**
 * Stages Wrapping and MIME message: the message of the user (REQ-AS-12, -14, -17, REQ-DN-01).
 *
 * @module
 */
import { addressKey } from '../../../../mail/address.ts';
import { decodedBody, type Entity, isClosed, isMultipart, parts } from '../../../../mail/entity.ts';
import { MailError } from '../../../../mail/error.ts';
import { FINAL_DELIVERY } from '../../../../mail/mdn.ts';
import { readParameterized } from '../../../../mail/parameters.ts';
import { cause } from '../../../../outcome/cause.ts';
import { addressesIn, judgeFields } from './outside.ts';
import { type Look, sentCheck } from './sent-check.ts';

export const sentWrapped = sentCheck(
  'sent-wrapped',
  'Wrapping: the signed content is message/rfc822 in a readable encoding',
  ({ content }) => content,
  (content, { letter: { inner }, say, differs, seen }) => {
    const { type } = content.contentType;
    if (type !== 'message/rfc822') say('fail', cause('message.not-wrapped', { found: type }));
    else if (content.defects.includes('transfer-encoding') || content.encoding === 'binary') {
      const found = content.header('content-transfer-encoding') ?? 'none';
      differs('fail', 'the transfer encoding', '7bit, 8bit, quoted-printable or base64', found);
    } else if ('missing' in inner) differs('fail', 'the wrapped message', 'readable', inner.missing);
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
    const [outside, inside] = [addressesIn(outer, 'from'), addressesIn(inner, 'from')];
    if (outside.join() !== inside.join()) {
      look.differs('fail', 'From outside', inside.join(', ') || 'none', outside.join(', ') || 'none');
    }
    const shown = addressesIn(inner, 'to', 'cc');
    const strangers = addressesIn(outer, 'to', 'cc').filter(
      (address) => !shown.includes(addressKey(address)),
    );
    if (strangers.length > 0) {
      look.differs('fail', 'To and Cc outside', `some of ${shown.join(', ')}`, strangers.join(', '));
    }
    look.seen('the inner fields', inner.headers.map(({ name }) => name).join(', '));
  },
);

export const sentMime = sentCheck(
  'sent-mime',
  'MIME message: type, encoding and boundary are sane',
  ({ inner }) => inner,
  (inner, look) => {
    const { differs, seen } = look;
    const told = { type: inner.header('content-type'), encoding: inner.header('content-transfer-encoding') };
    if (inner.defects.includes('content-type')) {
      differs('fail', 'Content-Type', 'a media type', told.type ?? 'none');
    }
    if (inner.defects.includes('transfer-encoding')) {
      differs(
        'fail',
        'Content-Transfer-Encoding',
        '7bit, 8bit, quoted-printable or base64',
        `${told.encoding}`,
      );
    }
    if (told.type === undefined) differs('warn', 'Content-Type', 'a media type', 'none');
    for (const field of ['Content-Type', 'Content-Transfer-Encoding']) {
      const count = inner.headerAll(field).length;
      if (count > 1) differs('fail', field, 'one field', `${count}`);
    }
    if (isMultipart(inner)) judgeMultipart(inner, look);
    else judgeBody(inner, look);
    seen('the message', `${inner.contentType.type}, ${inner.encoding}`);
  },
);

function judgeMultipart(inner: Entity, { differs, seen }: Look): void {
  const boundary = inner.contentType.parameters['boundary'] ?? '';
  if (boundary === '' || boundary.length > 70) {
    differs('fail', 'the boundary', '1 to 70 characters', `${boundary.length}`);
    return;
  }
  if (inner.encoding === 'base64' || inner.encoding === 'quoted-printable') {
    differs('fail', 'the encoding of a multipart', '7bit, 8bit or binary', inner.encoding);
  }
  try {
    const count = parts(inner).length;
    if (count === 0 || !isClosed(inner))
      differs('fail', 'the parts', 'some, and a last boundary', `${count}`);
    seen('the parts', `${count}`);
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    differs('fail', 'the parts', 'readable', error.message);
  }
}

function judgeBody(inner: Entity, { differs }: Look): void {
  try {
    decodedBody(inner);
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    differs('fail', 'the body', inner.encoding, error.message);
  }
}

/** The Subject of a message that carries an XDM package (wire-facts §11). */
const XDM_SUBJECT = 'XDM/1.0/DDM';

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

function hasZip(inner: Entity): boolean {
  try {
    return parts(inner).some(({ contentType, header }) => {
      const file = readParameterized(header('content-disposition') ?? '').parameters['filename'];
      const name = file ?? contentType.parameters['name'] ?? '';
      return contentType.type === 'application/zip' || name.toLowerCase().endsWith('.zip');
    });
  } catch (error) {
    // What is wrong with the parts is told by another check.
    if (error instanceof MailError) return false;
    throw error;
  }
}

const REQUEST = `${FINAL_DELIVERY}=optional,true`;

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
    if (value?.replace(/\s/g, '') !== REQUEST) {
      differs('fail', 'Disposition-Notification-Options', REQUEST, value ?? 'none');
    }
    if (to === undefined) differs('warn', 'Disposition-Notification-To', 'the sender', 'none');
    seen('Disposition-Notification-Options', value ?? 'none');
  },
);
