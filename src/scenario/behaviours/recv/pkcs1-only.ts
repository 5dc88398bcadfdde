import { AgentStop } from '../../../agent/stop.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Opens only messages whose key is carried by PKCS #1 v1.5. */
export const pkcs1Only: Behaviour = {
  id: 'recv.pkcs1-only',
  title: 'opens only messages whose key is carried by PKCS #1 v1.5',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'decrypt', (opening, run) => {
      const other = opening.enveloped?.recipients.some(
        (one) => one.kind === 'key-transport' && one.transport.name !== 'pkcs1',
      );
      if (other) throw new AgentStop(cause('crypto.decrypt-failed', {}));
      return run(opening);
    }),
  ),
};
