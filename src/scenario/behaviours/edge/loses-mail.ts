import type { Mailbox } from '../../../edge/mailboxes.ts';
import type { Behaviour } from '../behaviour.ts';
import { inReading } from './reading.ts';

const empty = (mailbox: Mailbox): Mailbox => ({ ...mailbox, list: async () => [] });

/** What was delivered is in no mailbox. */
export const losesMail: Behaviour = {
  id: 'edge.loses-mail',
  title: 'shows an empty mailbox whatever was delivered',
  legal: false,
  apply: inReading(({ mailboxes }) => ({
    mailboxes: (reference) => {
      const real = mailboxes(reference);
      return { of: (address) => empty(real.of(address)) };
    },
  })),
};
