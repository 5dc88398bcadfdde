import { AgentStop } from '../../../agent/stop.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Opens OAEP with SHA-1 only. */
export const oaepSha1Only: Behaviour = {
  id: 'recv.oaep-sha1-only',
  title: 'opens OAEP with SHA-1 only',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'decrypt', (opening, run) => {
      const other = opening.enveloped?.recipients.some(
        (one) => one.kind === 'key-transport' && one.transport.name.startsWith('oaep-sha256'),
      );
      if (other) throw new AgentStop(cause('crypto.decrypt-failed', {}));
      return run(opening);
    }),
  ),
};
