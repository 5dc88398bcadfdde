/**
 * What the evidence of one run shows of the system beside its verdicts: algorithms, certificates, how soon notices come.
 *
 * @module
 */
import { readEntity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import { messageIdKey } from '../../mail/message-id.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { insideOf } from '../../rule/message/facts/layers.ts';
import { digestsOf } from '../../rule/message/facts/signature.ts';
import { type RunView, viewOf } from '../judge/view.ts';
import type { BlobReader, Event } from '../transcript.ts';
import type { Readiness } from './schema.ts';

type Sent = Readiness['crypto']['sent'][number];
type Accepted = Omit<Readiness['crypto']['accepted'][number], 'scenario'>;

export interface Observed {
  /** One for each algorithm of each message. */
  readonly sent: readonly Pick<Sent, 'what' | 'algorithm'>[];
  readonly accepted: readonly Accepted[];
  readonly notices: readonly { readonly notice: string; readonly ms: number }[];
  readonly signers: readonly Certificate[];
}

/** @throws {z.ZodError} the first event does not describe the run */
export function observed(events: readonly Event[], blob: BlobReader): Observed {
  const view = viewOf(events, blob);
  const opened = events.filter(
    ({ kind, summary }) => kind === 'message' && (summary as { stage?: string }).stage === 'opened',
  );
  const signatures = opened.flatMap((event) => (event.blob ? signatureIn(blob(event.blob)) : []));
  return {
    sent: [...opened.flatMap(envelopeAlgorithms), ...signatures.flatMap(({ sent }) => sent)],
    accepted: acceptedOf(view),
    notices: noticesOf(view),
    signers: signatures.flatMap(({ signers }) => signers),
  };
}

function envelopeAlgorithms({ summary }: Event): Observed['sent'] {
  const { cipher, recipients = [] } = summary as {
    readonly cipher?: string;
    readonly recipients?: readonly {
      readonly kind: string;
      readonly transport?: string;
      readonly digest?: string;
      readonly maskDigest?: string;
    }[];
  };
  const transports = new Set(
    recipients.map(({ kind, transport = kind, digest, maskDigest }) =>
      maskDigest && maskDigest !== digest ? `${transport}, MGF1 with ${maskDigest}` : transport,
    ),
  );
  return [
    ...(cipher ? [{ what: 'content' as const, algorithm: cipher }] : []),
    ...[...transports].map((algorithm) => ({ what: 'key transport' as const, algorithm })),
  ];
}

function signatureIn(entity: Uint8Array): { sent: Observed['sent']; signers: readonly Certificate[] }[] {
  try {
    const { signature } = insideOf({ value: readEntity(entity) });
    if ('missing' in signature) return [];
    const { signed, verdicts } = signature.value;
    const signatures = new Set(signed.signers.map(({ signatureAlgorithm }) => signatureAlgorithm.name));
    return [
      {
        sent: [
          ...digestsOf(signed).map((algorithm) => ({ what: 'digest' as const, algorithm })),
          ...[...signatures].map((algorithm) => ({ what: 'signature' as const, algorithm })),
        ],
        signers: verdicts.flatMap(({ certificate }) => certificate ?? []),
      },
    ];
  } catch (error) {
    if (error instanceof MailError) return [];
    throw error;
  }
}

/** How each message of the testbed was made, and whether the system said that it had processed it. */
function acceptedOf({ run: { scenario }, answered, sent }: RunView): Accepted[] {
  const processed = new Set(
    answered.filter(({ disposition }) => disposition === 'processed').map(({ about }) => messageIdKey(about)),
  );
  const steps = [...scenario.steps, ...(scenario.control?.steps ?? [])];
  return steps.flatMap((step) => {
    if (!('deliver' in step)) return [];
    const { id, cipher, keyTransport, digest, faults, notice } = step.deliver;
    const message = sent.find((one) => one.id === id);
    if (!message || faults.length > 0 || notice) return [];
    const key = messageIdKey(message.messageId);
    return [{ content: cipher, keyTransport, digest, processed: key !== undefined && processed.has(key) }];
  });
}

/** From the moment at which a message was handed over to each notice about it. */
function noticesOf({ answered, sent }: RunView): Observed['notices'] {
  return answered.flatMap(({ about, at, disposition }) => {
    const key = messageIdKey(about);
    const message = sent.find(({ messageId }) => key !== undefined && messageIdKey(messageId) === key);
    return message ? [{ notice: disposition, ms: Math.max(0, at - message.at) }] : [];
  });
}
