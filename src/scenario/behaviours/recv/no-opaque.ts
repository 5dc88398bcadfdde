import { AgentStop } from '../../../agent/stop.ts';
import { readEntity } from '../../../mail/entity.ts';
import { smimeKind } from '../../../mail/signed.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Knows signatures of two parts only. */
export const noOpaque: Behaviour = {
  id: 'recv.no-opaque',
  title: 'knows multipart/signed only, and no signature with the content inside',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'verify', (opening, run) => {
      const entity = opening.clear && readEntity(opening.clear);
      if (entity && smimeKind(entity) !== 'multipart-signed')
        throw new AgentStop(cause('crypto.not-signed', { found: entity.contentType.type }));
      return run(opening);
    }),
  ),
};
