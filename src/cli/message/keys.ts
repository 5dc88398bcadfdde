/**
 * Keys and certificates as `message` takes them: PEM or DER files, or a PKCS #12 file under a password.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { readIssuers } from '../../pki/aia.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import type { KeyPair } from '../../pki/keys.ts';
import { readPrivateKey } from '../../pki/pkcs8.ts';
import { readPkcs12 } from '../../pki/pkcs12.ts';

/** What was named cannot be had or used; the message says what and why. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

export interface KeyFiles {
  readonly key?: string | undefined;
  readonly cert?: string | undefined;
  readonly p12?: string | undefined;
  /** Of the PKCS #12 file, or of an encrypted key. */
  readonly password?: string | undefined;
}

export interface GivenKey {
  readonly key: KeyPair;
  /** Without one, nobody can tell whose key it is. */
  readonly certificate?: Certificate;
  /** Certificates that came along. */
  readonly chain: readonly Certificate[];
}

/** @throws {KeyError} */
export function readKeys({ key, cert, p12, password }: KeyFiles): GivenKey[] {
  const given: GivenKey[] = [];
  if (p12 !== undefined) {
    const bytes = octets(p12);
    const read = told(p12, () => readPkcs12(bytes, password ?? ''));
    if (read.keys.length === 0) throw new KeyError(`${p12} holds no private key`);
    given.push(
      ...read.identities.map(({ key: pair, certificate }) => ({
        key: pair,
        certificate,
        chain: read.certificates.filter((one) => one !== certificate),
      })),
    );
    const known = new Set(read.identities.map(({ key: pair }) => Buffer.from(pair.spki).toString('hex')));
    const bare = read.keys.filter(({ spki }) => !known.has(Buffer.from(spki).toString('hex')));
    given.push(...bare.map((pair) => ({ key: pair, chain: read.certificates })));
  }
  if (cert !== undefined && key === undefined && p12 === undefined) {
    throw new KeyError(`${cert} is a certificate without its key: name the key with --key FILE`);
  }
  if (key !== undefined) given.push(fromFiles(key, cert, password));
  return given;
}

function fromFiles(key: string, cert: string | undefined, password: string | undefined): GivenKey {
  const bytes = octets(key);
  const pair = told(key, () => readPrivateKey(bytes, password));
  // a PEM file may hold both, as many programs write it
  const certificates = cert === undefined ? alongside(bytes) : certificatesOf(cert);
  const spki = Buffer.from(pair.spki);
  const certificate = certificates.find((one) => spki.equals(one.spki));
  if (cert !== undefined && !certificate) {
    throw new KeyError(`${cert} is not the certificate of ${key}: their public keys differ`);
  }
  return {
    key: pair,
    ...(certificate && { certificate }),
    chain: certificates.filter((one) => one !== certificate),
  };
}

function alongside(bytes: Uint8Array): readonly Certificate[] {
  if (!Buffer.from(bytes).includes('-----BEGIN CERTIFICATE')) return [];
  try {
    return readIssuers(bytes);
  } catch (error) {
    // they are a convenience; the key alone will do
    if (error instanceof PkiError) return [];
    throw error;
  }
}

/** Every certificate of a file: DER, PEM, certs-only PKCS #7. @throws {KeyError} */
export function certificatesOf(file: string): readonly Certificate[] {
  const bytes = file.includes('-----BEGIN ') ? Buffer.from(file) : octets(file);
  return told(file, () => readIssuers(bytes));
}

/** @throws {KeyError} */
export function octets(file: string): Uint8Array {
  if (file.includes('-----BEGIN ')) return Buffer.from(file);
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new KeyError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function told<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new KeyError(`${file.includes('\n') ? 'the PEM text' : file}: ${error.message}`);
  }
}
