import { AgentStop } from '../../../agent/stop.ts';
import { cause } from '../../../outcome/cause.ts';
import { type Behaviour, inOpening, staged } from '../behaviour.ts';

/** Compares the sender with the certificate letter by letter. */
export const caseSensitive: Behaviour = {
  id: 'recv.case-sensitive',
  title: 'compares the sender with the certificate letter by letter',
  legal: false,
  apply: inOpening((stages) =>
    staged(stages, 'trust', (opening, run) => {
      const { sender = '', certificates } = opening;
      const domain = sender.slice(sender.lastIndexOf('@') + 1);
      const exact = certificates.some(
        ({ emails, dnsNames }) => emails.includes(sender) || dnsNames.includes(domain),
      );
      if (!exact) throw new AgentStop(cause('cert.binding', { found: 'another spelling', wanted: sender }));
      return run(opening);
    }),
  ),
};
