/**
 * A message of the system under test, taken apart layer by layer: outside, envelope, signature, wrapped message. A
 * layer that is not there says why, and so do all those below it.
 *
 * @module
 */
import { z } from 'zod';
import { readEnveloped } from '../../cms/enveloped.ts';
import { CmsError } from '../../cms/error.ts';
import {
  embeddedCertificates,
  readSigned,
  type SignedData,
  type SignerVerdict,
  verifySigner,
} from '../../cms/signed.ts';
import { lfToCrlf } from '../../mail/canonical.ts';
import { type Entity, readEntity } from '../../mail/entity.ts';
import { MailError } from '../../mail/error.ts';
import { cmsOf, type SignedParts, smimeKind, splitSigned } from '../../mail/signed.ts';
import { unwrap } from '../../mail/wrap.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Event } from '../transcript.ts';
import { type Arrived, arrivedFor, type RunView, type Sent } from './view.ts';

export type Layer<T> = { readonly value: T } | { readonly missing: string };

export interface Envelope {
  readonly outer: Entity;
  readonly enveloped: ReturnType<typeof readEnveloped>;
}

/** What the testbed read with its own keys, after the run. */
export interface OpenedMessage extends z.infer<typeof openedSchema> {
  readonly event: number;
  /** SHA-256 of the decrypted entity, when a key opened it. */
  readonly blob: string | undefined;
}

export interface Signature {
  /** Missing from an opaque signature. */
  readonly detached: SignedParts | undefined;
  readonly signed: SignedData;
  readonly content: Uint8Array;
  readonly embedded: readonly Certificate[];
  /** Of every signer, whatever its digest. */
  readonly verdicts: readonly SignerVerdict[];
}

export interface Letter {
  readonly arrived: Arrived;
  /** Numbers of the events that show it. */
  readonly evidence: readonly number[];
  readonly envelope: Layer<Envelope>;
  readonly opened: Layer<OpenedMessage>;
  /** What the envelope held. */
  readonly entity: Layer<Entity>;
  readonly signature: Layer<Signature>;
  /** What was signed; of an unsigned message, what the envelope held. */
  readonly content: Layer<Entity>;
  /** The wrapped message. */
  readonly inner: Layer<Entity>;
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
  const envelope = guarded(() => envelopeOf(view.blob(arrived.blob)));
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
  const signature = below(entity, signatureOf);
  const content = below<Entity, Entity>(entity, (inside) => {
    if (smimeKind(inside) === undefined) return { value: inside };
    return below<Signature, Entity>(signature, (one) => ({ value: readEntity(one.content) }));
  });
  const inner = below<Entity, Entity>(content, (inside) => {
    const message = unwrap(inside);
    return message ? { value: readEntity(message) } : { missing: 'the message is not wrapped' };
  });
  const evidence = [arrived.event, ...(reading ? [reading.event] : [])];
  return { arrived, evidence, envelope, opened, entity, signature, content, inner };
}

function openedOf(arrived: Arrived, events: readonly Event[]): OpenedMessage | undefined {
  for (const event of events) {
    if (event.kind !== 'message' || event.cause !== arrived.event) continue;
    const read = openedSchema.safeParse(event.summary);
    if (read.success) return { ...read.data, event: event.n, blob: event.blob };
  }
  return undefined;
}

function envelopeOf(message: Uint8Array): Layer<Envelope> {
  const outer = readEntity(message);
  const kind = smimeKind(outer);
  return kind === 'enveloped' || kind === 'pkcs7'
    ? { value: { outer, enveloped: readEnveloped(cmsOf(outer)) } }
    : { missing: 'the message is not encrypted' };
}

const ALL_DIGESTS = ['sha256', 'sha384', 'sha512', 'sha1', 'md5'] as const;

function signatureOf(entity: Entity): Layer<Signature> {
  const kind = smimeKind(entity);
  if (kind === undefined || kind === 'certs-only' || kind === 'enveloped') {
    return { missing: 'the message is not signed' };
  }
  const detached = kind === 'multipart-signed' ? splitSigned(entity) : undefined;
  const signed = readSigned(detached ? detached.signature : cmsOf(entity));
  const content = detached?.signedBytes ?? signed.eContent;
  if (!content) return { missing: 'the signature has no content' };
  const { certificates: embedded } = embeddedCertificates(signed);
  const verdicts = signed.signers.map((signer) =>
    verifySigner(signed, signer, content, embedded, { digests: ALL_DIGESTS, repair: lfToCrlf }),
  );
  return { value: { detached, signed, content, embedded, verdicts } };
}

function below<A, B>(above: Layer<A>, read: (value: A) => Layer<B>): Layer<B> {
  return 'missing' in above ? above : guarded(() => read(above.value));
}

function guarded<T>(read: () => Layer<T>): Layer<T> {
  try {
    return read();
  } catch (error) {
    if (error instanceof MailError || error instanceof CmsError) return { missing: error.message };
    throw error;
  }
}
