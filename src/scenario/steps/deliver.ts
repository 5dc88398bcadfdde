import { micalgToken } from '../../cms/digests.ts';
import { encryptData } from '../../cms/encrypt.ts';
import { signData } from '../../cms/sign.ts';
import { envelopedMessage, multipartSigned, opaqueSigned, wrapMessage } from '../../mail/wrap.ts';
import type { Step } from '../schema.ts';
import { contentMessage } from './content.ts';
import type { StepContext, StepKind } from './step.ts';

type Delivery = Extract<Step, { deliver: unknown }>['deliver'];

/** Sends a message of our own making, right or deliberately wrong, to the system's mail server. */
export const deliver: StepKind<'deliver'> = {
  kind: 'deliver',
  async run({ deliver: delivery }, context) {
    const { host, edge, random, part } = context;
    const messageId = `<${random.uuid()}@${domainOf(delivery.from)}>`;
    const to = [edge.address];
    host.events.emit({
      kind: 'step',
      summary: { step: 'deliver', id: delivery.id, part, from: delivery.from, to, messageId },
    });
    const bytes = make(delivery, messageId, context);
    await context.outside.deliver({ from: delivery.mailFrom ?? delivery.from, to, bytes });
  },
};

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

function make(delivery: Delivery, messageId: string, context: StepContext): Uint8Array {
  const { host, edge, random, outside } = context;
  const faults = new Set(delivery.faults);
  const header = { from: delivery.from, to: [edge.address], date: host.now(), messageId };
  const message = contentMessage(delivery.content, {
    ...header,
    boundary: `part-${random.uuid()}`,
    extraHeaders: delivery.requests
      ? [
          ['Disposition-Notification-To', delivery.from],
          ['Disposition-Notification-Options', delivery.requests],
        ]
      : [],
  });
  if (faults.has('not-encrypted')) return message;
  const content = faults.has('not-wrapped') ? partOf(message) : wrapMessage(message);
  const signed = faults.has('unsigned') ? content : sign(content, delivery, context);
  const enveloped = encryptData(signed, [outside.recipient], {
    cipher: delivery.cipher,
    keyTransport: delivery.keyTransport,
    ber: faults.has('ber'),
  });
  return envelopedMessage(header, enveloped);
}

function sign(
  content: Uint8Array,
  delivery: Delivery,
  { host, random, outside, case: caseId }: StepContext,
): Uint8Array {
  const { digest } = delivery;
  const faults = new Set(delivery.faults);
  const signers = delivery.signers.map((role) => {
    const { certificate, key } = outside.signer(caseId, role);
    return { certificate, privateKey: key.privateKey, digest };
  });
  // The signature is right, for other content: a valid, trusted signer whose digest does not match.
  const about = faults.has('wrong-digest') ? Buffer.concat([content, Buffer.from('altered\r\n')]) : content;
  const detached = !faults.has('opaque');
  const signature = signData(about, faults.has('no-signers') ? [] : signers, {
    detached,
    signerOrder: 'given',
    signingTime: host.now(),
    ber: faults.has('ber'),
  });
  return detached
    ? multipartSigned(content, signature, micalgToken(digest), `=_${random.uuid()}`)
    : opaqueSigned(signature);
}

/** The content fields and the body of a message, without its own header. */
function partOf(message: Uint8Array): Uint8Array {
  const text = Buffer.from(message).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const fields = text
    .slice(0, end)
    .split(/\r\n(?![ \t])/)
    .filter((field) => /^content-/i.test(field));
  return Buffer.from(`${fields.join('\r\n')}${text.slice(end)}`, 'latin1');
}
