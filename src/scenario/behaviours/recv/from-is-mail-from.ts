import { AgentStop } from '../../../agent/stop.ts';
import { addressKey } from '../../../mail/address.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Wants MAIL FROM to be the From inside, whatever the message is. */
export const fromIsMailFrom: Behaviour = {
  id: 'recv.from-is-mail-from',
  title: 'wants MAIL FROM to be the From inside, and takes neither Sender nor a null reverse-path',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'envelope', (opening, run) => {
      const { sender = '', envelope } = opening;
      if (addressKey(sender) !== addressKey(envelope.mailFrom)) {
        const mismatch = { envelope: `MAIL FROM <${envelope.mailFrom}>`, inner: `From: ${sender}` };
        throw new AgentStop(cause('message.envelope-mismatch', mismatch));
      }
      return run(opening);
    }),
  ),
};
