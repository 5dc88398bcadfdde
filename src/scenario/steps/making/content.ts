/**
 * What messages of our own making carry: synthetic, of no person.
 *
 * @module
 */
import { encodeBase64 } from '../../../mail/base64.ts';
import { type Attachment, composeMessage, messageHeader } from '../../../mail/compose.ts';
import { seededRandom } from '../../../net/random.ts';
import type { CONTENTS } from '../../deliver-schema.ts';
import type { SampleKind } from '../../samples/kinds.ts';
import { sampleOf } from '../../samples/sample.ts';
import { type OddContent, oddMessage } from './odd-content.ts';

export type Content = (typeof CONTENTS)[number];

export interface ContentHeader {
  readonly from: string;
  readonly to: readonly string[];
  /** Milliseconds since 1970. */
  readonly date: number;
  readonly messageId: string;
  readonly boundary: string;
  /** URL of a machine that whoever shows a page carelessly would call. */
  readonly pages: string;
  readonly extraHeaders: readonly (readonly [name: string, value: string])[];
}

/** The samples of the message; its boundary, which is drawn by the run, is their seed. */
const files = (kind: SampleKind, { boundary }: ContentHeader): Attachment[] =>
  sampleOf(kind, seededRandom(boundary));

const ALONE = { cda: 'continuity-of-care', image: 'jpeg', pdf: 'pdf' } as const;

/** A complete message; `cda`, `image` and `pdf` have no text part at all. */
export function contentMessage(content: Exclude<Content, 'inner-signed'>, header: ContentHeader): Uint8Array {
  const common = { ...header, subject: 'Test message' };
  const text = 'This is a synthetic test message. It is about no person.\n';
  switch (content) {
    case 'text':
      return composeMessage({ ...common, text });
    case 'mixed':
      return composeMessage({ ...common, text, attachments: files('mixed', header).slice(0, 2) });
    case 'cda':
    case 'image':
    case 'pdf':
      return fileAlone(files(ALONE[content], header)[0]!, common);
    default:
      return oddMessage(content satisfies OddContent, common);
  }
}

function fileAlone(file: Attachment, header: ContentHeader & { subject: string }): Uint8Array {
  const fields = [
    `Content-Type: ${file.type}; name="${file.name}"`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${file.name}"`,
    ...header.extraHeaders.map(([name, value]) => `${name}: ${value}`),
  ];
  const head = `${messageHeader(header)}MIME-Version: 1.0\r\n${fields.join('\r\n')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), encodeBase64(file.bytes), Buffer.from('\r\n')]);
}
