/**
 * Private keys in files: PKCS #8 (RFC 5958), also encrypted, and the older forms of RSA (RFC 8017 appendix A.1.2) and of
 * elliptic curves (RFC 5915), in DER or PEM.
 *
 * @module
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type PemBlock, readPem, writePem } from '../asn1/pem.ts';
import { children, expect, is, type Node, raw, readAsn1, TAG } from '../asn1/read.ts';
import { readOctetString } from '../asn1/values.ts';
import { octetString, sequence } from '../asn1/write.ts';
import { createEffort, type Effort } from './effort.ts';
import { PkiError, reading } from './error.ts';
import { type KeyPair, keyPair } from './keys.ts';
import { decryptWithPassword, encryptWithPassword } from './password-cipher.ts';

/** A 16,384-bit RSA key has 9 kB. */
const KEY_LIMIT = 64 * 1024;

type Form = 'pkcs8' | 'pkcs1' | 'sec1';

/**
 * Reads one private key: DER in any of the forms, or the first key of a PEM text.
 *
 * @param password for a key that is encrypted
 * @throws {PkiError} `password` when it is encrypted and there is no password or the wrong one; `key` when OpenSSL
 *   cannot load it; `structure`, `algorithm`, `limit`
 */
export function readPrivateKey(
  pemOrDer: Uint8Array,
  password?: string,
  effort: Effort = createEffort(),
): KeyPair {
  if (pemOrDer[0] === 0x30) return fromDer(pemOrDer, password, effort);
  const text = Buffer.from(pemOrDer).toString('latin1');
  const block = readPem(text).find(({ label }) => /PRIVATE KEY$/.test(label));
  if (block) return fromDer(block.bytes, password, effort, FORM[block.label]);
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----\s+Proc-Type: 4,ENCRYPTED/.test(text)) {
    const cure = 'Write it anew: openssl pkcs8 -topk8 -in old.pem -out new.pem';
    throw new PkiError('algorithm', `the key is encrypted in the old way of PEM, with MD5. ${cure}`);
  }
  throw new PkiError('structure', 'neither DER nor a PEM block labelled PRIVATE KEY');
}

const FORM: Readonly<Record<PemBlock['label'], Form>> = {
  'PRIVATE KEY': 'pkcs8',
  'RSA PRIVATE KEY': 'pkcs1',
  'EC PRIVATE KEY': 'sec1',
};

function fromDer(der: Uint8Array, password: string | undefined, effort: Effort, form?: Form): KeyPair {
  if (der.length > KEY_LIMIT) throw new PkiError('limit', `a private key of ${der.length} octets`);
  return reading('private key', 'structure', () => {
    const node = expect(readAsn1(der, { trailing: 'allow' }), TAG.sequence, 'private key');
    const parts = children(node);
    if (is(parts[0], TAG.sequence) && is(parts[1], TAG.octetString)) {
      if (password === undefined)
        throw new PkiError('password', 'the key is encrypted, and there is no password');
      return decryptPrivateKey(node, password, effort);
    }
    return load(raw(node), form ?? formOf(parts));
  });
}

/** version, then an algorithm, an octet string or a modulus. */
function formOf([, second]: readonly Node[]): Form {
  if (is(second, TAG.sequence)) return 'pkcs8';
  return is(second, TAG.octetString) ? 'sec1' : 'pkcs1';
}

/** An EncryptedPrivateKeyInfo (RFC 5958 §3). @throws {PkiError} @throws {Asn1Error} */
export function decryptPrivateKey(node: Node, password: string, effort: Effort): KeyPair {
  const [algorithm, data] = children(expect(node, TAG.sequence, 'encrypted key'));
  const plain = decryptWithPassword(algorithm, readOctetString(data, 'encrypted key'), password, effort);
  try {
    return load(plain, 'pkcs8');
  } catch (error) {
    // with a wrong password one padding in 256 looks right by chance
    if (error instanceof PkiError && plain[0] !== 0x30)
      throw new PkiError('password', 'the password of the key is wrong, or the file was changed');
    throw error;
  }
}

/** @throws {PkiError} `key` */
export function load(der: Uint8Array, type: Form): KeyPair {
  if (der.length > KEY_LIMIT) throw new PkiError('limit', `a private key of ${der.length} octets`);
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(der), format: 'der', type });
    return keyPair(key);
  } catch (error) {
    throw new PkiError('key', `the private key cannot be loaded: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** PKCS #8 in DER, not encrypted: for what seals it itself. */
export const privateKeyDer = (key: KeyObject): Uint8Array => key.export({ type: 'pkcs8', format: 'der' });

/** PEM: `ENCRYPTED PRIVATE KEY` (PBES2, AES-256-CBC) with a password, `PRIVATE KEY` without. */
export function writePrivateKeyPem(key: KeyObject, password: string | undefined): string {
  const der = privateKeyDer(key);
  if (password === undefined) return writePem('PRIVATE KEY', der);
  return writePem('ENCRYPTED PRIVATE KEY', encryptedPrivateKey(der, password));
}

/** EncryptedPrivateKeyInfo of a PKCS #8 key. */
export function encryptedPrivateKey(pkcs8: Uint8Array, password: string, iterations?: number): Uint8Array {
  const { algorithm, ciphertext } = encryptWithPassword(pkcs8, password, iterations);
  return sequence(algorithm, octetString(ciphertext));
}
