import { AgentStop } from '../../../agent/stop.ts';
import { readEntity } from '../../../mail/entity.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Does not undo the encoding of the wrapped message. */
export const noQpWrap: Behaviour = {
  id: 'recv.no-qp-wrap',
  title: 'reads a wrapped message only as it stands, in no transfer encoding',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'unwrap', (opening, run) => {
      const encoding = opening.content && readEntity(opening.content).encoding;
      if (encoding === 'base64' || encoding === 'quoted-printable')
        throw new AgentStop(cause('parse.mime', { why: `wrapped in ${encoding}` }));
      return run(opening);
    }),
  ),
};
