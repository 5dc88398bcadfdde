/**
 * Taking fields out of a message and putting fields in, leaving every other octet as it is.
 *
 * @module
 */
import { type Entity, readEntity } from '../mail/entity.ts';
import { addressField, field } from '../mail/folding.ts';
import { CRLF } from '../mail/octets.ts';

export type NewField = { readonly name: string } & (
  | { readonly value: string }
  | { readonly addresses: readonly string[] }
);

/**
 * The message without the fields of these names (lower case), and with new ones on top.
 *
 * @throws {MailError}
 */
export function editHeader(
  message: Uint8Array | Entity,
  drop: ReadonlySet<string>,
  add: readonly NewField[],
): Uint8Array {
  const entity = message instanceof Uint8Array ? readEntity(message) : message;
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

/** The content of a message as an entity of its own: the fields that describe the content, and the body. */
export function contentOf(message: Uint8Array): Uint8Array {
  const entity = readEntity(message);
  const others = new Set(entity.headers.map(({ key }) => key).filter((key) => !key.startsWith('content-')));
  return editHeader(entity, others, []);
}
