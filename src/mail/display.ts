/**
 * What a person sees of a message: subject, people, text, attachments.
 *
 * @module
 */
import { type Address, parseAddressList } from './address.ts';
import { decodeText } from './charset.ts';
import { readDate } from './date.ts';
import { decodeWords } from './encoded-words.ts';
import { decodedBody, type Entity, innerMessage, isMultipart, parts, readEntity } from './entity.ts';
import { MailError } from './error.ts';
import { messageIdKey } from './message-id.ts';
import { readParameterized } from './parameters.ts';

export interface DisplayedAttachment {
  readonly name: string;
  readonly type: string;
  /** Octets after decoding. */
  readonly size: number;
  readonly bytes: Uint8Array;
  readonly contentId?: string;
}

export interface Displayed {
  readonly subject: string;
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly date: number | undefined;
  readonly messageId: string | undefined;
  readonly text: string;
  readonly attachments: readonly DisplayedAttachment[];
  /** Whether something was left out: a part that does not decode, or more than the bounds allow. */
  readonly incomplete: boolean;
}

const MAX_ATTACHMENTS = 500;
const MAX_TEXT = 4 << 20;

/**
 * Reads a message for display. Never fails on what parts contain; only a header beyond its bounds does.
 *
 * @throws {MailError} `limit`
 */
export function displayMessage(message: Uint8Array | Entity): Displayed {
  const entity = message instanceof Uint8Array ? readEntity(message) : message;
  const found: Found = { text: [], attachments: [], incomplete: false };
  collect(entity, found);
  return {
    subject: decodeWords(entity.header('subject') ?? ''),
    from: parseAddressList(entity.header('from') ?? ''),
    to: entity.headerAll('to').flatMap(parseAddressList),
    cc: entity.headerAll('cc').flatMap(parseAddressList),
    date: readDate(entity.header('date')),
    messageId: messageIdKey(entity.header('message-id')),
    text: found.text.join('\n').slice(0, MAX_TEXT),
    attachments: found.attachments,
    incomplete: found.incomplete,
  };
}

interface Found {
  readonly text: string[];
  readonly attachments: DisplayedAttachment[];
  incomplete: boolean;
}

function collect(entity: Entity, found: Found): void {
  if (found.attachments.length >= MAX_ATTACHMENTS || found.text.length >= MAX_ATTACHMENTS) {
    found.incomplete = true;
    return;
  }
  try {
    if (isMultipart(entity)) {
      const inner = parts(entity);
      const chosen = entity.contentType.type === 'multipart/alternative' ? alternatives(inner) : inner;
      for (const part of chosen) collect(part, found);
    } else if (isShownText(entity)) {
      found.text.push(textOf(entity));
    } else found.attachments.push(attachmentOf(entity, found.attachments.length + 1));
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    found.incomplete = true;
    // A multipart that cannot be cut is shown as it came.
    if (isMultipart(entity)) found.text.push(decodeText(entity.body, undefined).text);
  }
}

/** The plain text of an alternative when there is one, else the last that can be shown as text, else all. */
function alternatives(inner: readonly Entity[]): readonly Entity[] {
  const plain = inner.find((part) => part.contentType.type === 'text/plain');
  const shown =
    plain ?? inner.findLast((part) => part.contentType.type.startsWith('text/') || isMultipart(part));
  if (!shown) return inner;
  return inner.filter(
    (part) => part === shown || !(part.contentType.type.startsWith('text/') || isMultipart(part)),
  );
}

const disposition = (entity: Entity) => readParameterized(entity.header('content-disposition') ?? '');

const isShownText = (entity: Entity): boolean =>
  (entity.contentType.type === 'text/plain' || entity.contentType.type === 'text/html') &&
  disposition(entity).value !== 'attachment' &&
  disposition(entity).parameters['filename'] === undefined &&
  entity.contentType.parameters['name'] === undefined;

function textOf(entity: Entity): string {
  const { text } = decodeText(decodedBody(entity), entity.contentType.parameters['charset']);
  const lines = text.replace(/\r\n?/g, '\n');
  return entity.contentType.type === 'text/html' ? plainOfHtml(lines) : lines;
}

function attachmentOf(entity: Entity, number: number): DisplayedAttachment {
  const { type, parameters } = entity.contentType;
  const bytes = decodedBody(entity);
  const given = disposition(entity).parameters['filename'] ?? parameters['name'];
  const name = (given ?? '')
    .replace(/[\x00-\x1f\x7f]/g, '')
    .split(/[\\/]/)
    .at(-1)!
    .trim();
  const contentId = messageIdKey(entity.header('content-id'));
  return {
    name: name || (type === 'message/rfc822' ? `${subjectOf(entity) || 'message'}.eml` : `part-${number}`),
    type,
    size: bytes.length,
    bytes,
    ...(contentId ? { contentId } : {}),
  };
}

const subjectOf = (entity: Entity): string =>
  decodeWords(innerMessage(entity).header('subject') ?? '')
    .replace(/[\x00-\x1f\x7f\\/]/g, '')
    .slice(0, 80)
    .trim();

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Words of a page without its marks; no rendering. The result is text and is escaped like any other. */
function plainOfHtml(html: string): string {
  return html
    .slice(0, MAX_TEXT)
    .replace(/<(script|style|head)\b[\s\S]*?(<\/\1\s*>|$)/gi, '')
    .replace(/<(br|\/p|\/div|\/tr|\/h[1-6]|\/li)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,6});/gi, (whole, name: string) => {
      const point = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      if (name.startsWith('#')) return point <= 0x10ffff && point > 0 ? String.fromCodePoint(point) : whole;
      return ENTITIES[name.toLowerCase()] ?? whole;
    })
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
