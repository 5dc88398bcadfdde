import { readEntity } from '../../../mail/entity.ts';

/**
 * The message with some of its fields replaced, or added. A list writes a field several times; values are written as
 * they stand, whatever they say.
 */
export function withFields(
  message: Uint8Array,
  fields: Readonly<Record<string, string | readonly string[]>>,
): Uint8Array {
  const wanted = Object.entries(fields);
  if (wanted.length === 0) return message;
  const { headers, body } = readEntity(message);
  const names = new Set(wanted.map(([name]) => name.toLowerCase()));
  const kept = headers.filter(({ key }) => !names.has(key)).map(({ raw }) => raw);
  const written = wanted.flatMap(([name, values]) =>
    [values].flat().map((value) => Buffer.from(`${name}: ${value}\r\n`, 'utf8')),
  );
  return Buffer.concat([...written, ...kept, Buffer.from('\r\n'), body]);
}
