import { deliverStep } from '../deliver-schema.ts';
import { duration } from '../schema.ts';
import { deliver } from './deliver.ts';
import type { StepKind } from './step.ts';

/** Sends the same kind of message over and over, so that the time of a change can be seen from outside. */
export const probe: StepKind<'probe'> = {
  kind: 'probe',
  async run({ probe: { id, from, signers, every, for: span } }, context) {
    const { host, edge } = context;
    const end = host.now() + duration(span);
    const message = deliverStep.parse({ deliver: { id, from, signers, to: [edge.address] } });
    while (host.now() < end) {
      await deliver.run(message, context);
      await new Promise<void>((resolve) => host.timer(duration(every), resolve));
    }
  },
};
