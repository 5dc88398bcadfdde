/**
 * The stages behind the signature: wrapping, the message with its parts, and what a notice says.
 *
 * @module
 */
import { hash } from 'node:crypto';
import { type Address, readAddressList } from '../../mail/address.ts';
import { readDate } from '../../mail/date.ts';
import { readDsn } from '../../mail/dsn.ts';
import { decodeWords } from '../../mail/encoded-words.ts';
import { decodedBody, type Entity, innerMessage, isMultipart, parts } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import { readMdn, requestsFinalDelivery } from '../../mail/mdn.ts';
import { messageIdKey } from '../../mail/message-id.ts';
import { readParameterized } from '../../mail/parameters.ts';
import { cause } from '../../outcome/cause.ts';
import type { Finding } from '../../outcome/check.ts';
import { mailCause } from '../mail-cause.ts';
import { differs, failed, warned } from './finding.ts';
import { reading } from './layers.ts';
import type { MimeStage, NoticeStage, PartTold, WrappingStage } from './stage.ts';

/** @param found media type of what was signed */
export const wrappingStage = (wrapped: boolean, found: string): WrappingStage => ({
  name: 'wrapping',
  wrapped,
  ...(wrapped
    ? { status: 'pass', findings: [] }
    : failed(cause('message.not-wrapped', { found }), 'REQ-AS-12')),
});

const MAX_PARTS = 1000;
const MAX_SHOWN = 100;

const texts = (message: Entity, name: string): Address[] =>
  message.headerAll(name).flatMap((value) => readAddressList(value).addresses);

export function mimeStage(message: Entity): MimeStage {
  const from = texts(message, 'from').map(({ address }) => address);
  const date = readDate(message.header('date'));
  const messageId = messageIdKey(message.header('message-id'));
  const list: PartTold[] = [];
  const broken = collect(message, 0, list);
  const findings: Finding[] = [...broken, ...headerFindings(message, from)];
  const bad = findings.some(({ level }) => level === 'fail');
  const subject = message.header('subject');
  return {
    name: 'mime',
    status: bad ? 'fail' : findings.length > 0 ? 'warn' : 'pass',
    findings,
    ...(subject !== undefined && { subject: decodeWords(subject) }),
    from,
    to: texts(message, 'to')
      .map(({ address }) => address)
      .slice(0, MAX_SHOWN),
    cc: texts(message, 'cc')
      .map(({ address }) => address)
      .slice(0, MAX_SHOWN),
    ...(date !== undefined && { date: new Date(date).toISOString() }),
    ...(messageId !== undefined && { messageId }),
    deliveryRequested: requestsFinalDelivery(message),
    parts: list,
  };
}

function headerFindings(message: Entity, from: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  if (from.length === 0) findings.push(...failed(cause('message.from-missing', {}), 'REQ-AS-14').findings);
  if (from.length > 1)
    findings.push(...failed(cause('message.from-multiple', { count: from.length }), 'REQ-AS-14').findings);
  for (const name of ['Date', 'Message-ID', 'MIME-Version']) {
    if (message.header(name) === undefined) findings.push(differs(`field ${name}`, 'present', 'missing'));
  }
  if (message.header('bcc') !== undefined)
    findings.push(...warned(cause('message.bcc-present', {})).findings);
  for (const defect of message.defects) findings.push(differs('header', 'well-formed', defect));
  return findings;
}

/** Puts down every part; says what cannot be read. */
function collect(entity: Entity, depth: number, list: PartTold[]): readonly Finding[] {
  if (list.length >= MAX_PARTS) {
    return list.length === MAX_PARTS
      ? warned(cause('parse.limit', { what: 'parts shown', limit: MAX_PARTS })).findings
      : [];
  }
  const read = reading(() => (isMultipart(entity) ? entity.body : decodedBody(entity)));
  const bytes = 'value' in read ? read.value : entity.body;
  const { type, parameters } = entity.contentType;
  const name =
    readParameterized(entity.header('content-disposition') ?? '').parameters['filename'] ??
    parameters['name'];
  list.push({
    depth,
    type,
    encoding: entity.encoding,
    ...(name !== undefined && { name: decodeWords(name) }),
    octets: bytes.length,
    ...(!isMultipart(entity) && 'value' in read && { sha256: hash('sha256', bytes) }),
  });
  const findings: Finding[] = 'cause' in read ? [...failed(read.cause).findings] : [];
  try {
    const inside = type === 'message/rfc822' ? [innerMessage(entity)] : parts(entity);
    for (const part of inside) findings.push(...collect(part, depth + 1, list));
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    findings.push(...failed(mailCause(error)).findings);
  }
  return findings;
}

/** What the message tells of another one; `na` when it is no notice. */
export function noticeStage(message: Entity): NoticeStage {
  const read = reading(() => ({ mdn: readMdn(message), dsn: readDsn(message) }));
  const none = { name: 'notice', recipients: [] } as const;
  if ('cause' in read) return { ...none, ...failed(read.cause) };
  const { mdn, dsn } = read.value;
  if (mdn) {
    const findings = [
      ...(mdn.disposition ? [] : [differs('field Disposition', 'present', 'missing', 'REQ-MDN-07')]),
      ...(mdn.finalRecipient === undefined ? [differs('field Final-Recipient', 'present', 'missing')] : []),
      ...(mdn.originalMessageIdFrom === 'field'
        ? []
        : [differs('field Original-Message-ID', 'present', 'missing')]),
    ];
    return {
      ...none,
      status: findings.length > 0 ? 'warn' : 'pass',
      findings,
      kind: 'mdn',
      ...(mdn.originalMessageId !== undefined && { about: mdn.originalMessageId }),
      finalDelivery: mdn.finalDelivery,
      recipients: [
        {
          ...(mdn.recipient !== undefined && { address: mdn.recipient }),
          ...(mdn.disposition && {
            says: [mdn.disposition.type, ...mdn.disposition.modifiers].join('/'),
          }),
          ...(mdn.reasons[0] !== undefined && { text: mdn.reasons[0] }),
        },
      ],
    };
  }
  if (dsn) {
    return {
      ...none,
      status: 'pass',
      findings: [],
      kind: 'dsn',
      ...(dsn.originalMessageId !== undefined && { about: dsn.originalMessageId }),
      recipients: dsn.recipients.slice(0, MAX_SHOWN).map(({ recipient, action, status, diagnostic }) => ({
        ...(recipient !== undefined && { address: recipient }),
        ...(action !== undefined && { says: action }),
        ...(status !== undefined && { status }),
        ...(diagnostic !== undefined && { text: diagnostic }),
      })),
    };
  }
  return { ...none, status: 'na', reason: 'the message is no notice', findings: [] };
}
