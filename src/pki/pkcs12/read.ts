/**
 * Reading PKCS #12 files (RFC 7292): `.p12` and `.pfx`, of OpenSSL, Java, Windows and browsers, old and new.
 *
 * @module
 */
import {
  children,
  content,
  expect,
  is,
  type Node,
  raw,
  readAsn1,
  stringContent,
  TAG,
} from '../../asn1/read.ts';
import { readOctetString, readOid, readSmallInteger, readString } from '../../asn1/values.ts';
import { type Certificate, parseCertificate } from '../certificate.ts';
import { createEffort, type Effort } from '../effort.ts';
import { PkiError, reading } from '../error.ts';
import type { Issued } from '../issue.ts';
import type { KeyPair } from '../keys.ts';
import { decryptWithPassword } from '../password-cipher.ts';
import { decryptPrivateKey, load } from '../pkcs8.ts';
import { checkMac } from './mac.ts';
import { OID } from './oids.ts';

export interface Pkcs12Key extends KeyPair {
  /** The friendlyName of its bag. */
  readonly name?: string;
}

export interface Pkcs12 {
  /** In the order of the file. */
  readonly keys: readonly Pkcs12Key[];
  /** Every certificate that can be read, once, in the order of the file. */
  readonly certificates: readonly Certificate[];
  /** Each key with its certificate, found by the public key: what the file calls them proves nothing. */
  readonly identities: readonly Issued[];
  /** The first of `identities`. */
  readonly leaf?: Issued;
  /** Why some certificates were left out. */
  readonly unreadable: readonly string[];
}

const FILE_LIMIT = 16 * 1024 * 1024;
const BAGS = 20_000;
const KEYS = 100;
const NESTED = 8;

/**
 * Opens a file with its password. Nothing inside is read before the MAC agrees.
 *
 * @param password empty for files that are said to have none
 * @param effort how much deriving the file may ask for; default two seconds of it
 * @throws {PkiError} `password` (wrong, or the file was changed); `algorithm` with the cure where there is one; `key`;
 *   `structure`; `limit` (more than 16 MB, 20,000 bags, 100 keys, or more deriving than `effort`)
 */
export function readPkcs12(bytes: Uint8Array, password: string, effort: Effort = createEffort()): Pkcs12 {
  if (bytes.length > FILE_LIMIT) throw new PkiError('limit', `a PKCS #12 file of ${bytes.length} octets`);
  return reading('PKCS #12', 'structure', () => {
    const pfx = readAsn1(bytes, { trailing: 'allow' });
    const [version, authSafe, macData] = children(expect(pfx, TAG.sequence, 'PKCS #12'));
    if (readSmallInteger(version, 'version') !== 3)
      throw new PkiError('structure', 'no PKCS #12 file of version 3');
    const [type, wrapped] = children(expect(authSafe, TAG.sequence, 'authenticated content'));
    const kind = readOid(type, 'authenticated content');
    if (kind === OID.signedData)
      throw new PkiError('algorithm', 'the file is signed instead of sealed with a password');
    if (kind !== OID.data) throw new PkiError('structure', `authenticated content of type ${kind}`);
    const authenticated = octets(wrapped, 'authenticated content');
    if (!macData) throw new PkiError('structure', 'the file has no MAC, so nothing in it can be believed');
    checkMac(macData, authenticated, password, effort);
    return assembled(contentsOf(authenticated, password, effort), password, effort);
  });
}

/** `[0]` around an OCTET STRING. */
const octets = (wrapped: Node | undefined, what: string): Uint8Array =>
  readOctetString(children(expect(wrapped, 0, what, 'context'))[0], what);

/** The bags of every part. */
function contentsOf(authenticated: Uint8Array, password: string, effort: Effort): Node[] {
  const parts = children(expect(readAsn1(authenticated), TAG.sequence, 'parts'));
  return parts.flatMap((part) => {
    const [type, wrapped] = children(expect(part, TAG.sequence, 'part'));
    const kind = readOid(type, 'part');
    switch (kind) {
      case OID.data:
        return bagsOf(readAsn1(octets(wrapped, 'part')));
      case OID.encryptedData:
        return bagsOf(readAsn1(decrypted(wrapped, password, effort)));
      default:
        throw new PkiError('algorithm', `a part of type ${kind} is not opened with a password`);
    }
  });
}

/** EncryptedData (RFC 5652 §8). */
function decrypted(wrapped: Node | undefined, password: string, effort: Effort): Uint8Array {
  const data = children(expect(wrapped, 0, 'encrypted part', 'context'))[0];
  const [, info] = children(expect(data, TAG.sequence, 'encrypted part'));
  const [, algorithm, ciphertext] = children(expect(info, TAG.sequence, 'encrypted part'));
  const sealed = stringContent(expect(ciphertext, 0, 'ciphertext', 'context'));
  return decryptWithPassword(algorithm, sealed, password, effort);
}

const bagsOf = (node: Node): readonly Node[] => {
  const bags = children(expect(node, TAG.sequence, 'bags'));
  if (bags.length > BAGS) throw new PkiError('limit', `${bags.length} bags in one part`);
  return bags;
};

interface Found {
  readonly keys: Pkcs12Key[];
  readonly certificates: Map<string, Certificate>;
  readonly unreadable: string[];
}

function assembled(bags: readonly Node[], password: string, effort: Effort): Pkcs12 {
  const found: Found = { keys: [], certificates: new Map(), unreadable: [] };
  let count = 0;
  const pending = bags.map((bag) => ({ bag, level: 1 })).toReversed();
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (++count > BAGS) throw new PkiError('limit', `more than ${BAGS} bags`);
    const { bag, level } = next;
    const inner = readBag(bag, found, password, effort);
    if (inner.length > 0 && level >= NESTED) throw new PkiError('limit', `bags nested deeper than ${NESTED}`);
    for (const one of inner.toReversed()) pending.push({ bag: one, level: level + 1 });
  }
  const certificates = [...found.certificates.values()];
  const identities = found.keys.flatMap((key): Issued[] => {
    const certificate = certificates.find(({ spki }) => Buffer.compare(spki, key.spki) === 0);
    return certificate ? [{ certificate, key }] : [];
  });
  const [leaf] = identities;
  return { keys: found.keys, certificates, identities, ...(leaf && { leaf }), unreadable: found.unreadable };
}

/** Takes what one bag holds, and gives the bags inside it. Lists and secrets are passed over. */
function readBag(bag: Node, found: Found, password: string, effort: Effort): readonly Node[] {
  const [type, wrapped, attributes] = children(expect(bag, TAG.sequence, 'bag'));
  const kind = readOid(type, 'bag');
  const value = children(expect(wrapped, 0, 'bag', 'context'))[0];
  switch (kind) {
    case OID.keyBag:
    case OID.shroudedKeyBag: {
      const node = expect(value, TAG.sequence, 'key');
      if (found.keys.length >= KEYS) throw new PkiError('limit', `more than ${KEYS} keys`);
      const key = kind === OID.keyBag ? load(raw(node), 'pkcs8') : decryptPrivateKey(node, password, effort);
      const name = friendlyName(attributes);
      found.keys.push(name === undefined ? key : { ...key, name });
      return [];
    }
    case OID.certBag: {
      const [form, holder] = children(expect(value, TAG.sequence, 'certificate bag'));
      if (readOid(form, 'certificate bag') !== OID.x509Certificate) return [];
      keepCertificate(octets(holder, 'certificate bag'), found);
      return [];
    }
    case OID.safeContentsBag:
      return bagsOf(expect(value, TAG.sequence, 'bags'));
    default:
      return [];
  }
}

function keepCertificate(der: Uint8Array, { certificates, unreadable }: Found): void {
  try {
    const certificate = parseCertificate(der);
    certificates.set(certificate.sha256, certificate);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    unreadable.push(error.message);
  }
}

function friendlyName(attributes: Node | undefined): string | undefined {
  if (!is(attributes, TAG.set)) return undefined;
  for (const attribute of children(attributes)) {
    const [type, values] = children(expect(attribute, TAG.sequence, 'bag attribute'));
    if (readOid(type, 'bag attribute') !== OID.friendlyName) continue;
    const [value] = children(expect(values, TAG.set, 'friendlyName'));
    return value && content(value).length > 0 ? readString(value, 'friendlyName').slice(0, 256) : undefined;
  }
  return undefined;
}
