/**
 * Pieces of a message by section (RFC 3501 §6.4.5): exactly the octets that are stored.
 *
 * @module
 */
import type { Entity } from '../../mail/entity.ts';
import type { Section } from './commands.ts';
import { type Part, partAt } from './structure.ts';
import { string } from './write.ts';

const CRLF = Buffer.from('\r\n');

/** The octets, or undefined when the message has no such section. */
export function sectionOctets(bytes: Uint8Array, top: Part, section: Section): Uint8Array | undefined {
  const whole = wholeSection(bytes, top, section);
  if (!whole || !section.partial) return whole;
  const { from, octets } = section.partial;
  return whole.subarray(from, from + octets);
}

function wholeSection(bytes: Uint8Array, top: Part, section: Section): Uint8Array | undefined {
  const { path, what } = section;
  const part = partAt(top, path);
  if (!part) return undefined;
  if (what === 'all') return path.length === 0 ? bytes : part.entity.body;
  if (what === 'MIME') return headerOf(part.entity);
  // header and text are those of a message: the whole one, or one that is a part
  const message = path.length === 0 ? top : part.kind === 'message' ? part.inner : undefined;
  if (!message) return undefined;
  switch (what) {
    case 'HEADER':
      return headerOf(message.entity);
    case 'TEXT':
      return message.entity.body;
    case 'HEADER.FIELDS':
    case 'HEADER.FIELDS.NOT':
      return someFields(message.entity, section.fields, what === 'HEADER.FIELDS');
  }
}

/** The header with its empty line. */
export const headerOf = ({ raw, body }: Entity): Uint8Array => raw.subarray(0, raw.length - body.length);

function someFields(entity: Entity, names: readonly string[], wanted: boolean): Uint8Array {
  const chosen = entity.headers.filter(({ key }) => names.includes(key) === wanted);
  const pieces = chosen.flatMap(({ raw }) => (raw.at(-1) === 10 ? [raw] : [raw, CRLF]));
  return Buffer.concat([...pieces, CRLF]);
}

/** The name under which a response gives the section: `BODY[1.HEADER.FIELDS ("TO")]<0>`. */
export function sectionName({ path, what, fields, partial }: Section): string {
  const word =
    what === 'all'
      ? []
      : [fields.length > 0 ? `${what} (${fields.map((one) => string(one.toUpperCase())).join(' ')})` : what];
  return `BODY[${[...path, ...word].join('.')}]${partial ? `<${partial.from}>` : ''}`;
}
