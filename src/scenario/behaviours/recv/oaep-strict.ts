import { AgentStop } from '../../../agent/stop.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

const USUAL: ReadonlySet<string> = new Set(['pkcs1', 'oaep-sha1', 'oaep-sha256']);

/** Opens OAEP in its two usual forms only. */
export const oaepStrict: Behaviour = {
  id: 'recv.oaep-strict',
  title: 'opens OAEP with SHA-1 or SHA-256 for all, without a label, and in no other form',
  legal: true,
  apply: inOpening((stages) =>
    staged(stages, 'decrypt', (opening, run) => {
      const odd = opening.enveloped?.recipients.some(
        (one) =>
          one.kind === 'key-transport' &&
          (!USUAL.has(one.transport.name) || (one.transport.label?.length ?? 0) > 0),
      );
      if (odd) throw new AgentStop(cause('crypto.decrypt-failed', {}));
      return run(opening);
    }),
  ),
};
