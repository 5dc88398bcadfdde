/**
 * Writing SignedData (RFC 5652 §5, wire-facts §6.2).
 *
 * @module
 */
import { hash } from 'node:crypto';
import {
  type Der,
  encode,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  time,
} from '../asn1/write.ts';
import { encodeSignatureAlgorithm, type SignatureAlgorithm, signatureAlgorithm } from '../pki/algorithms.ts';
import type { Certificate } from '../pki/certificate.ts';
import { PkiError } from '../pki/error.ts';
import { kindOf, type PrivateKey, type Signing, signedAnywhere, signedHere } from '../pki/private-key.ts';
import { type Ber, type Form, formOf, made, type Pieces, whole } from './ber.ts';
import { type Digest, digestAlgorithm } from './digests.ts';
import { CmsError } from './error.ts';
import { issuerAndSerial, subjectKeyIdentifier } from './identity.ts';
import { OID } from './oids.ts';

export interface CmsSigner {
  readonly certificate: Certificate;
  readonly privateKey: PrivateKey;
  /** Default `sha256`; `sha384` for a P-384 key. The weak ones are for peers that must be refused. */
  readonly digest?: Digest;
  /** How the signer is named. Default `issuer-serial`. */
  readonly by?: 'issuer-serial' | 'ski';
  /** RSASSA-PSS instead of PKCS #1 v1.5. */
  readonly pss?: boolean;
}

export interface SignOptions {
  /** Whether the content stays outside. */
  readonly detached: boolean;
  /** Milliseconds since 1970 UTC. Without it the attribute is left out. */
  readonly signingTime?: number;
  /** Embedded after the signers' own, in order: intermediates. */
  readonly extraCertificates?: readonly Certificate[];
  /** `false` embeds no certificate of the signers (a peer's fault, REQ-AS-18). Default `true`. */
  readonly embedSigners?: boolean;
  /** `false` signs the content itself (RFC 5652 §5.4). Default `true`. */
  readonly signedAttributes?: boolean;
  /** Type of the content. Default id-data. */
  readonly contentType?: string;
  /** Indefinite lengths and cut strings, as Java peers write. Default DER. */
  readonly ber?: Ber;
  /** DER sorts the signers by their octets (X.690 §11.6), `sorted`; peers write them in an order of their own. */
  readonly signerOrder?: 'sorted' | 'given';
  /** What a peer makes of the signed attributes, each complete; written in the order given. Default: sorted as DER. */
  readonly attributes?: (given: readonly Der[]) => readonly Der[];
}

/**
 * Signs with every signer; one SignerInfo each, in order.
 *
 * @param content the exact octets, with CRLF line ends when they are a MIME entity
 * @returns a ContentInfo
 * @throws {CmsError} `input` without signers (REQ-AS-42), or when a key cannot sign as asked
 */
export const signData = (content: Uint8Array, signers: readonly CmsSigner[], o: SignOptions): Uint8Array =>
  signedHere(signedData(content, signers, o));

/** As `signData`, by keys wherever they are. @throws {CmsError} @throws what the holder of a key says */
export const signDataAnywhere = (
  content: Uint8Array,
  signers: readonly CmsSigner[],
  o: SignOptions,
): Promise<Uint8Array> => signedAnywhere(signedData(content, signers, o));

function* signedData(
  content: Uint8Array,
  signers: readonly CmsSigner[],
  o: SignOptions,
): Signing<Uint8Array> {
  if (signers.length === 0) throw new CmsError('input', 'a signature needs a signer');
  const form = formOf(o.ber);
  const contentType = o.contentType ?? OID.data;
  const digests = new Map<Digest, Uint8Array>();
  const infos: Der[] = [];
  for (const signer of signers) {
    const digest = signer.digest ?? defaultDigest(signer.certificate);
    let value = digests.get(digest);
    if (!value) digests.set(digest, (value = hash(digest, content, 'buffer')));
    infos.push(yield* signerInfo(signer, digest, value, content, contentType, o));
  }
  const plain = contentType === OID.data && signers.every(({ by }) => by !== 'ski');
  const object = form.constructed(
    0x30,
    oid(OID.signedData),
    form.constructed(
      0xa0,
      form.constructed(
        0x30,
        integer(plain ? 1 : 3),
        setOf(...[...digests.keys()].map(digestAlgorithm)),
        encapsulated(content, contentType, o.detached, form),
        ...certificateSet(signers, o, form),
        ...(o.signerOrder === 'given' ? form.constructed(0x31, ...infos) : [setOf(...infos)]),
      ),
    ),
  );
  return made(whole(object));
}

const defaultDigest = (certificate: Certificate): Digest =>
  certificate.key.kind === 'ec' && certificate.key.bits > 256 ? 'sha384' : 'sha256';

function encapsulated(content: Uint8Array, contentType: string, detached: boolean, form: Form): Pieces {
  if (detached) return form.constructed(0x30, oid(contentType));
  return form.constructed(0x30, oid(contentType), form.constructed(0xa0, form.octets([content])));
}

function certificateSet(signers: readonly CmsSigner[], o: SignOptions, form: Form): Pieces[] {
  const own = o.embedSigners === false ? [] : signers.map(({ certificate }) => certificate);
  const unique = new Map([...own, ...(o.extraCertificates ?? [])].map((one) => [one.sha256, one.der]));
  return unique.size === 0 ? [] : [form.constructed(0xa0, ...unique.values())];
}

const CONTENT_TYPE = oid(OID.contentType);
const MESSAGE_DIGEST = oid(OID.messageDigest);
const SIGNING_TIME = oid(OID.signingTime);
/** What most peers write for an RSA signature, whatever its digest (RFC 5754 §3.2). */
const RSA: Der = sequence(oid(OID.rsaEncryption), nullValue());

function* signerInfo(
  signer: CmsSigner,
  digest: Digest,
  messageDigest: Uint8Array,
  content: Uint8Array,
  contentType: string,
  o: SignOptions,
): Signing<Der> {
  const algorithm = algorithmOf(signer, digest);
  const attributes = o.signedAttributes === false ? undefined : attributeSet(messageDigest, contentType, o);
  const signature = yield { key: signer.privateKey, algorithm, data: attributes ?? content };
  const parts = [
    integer(signer.by === 'ski' ? 3 : 1),
    signer.by === 'ski' ? subjectKeyIdentifier(signer.certificate) : issuerAndSerial(signer.certificate),
    digestAlgorithm(digest),
  ];
  if (attributes) {
    const tagged = Uint8Array.from(attributes);
    tagged[0] = 0xa0;
    parts.push(tagged);
  }
  parts.push(algorithm.scheme === 'rsa' ? RSA : encodeSignatureAlgorithm(algorithm), octetString(signature));
  return sequence(...parts);
}

function algorithmOf(signer: CmsSigner, digest: Digest): SignatureAlgorithm {
  try {
    return signatureAlgorithm(kindOf(signer.privateKey), { digest, ...(signer.pss ? { pss: true } : {}) });
  } catch (error) {
    if (error instanceof PkiError) throw new CmsError('input', error.message, undefined, { cause: error });
    throw error;
  }
}

/** The attributes as the SET that is signed. */
function attributeSet(messageDigest: Uint8Array, contentType: string, o: SignOptions): Der {
  const { signingTime } = o;
  const attributes = [
    sequence(CONTENT_TYPE, encode(0x31, oid(contentType))),
    sequence(MESSAGE_DIGEST, encode(0x31, octetString(messageDigest))),
  ];
  if (signingTime !== undefined) attributes.push(sequence(SIGNING_TIME, encode(0x31, time(signingTime))));
  return o.attributes ? encode(0x31, ...o.attributes(attributes)) : setOf(...attributes);
}
