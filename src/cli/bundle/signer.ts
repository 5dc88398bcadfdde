/**
 * Who signs a bundle: a certificate with its key in files, or one of an authority's folder, whose key is sealed there or
 * held by an external signer.
 *
 * @module
 */
import { createPrivateKey } from 'node:crypto';
import type { Command } from 'commander';
import type { Certificate } from '../../pki/certificate.ts';
import { signBundle, signBundleAnywhere } from '../../trust/bundle/build.ts';
import { type AccessOptions, accessOf, clock, withAccess } from '../cert/access.ts';
import { openAuthority } from '../cert/authority.ts';
import { Failure } from '../failure.ts';
import { readBytes, readCertificate } from './input.ts';

export interface BundleSigner {
  readonly certificate: Certificate;
  /** @param at ms since 1970 UTC @throws {Failure} @throws {CustodyError} @throws {Requested} */
  readonly sign: (plain: Uint8Array, at: number, name: string) => Promise<Uint8Array>;
}

export interface SignerOptions extends AccessOptions {
  readonly signer?: string;
  readonly signerKey?: string;
  readonly signerName?: string;
}

export const withSigner = (command: Command): Command =>
  withAccess(
    command
      .option('--signer <file>', 'sign with this certificate')
      .option('--signer-key <file>', 'and this private key (PEM)')
      .option(
        '--signer-name <file name>',
        'or with this certificate of an authority’s folder, whose key is sealed there or held by a signer',
      ),
  );

/** @throws {Failure} */
export function signerOf(options: SignerOptions): BundleSigner | undefined {
  const { signer, signerKey, signerName } = options;
  if (signerName !== undefined) {
    if (signer || signerKey)
      throw new Failure('--signer-name stands alone, without --signer and --signer-key', { exitCode: 2 });
    return fromFolder(signerName, options);
  }
  if (!signer && !signerKey) return undefined;
  if (!signer || !signerKey) throw new Failure('--signer and --signer-key go together', { exitCode: 2 });
  const certificate = readCertificate(signer);
  const privateKey = keyIn(signerKey);
  return { certificate, sign: async (plain, at) => signBundle(plain, { certificate, privateKey }, at) };
}

function keyIn(file: string) {
  const text = readBytes(file);
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw new Failure(`${file} is no private key in PEM: ${(error as Error).message}`, {
      hint: 'A key of an authority’s folder is sealed: --signer-name NAME --dir FOLDER',
      exitCode: 2,
    });
  }
}

function fromFolder(name: string, options: SignerOptions): BundleSigner {
  const authority = openAuthority(options.dir, clock);
  const certificate = authority.certificate(name);
  return {
    certificate,
    sign: (plain, at, bundle) =>
      authority.using(
        name,
        accessOf(options),
        { use: `sign the bundle ${bundle}`, details: { bundle } },
        ({ key: { privateKey } }) => signBundleAnywhere(plain, { certificate, privateKey }, at),
      ),
  };
}
