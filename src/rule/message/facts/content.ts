/**
 * Facts of the message that is inside, for rules and for the judge of scenarios.
 *
 * @module
 */
import { decodedBody, type Entity, isClosed, isMultipart, parts } from '../../../mail/entity.ts';
import { MailError } from '../../../mail/error.ts';
import { FINAL_DELIVERY } from '../../../mail/mdn.ts';
import { messageIdKey } from '../../../mail/message-id.ts';
import { readParameterized } from '../../../mail/parameters.ts';
import type { Difference } from './header.ts';

const ENCODINGS = '7bit, 8bit, quoted-printable or base64';

/** What is wrong with the transfer encoding of what was wrapped (REQ-AS-12, -43). */
export function wrappingFault(content: Entity): Difference | undefined {
  if (!content.defects.includes('transfer-encoding') && content.encoding !== 'binary') return undefined;
  const found = content.header('content-transfer-encoding') ?? 'none';
  return { what: 'the transfer encoding', expected: ENCODINGS, found };
}

/** What is wrong with type and encoding of the message. */
export function mimeFaults(inner: Entity): Difference[] {
  const told = { type: inner.header('content-type'), encoding: inner.header('content-transfer-encoding') };
  return [
    ...(inner.defects.includes('content-type')
      ? [{ what: 'Content-Type', expected: 'a media type', found: told.type ?? 'none' }]
      : []),
    ...(inner.defects.includes('transfer-encoding')
      ? [{ what: 'Content-Transfer-Encoding', expected: ENCODINGS, found: `${told.encoding}` }]
      : []),
    ...['Content-Type', 'Content-Transfer-Encoding'].flatMap((what) => {
      const count = inner.headerAll(what).length;
      return count > 1 ? [{ what, expected: 'one field', found: `${count}` }] : [];
    }),
  ];
}

/** What is wrong with the parts of a multipart, or with the body of anything else. */
export const bodyFaults = (inner: Entity): Difference[] =>
  isMultipart(inner) ? multipartFaults(inner) : singleFaults(inner);

function multipartFaults(inner: Entity): Difference[] {
  const boundary = inner.contentType.parameters['boundary'] ?? '';
  if (boundary === '' || boundary.length > 70)
    return [{ what: 'the boundary', expected: '1 to 70 characters', found: `${boundary.length}` }];
  const { encoding } = inner;
  const faults: Difference[] =
    encoding === 'base64' || encoding === 'quoted-printable'
      ? [{ what: 'the encoding of a multipart', expected: '7bit, 8bit or binary', found: encoding }]
      : [];
  try {
    const count = parts(inner).length;
    if (count === 0 || !isClosed(inner))
      faults.push({ what: 'the parts', expected: 'some, and a last boundary', found: `${count}` });
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    faults.push({ what: 'the parts', expected: 'readable', found: error.message });
  }
  return faults;
}

function singleFaults(inner: Entity): Difference[] {
  try {
    decodedBody(inner);
    return [];
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    return [{ what: 'the body', expected: inner.encoding, found: error.message }];
  }
}

/** The parts of a multipart; none of what cannot be cut. */
export function readableParts(entity: Entity): Entity[] {
  try {
    return parts(entity);
  } catch (error) {
    // what is wrong with the parts is told by `bodyFaults`
    if (error instanceof MailError) return [];
    throw error;
  }
}

/** The Subject of a message that carries an XDM package (wire-facts §11). */
export const XDM_SUBJECT = 'XDM/1.0/DDM';

/** Whether one of the parts is a zip file, by its type or its name. */
export const hasZip = (inner: Entity): boolean =>
  readableParts(inner).some(({ contentType, header }) => {
    const file = readParameterized(header('content-disposition') ?? '').parameters['filename'];
    const name = file ?? contentType.parameters['name'] ?? '';
    return contentType.type === 'application/zip' || name.toLowerCase().endsWith('.zip');
  });

/** The value of Disposition-Notification-Options that asks for notice of delivery (REQ-DN-01). */
export const DELIVERY_REQUEST = `${FINAL_DELIVERY}=optional,true`;

/** Whether the field is spelled exactly, but for blanks. */
export const asksExactly = (value: string | undefined): boolean =>
  value?.replace(/\s/g, '') === DELIVERY_REQUEST;

/** The field that names the part with the context of a message (REQ-CTX-01). */
export const CONTEXT = 'X-Direct-Context';

/** The part that the field names, at the first level of the message. */
export function contextPart(inner: Entity): Entity | undefined {
  const id = messageIdKey(inner.header(CONTEXT));
  return id === undefined
    ? undefined
    : readableParts(inner).find(({ header }) => messageIdKey(header('content-id')) === id);
}
