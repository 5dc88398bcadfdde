import { readEntity } from '../../../mail/entity.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

const FOOTER = Buffer.from('\r\n-- \r\nScanned by a gateway.\r\n');

/** Adds a line of its own to what it delivers. */
export const altersPayload: Behaviour = {
  id: 'recv.alters-payload',
  title: 'adds a footer to the message before it delivers it',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'unwrap', async (opening, run) => {
      const next = await run(opening);
      if (!next.message) return next;
      const message = Buffer.concat([next.message, FOOTER]);
      return { ...next, message, inner: readEntity(message) };
    }),
  ),
};
