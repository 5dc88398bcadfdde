/**
 * The layers of a Direct message from disk, taken off one by one. What cannot be opened says why; nothing is thrown for
 * what a file may hold.
 *
 * @module
 */
import { readPem } from '../../asn1/pem.ts';
import { type CmsKind, cmsKind } from '../../cms/content-info.ts';
import {
  type DecryptionKey,
  decryptEnveloped,
  type EnvelopedData,
  readEnveloped,
} from '../../cms/enveloped.ts';
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
import { cmsOf, smimeKind, splitSigned } from '../../mail/signed.ts';
import { type Cause, cause } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { mailCause } from '../mail-cause.ts';
import { AgentStop } from '../stop.ts';

/** What came of reading something: the thing, or the reason why not. */
export type Read<T> = { readonly value: T } | { readonly cause: Cause };

/** @throws whatever is no error of a parser: a mistake in the program */
export function reading<T>(read: () => T): Read<T> {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof CmsError || error instanceof AgentStop) return { cause: error.reason };
    if (error instanceof MailError) return { cause: mailCause(error) };
    if (error instanceof PkiError) return { cause: cause('parse.der', { why: error.message }) };
    throw error;
  }
}

/** A message as it lies on disk: an entity, or a CMS object by itself. */
export type Layer =
  | { readonly kind: 'enveloped' | 'signed'; readonly cms: Uint8Array; readonly entity?: Entity }
  | { readonly kind: 'multipart-signed'; readonly entity: Entity }
  | { readonly kind: 'plain'; readonly entity: Entity };

/** Reads an e-mail, a MIME entity, or a CMS object in DER, BER or PEM. */
export function readLayer(bytes: Uint8Array): Read<Layer> {
  return reading((): Layer => {
    const object = bareObject(bytes);
    if (object) return objectLayer(object);
    const entity = readEntity(bytes);
    const kind = smimeKind(entity);
    if (kind === undefined) return { kind: 'plain', entity };
    return kind === 'multipart-signed' ? { kind, entity } : objectLayer(cmsOf(entity), entity);
  });
}

const PEM = /^\s*-----BEGIN (PKCS ?#?7|CMS)/;

function bareObject(bytes: Uint8Array): Uint8Array | undefined {
  // no header field begins so: ':' cannot stand within the length octets of a sequence this long
  if (bytes[0] === 0x30 && bytes[1]! >= 0x80) return bytes;
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  return PEM.test(start) ? readPem(Buffer.from(bytes).toString('latin1'))[0]?.bytes : undefined;
}

/** The object itself tells what it is; the content type may be wrong. */
function objectLayer(cms: Uint8Array, entity?: Entity): Layer {
  const kind: CmsKind = cmsKind(cms);
  if (kind === 'other') {
    throw new CmsError('structure', 'the object is neither EnvelopedData nor SignedData');
  }
  return { kind: kind === 'signed' ? 'signed' : 'enveloped', cms, ...(entity && { entity }) };
}

export interface Envelope {
  readonly enveloped: EnvelopedData;
  readonly clear: Read<Uint8Array>;
}

/** @param keys none: nothing is decrypted, and `clear` says for whom the message is */
export function readEnvelope(cms: Uint8Array, keys: readonly DecryptionKey[]): Read<Envelope> {
  return reading(() => {
    const enveloped = readEnveloped(cms);
    const anyKey = keys.some(({ certificate }) => !certificate);
    return { enveloped, clear: reading(() => decryptEnveloped(enveloped, keys, { anyKey })) };
  });
}

export interface Signature {
  readonly form: 'detached' | 'opaque';
  readonly micalg: readonly string[];
  readonly signed: SignedData;
  readonly certificates: readonly Certificate[];
  /** Of every signer, whatever its digest. */
  readonly verdicts: readonly SignerVerdict[];
  /** The octets that were signed, with the line ends for which a signature verifies. */
  readonly content: Uint8Array;
  readonly repaired: boolean;
}

const ALL_DIGESTS = ['sha256', 'sha384', 'sha512', 'sha1', 'md5'] as const;

/** @param layer a layer of kind `signed` or `multipart-signed` */
export function readSignature(
  layer: Extract<Layer, { kind: 'signed' | 'multipart-signed' | 'enveloped' }>,
): Read<Signature> {
  return reading(() => {
    const detached = layer.kind === 'multipart-signed' ? splitSigned(layer.entity) : undefined;
    const signed = readSigned(layer.kind === 'multipart-signed' ? detached!.signature : layer.cms);
    const content = detached?.signedBytes ?? signed.eContent;
    if (!content) throw new AgentStop(cause('crypto.attribute-missing', { attribute: 'content' }));
    const { certificates } = embeddedCertificates(signed);
    const verdicts = signed.signers.map((signer) =>
      verifySigner(signed, signer, content, certificates, { digests: ALL_DIGESTS, repair: lfToCrlf }),
    );
    const repaired = verdicts.some((verdict) => verdict.ok && verdict.repaired);
    return {
      form: detached ? 'detached' : 'opaque',
      micalg: detached?.micalg ?? [],
      signed,
      certificates,
      verdicts,
      content: repaired ? lfToCrlf(content) : content,
      repaired,
    };
  });
}
