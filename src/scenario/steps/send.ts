import { composeMessage } from '../../mail/compose.ts';
import { finalDeliveryRequest } from '../../mail/mdn.ts';
import { sampleOf } from '../samples/sample.ts';
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
      const messageId = context.edge.byHand
        ? ''
        : (sending.messageId ?? `<${context.random.uuid()}@${from.split('@')[1]}>`);
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
      const bytes = messageId === '' ? new Uint8Array() : compose(from, sending, messageId, context);
      context.told.set(id, { messageId, bytes, inner: bytes });
      const refused = await context.edge.submit({ from, to, bytes, ...(requests ? { requests } : {}) });
      if (refused === undefined) continue;
      context.host.events.emit({
        kind: 'step',
        summary: { step: 'not-taken', id, part: context.part, turn, messageId, why: refused },
      });
    }
  },
};

const compose = (
  from: string,
  { to, blind, requests, content }: Sending,
  messageId: string,
  { host, random }: StepContext,
): Uint8Array => {
  const sample = sampleOf(content, random);
  return composeMessage({
    from,
    to,
    subject: 'Referral',
    date: host.now(),
    messageId,
    text: `A test message of ${new Date(host.now()).toISOString()}.\n\nIt holds no data of any person. Mark: ${random.uuid()}\n`,
    boundary: `part-${random.uuid()}`,
    ...(sample.length > 0 ? { attachments: sample } : {}),
    extraHeaders: [
      ...blind.map((address) => ['Bcc', address] as const),
      ...(requests ? finalDeliveryRequest(from) : []),
    ],
  });
};
