import { composeMessage } from '../../mail/compose.ts';
import type { StepContext, StepKind } from './step.ts';

/** Puts a message into the edge of the system under test, as often as the step says. */
export const send: StepKind<'send'> = {
  kind: 'send',
  async run({ send: { id, from, to, repeat } }, context) {
    const sender = from ?? context.edge.address;
    for (let turn = 1; turn <= repeat; turn++) {
      const messageId = `<${context.random.uuid()}@${sender.split('@')[1]}>`;
      context.host.events.emit({
        kind: 'step',
        summary: { step: 'send', id, part: context.part, turn, from: sender, to, messageId },
      });
      await context.edge.submit({ from: sender, to, bytes: compose(sender, to, messageId, context) });
    }
  },
};

const compose = (
  from: string,
  to: readonly string[],
  messageId: string,
  { host, random }: StepContext,
): Uint8Array =>
  composeMessage({
    from,
    to,
    subject: 'Referral',
    date: host.now(),
    messageId,
    text: `A test message of ${new Date(host.now()).toISOString()}.\n\nIt holds no data of any person. Mark: ${random.uuid()}\n`,
    boundary: `part-${random.uuid()}`,
  });
