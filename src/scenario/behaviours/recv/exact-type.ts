import { AgentStop } from '../../../agent/stop.ts';
import { readEntity } from '../../../mail/entity.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

const EXACT = /^application\/pkcs7-mime\s*;.*smime-type="?enveloped-data/is;

/** Wants the media type of an envelope in one way of writing only. */
export const exactType: Behaviour = {
  id: 'recv.exact-type',
  title: 'wants application/pkcs7-mime with its smime-type, and nothing else',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'outer', (opening, run) => {
      const found = readEntity(opening.bytes).header('content-type') ?? '';
      if (!EXACT.test(found)) throw new AgentStop(cause('crypto.not-encrypted', { found }));
      return run(opening);
    }),
  ),
};
