/**
 * What messages of our own making carry: synthetic, of no person.
 *
 * @module
 */
import { encodeBase64 } from '../../../mail/base64.ts';
import { type Attachment, composeMessage, messageHeader } from '../../../mail/compose.ts';
import type { CONTENTS } from '../../deliver-schema.ts';
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

const CDA = `<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
  <realmCode code="US"/>
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
  <templateId root="2.16.840.1.113883.10.20.22.1.2"/>
  <id root="2.16.840.1.113883.19.5.99999.1" extension="synthetic"/>
  <code code="34133-9" codeSystem="2.16.840.1.113883.6.1" displayName="Summarization of Episode Note"/>
  <title>Synthetic summary of no person</title>
  <effectiveTime value="20260105150000+0000"/>
  <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
</ClinicalDocument>
`;

/** A PDF of one empty page. */
const PDF = [
  '%PDF-1.4',
  '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj',
  '2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj',
  '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>endobj',
  'trailer<</Root 1 0 R>>',
  '%%EOF',
  '',
].join('\n');

/** The frame of a JPEG file; what matters is that its octets arrive unchanged. */
const JPEG = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffdb0043000302020302020303030304030304050805050404050a070706080c0a0c0c0b0a0b0b0d0e12100d0e110e0b0b1016101113141515150c0f171816141812141514ffd9',
  'hex',
);

const FILES: Readonly<Record<'cda' | 'image' | 'pdf', Attachment>> = {
  cda: { name: 'summary.xml', type: 'text/xml', bytes: Buffer.from(CDA) },
  image: { name: 'image.jpg', type: 'image/jpeg', bytes: JPEG },
  pdf: { name: 'report.pdf', type: 'application/pdf', bytes: Buffer.from(PDF) },
};

/** A complete message; `cda`, `image` and `pdf` have no text part at all. */
export function contentMessage(content: Exclude<Content, 'inner-signed'>, header: ContentHeader): Uint8Array {
  const common = { ...header, subject: 'Test message' };
  const text = 'This is a synthetic test message. It is about no person.\n';
  switch (content) {
    case 'text':
      return composeMessage({ ...common, text });
    case 'mixed':
      return composeMessage({ ...common, text, attachments: [FILES.cda, FILES.pdf] });
    case 'cda':
    case 'image':
    case 'pdf':
      return fileAlone(FILES[content], common);
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
