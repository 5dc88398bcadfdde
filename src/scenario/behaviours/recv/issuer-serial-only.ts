import { AgentStop } from '../../../agent/stop.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';
import { refusingSigners } from './verdicts.ts';

const signers = refusingSigners(({ signer }) => signer.identity.by === 'ski');
const recipients = inOpening((stages) =>
  staged(stages, 'decrypt', (opening, run) => {
    const infos = opening.enveloped?.recipients ?? [];
    if (infos.some((one) => one.kind === 'key-transport' && one.identity.by === 'ski'))
      throw new AgentStop(cause('crypto.no-recipient-match', { recipients: infos.length }));
    return run(opening);
  }),
);

/** Knows signers and recipients by issuer and serial number only. */
export const issuerSerialOnly: Behaviour = {
  id: 'recv.issuer-serial-only',
  title: 'knows signers and recipients by issuer and serial number, and by no key identifier',
  legal: false,
  apply: (parts, random) => recipients(signers(parts, random), random),
};
