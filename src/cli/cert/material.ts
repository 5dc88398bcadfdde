/**
 * Certificates and lists as a person names them: a file, PEM text, or base64.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { readPem } from '../../asn1/pem.ts';
import { readIssuers } from '../../pki/aia.ts';
import { type Certificate, parseCertificateText } from '../../pki/certificate.ts';
import { type Crl, parseCrl } from '../../pki/crl.ts';
import { PkiError } from '../../pki/error.ts';

/** What was named cannot be had; the message says what and why. */
export class MaterialError extends Error {
  override readonly name = 'MaterialError';
}

export interface Material {
  /** @throws {MaterialError} when it cannot be had @throws {PkiError} when it is no certificate */
  readonly certificate: (named: string) => Certificate;
  /** Every certificate in it: DER, PEM, certs-only PKCS#7. @throws {MaterialError} @throws {PkiError} */
  readonly certificates: (named: string) => readonly Certificate[];
  /** Every list in it. @throws {MaterialError} @throws {PkiError} */
  readonly lists: (named: string) => readonly Crl[];
}

const KEPT = 20_000;

/** Reads each file once and keeps what it found: the lines of a batch name the same files again and again. */
export function createMaterial(): Material {
  const kept = <T>(read: (bytes: Uint8Array) => T) => {
    const known = new Map<string, T>();
    return (named: string): T => {
      const found = known.get(named);
      if (found !== undefined) return found;
      const value = read(octetsOf(named));
      if (known.size >= KEPT) known.delete(known.keys().next().value!);
      known.set(named, value);
      return value;
    };
  };
  return {
    certificate: kept(parseCertificateText),
    certificates: kept(readIssuers),
    lists: kept(readLists),
  };
}

const BASE64 = /^MI[A-Za-z0-9+/\s]{40,}={0,2}\s*$/;

function octetsOf(named: string): Uint8Array {
  if (named.includes('-----BEGIN ')) return Buffer.from(named);
  if (BASE64.test(named)) return Buffer.from(named, 'base64');
  try {
    return readFileSync(named);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const file = named.slice(0, 200);
    throw new MaterialError(
      code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read: ${message}`,
    );
  }
}

function readLists(bytes: Uint8Array): readonly Crl[] {
  if (bytes[0] === 0x30) return [parseCrl(bytes)];
  const blocks = readPem(Buffer.from(bytes).toString('latin1')).filter(({ label }) => /CRL$/.test(label));
  if (blocks.length === 0) throw new PkiError('structure', 'neither DER nor a PEM block labelled X509 CRL');
  return blocks.map((block) => parseCrl(block.bytes));
}
