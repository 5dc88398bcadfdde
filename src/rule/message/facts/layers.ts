/**
 * A message taken apart layer by layer (wire-facts §6.1): envelope, signature, content, wrapped message. A layer that
 * is not there says why, and so do all those below it. Rules and the judge of scenarios look at the same layers.
 *
 * @module
 */
import { type EnvelopedData, readEnveloped } from '../../../cms/enveloped.ts';
import { CmsError } from '../../../cms/error.ts';
import {
  embeddedCertificates,
  readSigned,
  type SignedData,
  type SignerVerdict,
  verifySigner,
} from '../../../cms/signed.ts';
import { lfToCrlf } from '../../../mail/canonical.ts';
import { type Entity, readEntity } from '../../../mail/entity.ts';
import { MailError } from '../../../mail/error.ts';
import { cmsOf, type SignedParts, smimeKind, splitSigned } from '../../../mail/signed.ts';
import { unwrap } from '../../../mail/wrap.ts';
import type { Certificate } from '../../../pki/certificate.ts';

export type Layer<T> = { readonly value: T } | { readonly missing: string };

export interface Envelope {
  readonly outer: Entity;
  readonly enveloped: EnvelopedData;
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

/** What was enveloped, or what was signed, and all that is below. */
export interface Inside {
  readonly signature: Layer<Signature>;
  /** What was signed; of an unsigned entity, the entity. */
  readonly content: Layer<Entity>;
  /** The wrapped message. */
  readonly inner: Layer<Entity>;
}

/** A layer that is read from the one above; a reader that fails says why. */
export function below<A, B>(above: Layer<A>, read: (value: A) => Layer<B>): Layer<B> {
  return 'missing' in above ? above : guarded(() => read(above.value));
}

/** A layer whose octets may be no message and no CMS object: then it is missing, with the reason. */
export function guarded<T>(read: () => Layer<T>): Layer<T> {
  try {
    return read();
  } catch (error) {
    if (error instanceof MailError || error instanceof CmsError) return { missing: error.message };
    throw error;
  }
}

/** The envelope of a message, as everybody on the way can read it. */
export function envelopeOf(message: Uint8Array | Entity): Layer<Envelope> {
  return guarded<Envelope>(() => {
    const outer = message instanceof Uint8Array ? readEntity(message) : message;
    const kind = smimeKind(outer);
    return kind === 'enveloped' || kind === 'pkcs7'
      ? { value: { outer, enveloped: readEnveloped(cmsOf(outer)) } }
      : { missing: 'the message is not encrypted' };
  });
}

/** What an entity that was decrypted holds. */
export function insideOf(entity: Layer<Entity>): Inside {
  const signature = below(entity, signatureOf);
  const content = below<Entity, Entity>(entity, (inside) => {
    if (smimeKind(inside) === undefined) return { value: inside };
    return below<Signature, Entity>(signature, (one) => ({ value: readEntity(one.content) }));
  });
  const inner = below<Entity, Entity>(content, (inside) => {
    const message = unwrap(inside);
    return message ? { value: readEntity(message) } : { missing: 'the message is not wrapped' };
  });
  return { signature, content, inner };
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
