import { AgentStop } from '../../../agent/stop.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Opens AES-128 only. */
export const aes128Only: Behaviour = {
  id: 'recv.aes128-only',
  title: 'opens content in AES-128 only',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'cipher', (opening, run) => {
      const algorithm = opening.enveloped?.cipher.name ?? '';
      if (algorithm !== 'aes128-cbc') throw new AgentStop(cause('crypto.cipher-not-allowed', { algorithm }));
      return run(opening);
    }),
  ),
};
