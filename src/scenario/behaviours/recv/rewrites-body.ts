import { readEntity } from '../../../mail/entity.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

const WIDTH = 998;

/** What a careless gateway makes of a text: CRLF, no blanks at line ends, ASCII, lines that are not too long. */
const tidied = (message: Uint8Array): Uint8Array =>
  Buffer.from(
    Buffer.from(message)
      .toString('latin1')
      .replace(/\r?\n/g, '\n')
      .split('\n')
      .flatMap((line) => (line.length > WIDTH ? (line.match(/.{1,998}/g) ?? []) : [line.trimEnd()]))
      .join('\r\n')
      .replace(/[\x80-\xff]/g, '?'),
    'latin1',
  );

/** Tidies the message before it delivers it. */
export const rewritesBody: Behaviour = {
  id: 'recv.rewrites-body',
  title: 'tidies line ends, blanks, long lines and foreign letters before it delivers',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'unwrap', async (opening, run) => {
      const next = await run(opening);
      if (!next.message) return next;
      const message = tidied(next.message);
      return { ...next, message, inner: readEntity(message) };
    }),
  ),
};
