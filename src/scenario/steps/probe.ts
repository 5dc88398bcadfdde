import { duration } from '../schema.ts';
import { deliver } from './deliver.ts';
import type { StepKind } from './step.ts';

/** Sends the same kind of message over and over, so that the time of a change can be seen from outside. */
export const probe: StepKind<'probe'> = {
  kind: 'probe',
  async run({ probe: { id, from, signers, every, for: span } }, context) {
    const { host } = context;
    const end = host.now() + duration(span);
    while (host.now() < end) {
      const message = deliverStep(id, from, signers);
      await deliver.run(message, context);
      await new Promise<void>((resolve) => host.timer(duration(every), resolve));
    }
  },
};

const deliverStep = (
  id: string,
  from: string,
  signers: string[],
): Parameters<(typeof deliver)['run']>[0] => ({
  deliver: {
    id,
    from,
    signers,
    content: 'text',
    digest: 'sha256',
    keyTransport: 'oaep-sha1',
    cipher: 'aes128-cbc',
    faults: [],
  },
});
