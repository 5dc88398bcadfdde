/**
 * Reading EnvelopedData (RFC 5652 §6) and AuthEnvelopedData (RFC 5083), and decrypting them.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { children, expect, is, isContext, type Node, raw, stringContent, TAG } from '../asn1/read.ts';
import { readOctetString, readOid, readSmallInteger } from '../asn1/values.ts';
import { cause } from '../outcome/cause.ts';
import type { Certificate } from '../pki/certificate.ts';
import { isHeld, type PrivateKey } from '../pki/private-key.ts';
import { type ContentCipher, decipher, readContentCipher, unsupportedCipher } from './ciphers.ts';
import { readContentInfo } from './content-info.ts';
import { CmsError, decryptFailed, reading, tooMany } from './error.ts';
import { type Identity, isNamed, readIdentity } from './identity.ts';
import { readTransport, type TransportAlgorithm, unsupportedTransport, unwrapKey } from './key-transport.ts';
import { OID } from './oids.ts';

export interface KeyTransportRecipient {
  readonly kind: 'key-transport';
  readonly version: number;
  readonly identity: Identity;
  readonly transport: TransportAlgorithm;
  readonly encryptedKey: Uint8Array;
}

export type RecipientInfo =
  | KeyTransportRecipient
  /** Not expected in Direct and not read (wire-facts §6.3). */
  | { readonly kind: 'key-agreement' | 'kek' | 'password' | 'other' };

export interface EnvelopedData {
  readonly kind: 'enveloped' | 'auth-enveloped';
  readonly version: number;
  readonly recipients: readonly RecipientInfo[];
  /** Type of the content; id-data. */
  readonly contentType: string;
  readonly cipher: ContentCipher;
  /** Joined when it came in segments. */
  readonly ciphertext: Uint8Array;
  /** GCM only. */
  readonly tag: Uint8Array | undefined;
  /** GCM only: authenticated attributes, as they enter the computation. */
  readonly authenticated: Uint8Array | undefined;
  /** Octets behind the object that are not one line end: a finding. */
  readonly trailing: number;
}

const MAX_RECIPIENTS = 10_000;

/** @throws {CmsError} `structure`, `limit` */
export function readEnveloped(bytes: Uint8Array): EnvelopedData {
  const info = readContentInfo(bytes);
  const authenticated = info.type === OID.authEnvelopedData;
  if (!authenticated && info.type !== OID.envelopedData) {
    throw new CmsError('structure', `content type ${info.type} is not EnvelopedData`);
  }
  return reading('EnvelopedData', () => {
    const fields = [...children(expect(info.content, TAG.sequence, 'EnvelopedData'))];
    const version = readSmallInteger(fields.shift(), 'version');
    if (isContext(fields[0], 0)) fields.shift();
    const recipients = children(expect(fields.shift(), TAG.set, 'recipientInfos'));
    if (recipients.length > MAX_RECIPIENTS) throw tooMany('recipients', MAX_RECIPIENTS);
    const [type, cipher, ciphertext] = children(expect(fields.shift(), TAG.sequence, 'encryptedContentInfo'));
    if (!ciphertext || !isContext(ciphertext, 0)) throw new CmsError('structure', 'no encrypted content');
    const attributes = fields.find((node) => isContext(node, 1));
    const tag = authenticated ? fields.find((node) => is(node, TAG.octetString)) : undefined;
    return {
      kind: authenticated ? 'auth-enveloped' : 'enveloped',
      version,
      recipients: recipients.map(readRecipient),
      contentType: readOid(type, 'content type'),
      cipher: readContentCipher(cipher),
      ciphertext: stringContent(ciphertext),
      tag: tag ? readOctetString(tag, 'mac') : undefined,
      authenticated: authenticated && attributes ? asSet(attributes) : undefined,
      trailing: info.trailing,
    };
  });
}

/** Authenticated attributes enter under the tag of a SET (RFC 5083 §2.2). */
function asSet(attributes: Node): Uint8Array {
  const out = Uint8Array.from(raw(attributes));
  out[0] = 0x31;
  return out;
}

const OTHER_KINDS: Readonly<Record<number, 'key-agreement' | 'kek' | 'password'>> = {
  1: 'key-agreement',
  2: 'kek',
  3: 'password',
};

function readRecipient(node: Node): RecipientInfo {
  if (node.tagClass === 'context') return { kind: OTHER_KINDS[node.tag] ?? 'other' };
  expect(node, TAG.sequence, 'RecipientInfo');
  const [version, identity, transport, key] = children(node);
  return {
    kind: 'key-transport',
    version: readSmallInteger(version, 'RecipientInfo version'),
    identity: readIdentity(identity, 'RecipientInfo'),
    transport: readTransport(transport),
    encryptedKey: readOctetString(key, 'encrypted key'),
  };
}

/** Whether the recipient is this certificate's owner: by issuer and serial number, or by key identifier. */
export const matches = (
  recipient: RecipientInfo,
  certificate: Certificate,
): recipient is KeyTransportRecipient =>
  recipient.kind === 'key-transport' && isNamed(recipient.identity, certificate);

export interface DecryptionKey {
  /** Without it nobody can tell which recipient the key belongs to: it is tried with `anyKey` alone. */
  readonly certificate?: Certificate;
  readonly privateKey: PrivateKey;
}

export interface DecryptOptions {
  /** Tries every key on every recipient when none matches by name. Default no. */
  readonly anyKey?: boolean;
}

/**
 * The content. Every key that matches a recipient is tried, in order. Nothing may be shown of it before the signature
 * inside was verified.
 *
 * @throws {CmsError} `no-recipient-match`; `decrypt-failed`, the same for a bad key, bad padding and a bad tag;
 *   `unsupported-cipher`; `unsupported-transport` when that is all that stood in the way
 */
export function decryptEnveloped(
  enveloped: EnvelopedData,
  keys: readonly DecryptionKey[],
  options: DecryptOptions = {},
): Uint8Array {
  const work = decrypted(enveloped, keys, options);
  let step = work.next();
  while (!step.done) {
    const { recipient, privateKey } = step.value;
    if (isHeld(privateKey))
      throw new CmsError('input', 'the key is held elsewhere and cannot decrypt at once');
    step = work.next(unwrapKey(recipient.encryptedKey, privateKey, recipient.transport));
  }
  return step.value;
}

/** As `decryptEnveloped`, by keys wherever they are. @throws {CmsError} @throws what the holder of a key says */
export async function decryptEnvelopedAnywhere(
  enveloped: EnvelopedData,
  keys: readonly DecryptionKey[],
  options: DecryptOptions = {},
): Promise<Uint8Array> {
  const work = decrypted(enveloped, keys, options);
  let step = work.next();
  while (!step.done) {
    const { recipient, privateKey } = step.value;
    const { encryptedKey, transport } = recipient;
    step = work.next(
      isHeld(privateKey)
        ? await privateKey.decrypt(transport, encryptedKey)
        : unwrapKey(encryptedKey, privateKey, transport),
    );
  }
  return step.value;
}

interface Pair {
  readonly recipient: KeyTransportRecipient;
  readonly privateKey: PrivateKey;
}

/** Yields the keys to unwrap and is given what came of it. */
type Decrypting<T> = Generator<Pair, T, Uint8Array | undefined>;

function* decrypted(
  enveloped: EnvelopedData,
  keys: readonly DecryptionKey[],
  options: DecryptOptions,
): Decrypting<Uint8Array> {
  const { cipher } = enveloped.cipher;
  const pairs = pairsOf(enveloped, keys, options.anyKey ?? false);
  if (pairs.length === 0) {
    const recipients = enveloped.recipients.length;
    const reason = cause('crypto.no-recipient-match', { recipients });
    throw new CmsError('no-recipient-match', `none of ${recipients} recipients has a key here`, reason);
  }
  if (!cipher) throw unsupportedCipher(enveloped.cipher.name);
  const readable = pairs.filter(({ recipient }) => recipient.transport.scheme !== 'unknown');
  if (readable.length === 0) throw unsupportedTransport(pairs[0]!.recipient.transport.name);
  for (const pair of readable) {
    const content = contentUnder(enveloped, cipher.keyLength, yield pair);
    if (content) return content;
  }
  throw decryptFailed();
}

/** More would be a way to make us work. */
const MAX_TRIALS = 32;

function pairsOf(enveloped: EnvelopedData, keys: readonly DecryptionKey[], anyKey: boolean): Pair[] {
  const pairs: Pair[] = [];
  for (const { certificate, privateKey } of keys) {
    for (const recipient of enveloped.recipients) {
      if (certificate && matches(recipient, certificate)) pairs.push({ recipient, privateKey });
      if (pairs.length === MAX_TRIALS) return pairs;
    }
  }
  if (pairs.length > 0 || !anyKey) return pairs;
  const transported = enveloped.recipients.filter((recipient) => recipient.kind === 'key-transport');
  return transported
    .slice(0, MAX_TRIALS)
    .flatMap((recipient) => keys.map(({ privateKey }) => ({ recipient, privateKey })))
    .slice(0, MAX_TRIALS);
}

/**
 * A key that does not unwrap is replaced by a random one, and the content is decrypted with it all the same and
 * thrown away: whoever sends forged keys learns nothing from answers or from the time they take (RFC 3218 §2.3.2).
 */
function contentUnder(
  enveloped: EnvelopedData,
  keyLength: number,
  unwrapped: Uint8Array | undefined,
): Uint8Array | undefined {
  const substitute = randomBytes(keyLength);
  const usable = unwrapped?.length === keyLength;
  const key = usable ? unwrapped : substitute;
  try {
    const content = decipher(
      enveloped.cipher,
      key,
      enveloped.ciphertext,
      enveloped.tag,
      enveloped.authenticated,
    );
    return usable ? content : undefined;
  } catch (error) {
    if (error instanceof CmsError && error.code === 'decrypt-failed') return undefined;
    throw error;
  }
}
