/**
 * A message of the system under test, taken apart layer by layer: outside, envelope, signature, wrapped message. A
 * layer that is not there says why, and so do all those below it.
 *
 * @module
 */
import { z } from 'zod';
import { type Entity, readEntity } from '../../mail/entity.ts';
import {
  below,
  type Envelope,
  envelopeOf,
  type Inside,
  insideOf,
  type Layer,
  type Signature,
} from '../../rule/message/facts/layers.ts';
import type { Event } from '../transcript.ts';
import { type Arrived, arrivedFor, type RunView, type Sent } from './view.ts';

export type { Envelope, Layer, Signature };

/** What the testbed read with its own keys, after the run. */
export interface OpenedMessage extends z.infer<typeof openedSchema> {
  readonly event: number;
  /** SHA-256 of the decrypted entity, when a key opened it. */
  readonly blob: string | undefined;
}

export interface Letter extends Inside {
  readonly arrived: Arrived;
  /** Numbers of the events that show it. */
  readonly evidence: readonly number[];
  readonly envelope: Layer<Envelope>;
  readonly opened: Layer<OpenedMessage>;
  /** What the envelope held. */
  readonly entity: Layer<Entity>;
}

const openedSchema = z.object({
  stage: z.literal('opened'),
  recipients: z.array(
    z.object({
      kind: z.string(),
      transport: z.string().optional(),
      digest: z.string().optional(),
      maskDigest: z.string().optional(),
      /** `<case>/<role>` of the certificate, when it is one of ours. */
      ours: z.string().optional(),
      bits: z.number().optional(),
      opens: z.boolean(),
    }),
  ),
});

const known = new WeakMap<RunView, Map<Sent['part'], readonly Letter[]>>();

/** The messages that the steps of one part made the system send. */
export function lettersFor(view: RunView, part: Sent['part']): readonly Letter[] {
  const parts = known.get(view) ?? new Map<Sent['part'], readonly Letter[]>();
  known.set(view, parts);
  const letters = parts.get(part) ?? arrivedFor(view, part).map((arrived) => letterOf(arrived, view));
  parts.set(part, letters);
  return letters;
}

function letterOf(arrived: Arrived, view: RunView): Letter {
  const reading = openedOf(arrived, view.events);
  const envelope = envelopeOf(view.blob(arrived.blob));
  const opened = below<Envelope, OpenedMessage>(envelope, () =>
    reading ? { value: reading } : { missing: 'nobody tried to open the message' },
  );
  const entity = below<OpenedMessage, Entity>(opened, ({ blob }) => {
    const inside = blob ? readEntity(view.blob(blob)) : undefined;
    // One wrong key in 256 leaves a padding that looks right, and noise before it.
    return inside === undefined || inside.headers.length === 0
      ? { missing: 'the message does not decrypt' }
      : { value: inside };
  });
  const evidence = [arrived.event, ...(reading ? [reading.event] : [])];
  return { arrived, evidence, envelope, opened, entity, ...insideOf(entity) };
}

function openedOf(arrived: Arrived, events: readonly Event[]): OpenedMessage | undefined {
  for (const event of events) {
    if (event.kind !== 'message' || event.cause !== arrived.event) continue;
    const read = openedSchema.safeParse(event.summary);
    if (read.success) return { ...read.data, event: event.n, blob: event.blob };
  }
  return undefined;
}
