import { PlanError } from '../cases.ts';
import type { Delivery } from '../deliver-schema.ts';
import { makeMessage } from './making/message.ts';
import type { StepContext, StepKind, Told } from './step.ts';

/** Sends a message of our own making, right or deliberately wrong, to the system's mail server. */
export const deliver: StepKind<'deliver'> = {
  kind: 'deliver',
  async run({ deliver: delivery }, context) {
    const { host, part, told, outside } = context;
    const { id, from, to } = delivery;
    const message = messageOf(delivery, context);
    const { messageId, bytes, inner } = message;
    told.set(id, message);
    const step = { id, part, from, to, messageId };
    host.events.emit({ kind: 'step', blob: inner, summary: { step: 'deliver', ...step } });
    const replies = await outside.deliver({ from: delivery.mailFrom ?? from, to, bytes });
    host.events.emit({ kind: 'step', summary: { step: 'handed-over', ...step, replies } });
  },
};

function messageOf(delivery: Delivery, context: StepContext): Told {
  if (delivery.again === undefined) return fresh(delivery, context);
  const before = earlier(delivery.again, context.told);
  if (!delivery.anew) return before;
  const { messageId, inner } = before;
  return { messageId, ...makeMessage(delivery, messageId, context, inner) };
}

function fresh(delivery: Delivery, context: StepContext): Told {
  const { sameId, from } = delivery;
  const messageId =
    sameId === undefined
      ? `<${context.random.uuid()}@${domainOf(from)}>`
      : earlier(sameId, context.told).messageId;
  return { messageId, ...makeMessage(delivery, messageId, context) };
}

function earlier(id: string, told: StepContext['told']): Told {
  const known = told.get(id);
  if (!known) throw new PlanError(`no message "${id}" was sent before`);
  return known;
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
