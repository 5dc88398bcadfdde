/**
 * Taking fields out of a message and putting fields in, leaving every other octet as it is.
 *
 * @module
 */
import { type Entity, readEntity } from '../mail/entity.ts';
import { addressField, field } from '../mail/folding.ts';
import { CR, CRLF } from '../mail/octets.ts';

export type NewField = { readonly name: string } & (
  | { readonly value: string }
  | { readonly addresses: readonly string[] }
);

/**
 * The message without the fields of these names (lower case), and with new ones on top. The same octets when that changes
 * nothing.
 *
 * @throws {MailError}
 */
export function editHeader(
  message: Uint8Array | Entity,
  drop: ReadonlySet<string>,
  add: readonly NewField[],
): Uint8Array {
  const entity = message instanceof Uint8Array ? readEntity(message) : message;
  if (add.length === 0 && !entity.headers.some(({ key }) => drop.has(key)) && isWhole(entity))
    return entity.raw;
  const lines = add.map((one) =>
    'value' in one ? field(one.name, one.value) : addressField(one.name, one.addresses),
  );
  return Buffer.concat([
    Buffer.from(lines.join(''), 'latin1'),
    ...entity.headers.filter(({ key }) => !drop.has(key)).map(({ raw }) => raw),
    CRLF,
    entity.body,
  ]);
}

/** Whether fields, an empty line and the body are all there is of it, and nothing was passed over. */
function isWhole({ raw, headers, body }: Entity): boolean {
  let octets = CRLF.length + body.length;
  for (const field of headers) octets += field.raw.length;
  return octets === raw.length && raw[raw.length - body.length - CRLF.length] === CR;
}

/** The content of a message as an entity of its own: the fields that describe the content, and the body. */
export function contentOf(message: Uint8Array): Uint8Array {
  const entity = readEntity(message);
  const others = new Set(entity.headers.map(({ key }) => key).filter((key) => !key.startsWith('content-')));
  return editHeader(entity, others, []);
}
