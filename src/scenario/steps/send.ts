import { composeMessage } from '../../mail/compose.ts';
import { finalDeliveryRequest } from '../../mail/mdn.ts';
import type { Step } from '../schema.ts';
import type { StepContext, StepKind } from './step.ts';

type Sending = Extract<Step, { send: unknown }>['send'];

/** Puts a message into the edge of the system under test, as often as the step says. */
export const send: StepKind<'send'> = {
  kind: 'send',
  async run({ send: sending }, context) {
    const { id, requests } = sending;
    const from = sending.from ?? context.edge.address;
    const to = [...sending.to, ...sending.blind];
    for (let turn = 1; turn <= sending.repeat; turn++) {
      const messageId = `<${context.random.uuid()}@${from.split('@')[1]}>`;
      context.host.events.emit({
        kind: 'step',
        summary: {
          step: 'send',
          id,
          part: context.part,
          turn,
          from,
          to,
          messageId,
          ...(requests ? { requests } : {}),
        },
      });
      await context.edge.submit({ from, to, bytes: compose(from, sending, messageId, context) });
    }
  },
};

const compose = (
  from: string,
  { to, blind, requests }: Sending,
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
    extraHeaders: [
      ...blind.map((address) => ['Bcc', address] as const),
      ...(requests ? finalDeliveryRequest(from) : []),
    ],
  });
