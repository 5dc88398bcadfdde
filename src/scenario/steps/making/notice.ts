/**
 * A notice whose machine part is written as the scenario says, letter for letter.
 *
 * @module
 */
import { messageHeader, multipart, textPart } from '../../../mail/compose.ts';
import type { NoticeFixture } from '../../notification-schema.ts';
import type { ContentHeader } from './content.ts';

const TYPES = { mdn: 'disposition-notification', dsn: 'delivery-status' } as const;

/** @param about the Message-ID that it speaks of, with brackets */
export function noticeMessage(
  { kind, report }: NoticeFixture,
  about: string,
  header: ContentHeader,
): Uint8Array {
  const type = TYPES[kind];
  const machine = report
    .replaceAll('{ID}', about)
    .split('\n')
    .map((line) => `${line}\r\n`)
    .join('');
  return Buffer.concat([
    Buffer.from(messageHeader({ ...header, subject: 'Notice' }), 'latin1'),
    Buffer.from('MIME-Version: 1.0\r\n', 'latin1'),
    multipart('multipart/report', { 'report-type': type }, header.boundary, [
      textPart('A notice.'),
      Buffer.from(`Content-Type: message/${type}\r\n\r\n${machine}`, 'utf8'),
    ]),
  ]);
}
