/**
 * The parts of a message as FETCH counts them, and their description (RFC 3501 §7.4.2, BODY and BODYSTRUCTURE).
 *
 * What cannot be cut, or would be too much, is one part without parts; so every message has a structure, and sections
 * and descriptions agree about it.
 *
 * @module
 */
import { type Entity, innerMessage, isMultipart, parts, readEntity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import { readParameterized } from '../../mail/parameters.ts';
import { envelopeText } from './envelope.ts';
import { nstring, string } from './write.ts';

export type Part =
  | { readonly kind: 'multipart'; readonly entity: Entity; readonly children: readonly Part[] }
  | { readonly kind: 'message'; readonly entity: Entity; readonly inner: Part }
  | { readonly kind: 'leaf'; readonly entity: Entity };

const MAX_PARTS = 5000;

/** Reads all parts. @throws {MailError} `limit` when the header of the message is over its bounds */
export function partsOf(bytes: Uint8Array): Part {
  let left = MAX_PARTS;
  const read = (entity: Entity): Part => {
    const leaf: Part = { kind: 'leaf', entity };
    try {
      if (isMultipart(entity)) {
        const inside = parts(entity);
        left -= inside.length;
        if (left < 0 || inside.length === 0) return leaf;
        return { kind: 'multipart', entity, children: inside.map(read) };
      }
      if (entity.contentType.type === 'message/rfc822') {
        if (--left < 0) return leaf;
        return { kind: 'message', entity, inner: read(innerMessage(entity)) };
      }
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
    }
    return leaf;
  };
  return read(readEntity(bytes));
}

/** The part of this number path, or undefined. Part 1 of a message without parts is its body (RFC 3501 §6.4.5). */
export function partAt(top: Part, path: readonly number[]): Part | undefined {
  let part: Part | undefined = top;
  // whether `part` is a message, whose body is counted, or a part of one
  let message = true;
  for (const number of path) {
    if (part?.kind === 'message' && !message) {
      part = part.inner;
      message = true;
    }
    if (part?.kind === 'multipart') part = part.children[number - 1];
    else if (!message || number !== 1) return undefined;
    message = false;
  }
  return part;
}

/** `extended`: BODYSTRUCTURE, otherwise BODY. */
export function structureText(part: Part, extended: boolean): string {
  const { entity } = part;
  if (part.kind === 'multipart') {
    const children = part.children.map((child) => structureText(child, extended)).join('');
    const more = extended ? ` ${parameterText(entity.contentType.parameters)} ${tail(entity)}` : '';
    return `(${children} ${string(subtypeOf(entity).toUpperCase())}${more})`;
  }
  const [type, subtype] = shownType(part);
  const fields = [
    string(type.toUpperCase()),
    string(subtype.toUpperCase()),
    parameterText(type === 'application' && isMultipart(entity) ? {} : entity.contentType.parameters),
    nstring(entity.header('content-id')),
    nstring(entity.header('content-description')),
    string(encodingOf(entity)),
    String(entity.body.length),
  ];
  if (part.kind === 'message') {
    fields.push(
      envelopeText(part.inner.entity),
      structureText(part.inner, extended),
      String(lines(entity.body)),
    );
  } else if (type === 'text') fields.push(String(lines(entity.body)));
  if (extended) fields.push(nstring(entity.header('content-md5')), tail(entity));
  return `(${fields.join(' ')})`;
}

const subtypeOf = (entity: Entity): string => entity.contentType.type.split('/')[1]!;

/** A multipart or message that has no parts here is described as octets. */
function shownType(part: Exclude<Part, { kind: 'multipart' }>): [string, string] {
  const [type, subtype] = part.entity.contentType.type.split('/') as [string, string];
  const hollow =
    part.kind === 'leaf' && (type === 'multipart' || part.entity.contentType.type === 'message/rfc822');
  return hollow ? ['application', 'octet-stream'] : [type, subtype];
}

/** The label as it stands; a label that is no token is not passed on. */
function encodingOf(entity: Entity): string {
  const label = readParameterized(entity.header('content-transfer-encoding') ?? '').value.toUpperCase();
  return /^[A-Z0-9-]{1,40}$/.test(label) ? label : entity.encoding.toUpperCase();
}

/** Disposition, languages, location. */
function tail(entity: Entity): string {
  const disposition = entity.header('content-disposition');
  const { value, parameters } = readParameterized(disposition ?? '');
  const languages = (entity.header('content-language') ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return [
    disposition === undefined || value === ''
      ? 'NIL'
      : `(${string(value.toUpperCase())} ${parameterText(parameters)})`,
    languages.length === 0
      ? 'NIL'
      : languages.length === 1
        ? string(languages[0]!)
        : `(${languages.map(string).join(' ')})`,
    nstring(entity.header('content-location')),
  ].join(' ');
}

/** Values of other alphabets travel in the extended form of RFC 2231, as they would in a header. */
function parameterText(parameters: Readonly<Record<string, string>>): string {
  const entries = Object.entries(parameters);
  if (entries.length === 0) return 'NIL';
  const pairs = entries.map(([name, value]) =>
    /^[\x20-\x7e]*$/.test(value)
      ? `${string(name.toUpperCase())} ${string(value)}`
      : `${string(`${name.toUpperCase()}*`)} ${string(`utf-8''${encodeURIComponent(value.toWellFormed())}`)}`,
  );
  return `(${pairs.join(' ')})`;
}

function lines(body: Uint8Array): number {
  let count = 0;
  for (let at = body.indexOf(10); at >= 0; at = body.indexOf(10, at + 1)) count++;
  return count;
}
