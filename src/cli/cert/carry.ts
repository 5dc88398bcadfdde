/**
 * `anchorage cert import` and `anchorage cert export`: certificates and keys, into the folder of an authority and out.
 *
 * @module
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { writePem } from '../../asn1/pem.ts';
import { realHost } from '../../net/real.ts';
import { writeCertsOnly } from '../../pki/aia.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { keyPair } from '../../pki/keys.ts';
import { formatName, nameValues } from '../../pki/name.ts';
import { Failure } from '../failure.ts';
import { out, style } from '../terminal.ts';
import { fileNameOf, openAuthority } from './authority.ts';
import { createMaterial, MaterialError } from './material.ts';
import { readSecret, type SecretOptions, secretOf, withSecret } from './secret.ts';

interface ImportOptions extends SecretOptions {
  readonly dir: string;
  readonly as?: string;
  readonly key?: string;
  readonly keyPassphraseFile?: string;
}

export function defineImport(command: Command): void {
  withSecret(
    command
      .description('take a certificate, with its key where there is one, into the folder of an authority')
      .argument('<file>', 'certificate, DER or PEM')
      .option('--key <file>', 'its private key: PKCS #8, PKCS #1 or SEC 1, DER or PEM')
      .option('--key-passphrase-file <file>', 'file with the passphrase of that key')
      .option('--dir <folder>', 'folder of the authority', 'authority')
      .option('--as <file name>', 'name of the files'),
  ).action((file: string, options: ImportOptions) => {
    const certificate = readCertificate(file);
    const authority = openAuthority(options.dir, () => realHost({ name: 'cert' }).now());
    const as = fileNameOf(options.as ?? nameOf(certificate));
    if (options.key === undefined) authority.add(as, certificate);
    else {
      const key = keyPair(readKey(options.key, options.keyPassphraseFile));
      if (Buffer.compare(key.spki, certificate.spki) !== 0)
        throw new Failure(`${options.key} is not the key of ${file}`, { exitCode: 2 });
      authority.add(as, certificate, { key, secret: secretOf(options) });
    }
    out(`${style.good('✓')} ${formatName(certificate.subject)} is ${as} in ${options.dir}`);
  });
}

const nameOf = (certificate: Certificate): string =>
  certificate.emails[0] ??
  certificate.dnsNames[0] ??
  nameValues(certificate.subject, 'CN')[0] ??
  certificate.sha256.slice(0, 16);

function readCertificate(file: string): Certificate {
  try {
    return createMaterial().certificate(file);
  } catch (error) {
    if (!(error instanceof PkiError) && !(error instanceof MaterialError)) throw error;
    throw new Failure(`${file} cannot be read as a certificate: ${error.message}`, { exitCode: 2 });
  }
}

function readKey(file: string, passphraseFile: string | undefined): KeyObject {
  const bytes = Buffer.from(readSecret(file));
  const passphrase =
    passphraseFile === undefined
      ? {}
      : {
          passphrase: Buffer.from(readSecret(passphraseFile))
            .toString('utf8')
            .replace(/\r?\n$/, ''),
        };
  const forms =
    bytes[0] === 0x30
      ? (['pkcs8', 'pkcs1', 'sec1'] as const).map((type) => ({
          key: bytes,
          format: 'der' as const,
          type,
          ...passphrase,
        }))
      : [{ key: bytes, format: 'pem' as const, ...passphrase }];
  let failure: Error | undefined;
  for (const form of forms) {
    try {
      return createPrivateKey(form);
    } catch (error) {
      failure ??= error as Error;
    }
  }
  throw new Failure(`${file} cannot be read as a private key: ${failure?.message}`, {
    ...(passphraseFile === undefined && { hint: 'Is it encrypted? Give --key-passphrase-file FILE.' }),
    exitCode: 2,
  });
}

interface ExportOptions extends SecretOptions {
  readonly dir: string;
  readonly format: 'pem' | 'der' | 'p7c';
  readonly chain: boolean;
  readonly out?: string;
  readonly keyOut?: string;
  readonly keyOutPassphraseFile?: string;
}

export function defineExport(command: Command): void {
  withSecret(
    command
      .description('write a certificate, its chain, or its key')
      .argument('<file name>', 'which, as it is named in the folder')
      .option('--dir <folder>', 'folder of the authority', 'authority')
      .addOption(
        new Option('--format <format>', 'form of the certificate')
          .choices(['pem', 'der', 'p7c'])
          .default('pem'),
      )
      .option('--chain', 'with the certificates above it', false)
      .option('--out <file>', 'where to write; default: stdout')
      .option('--key-out <file>', 'also write the private key there, as encrypted PKCS #8')
      .option('--key-out-passphrase-file <file>', 'file with the passphrase that the written key gets'),
  ).action((name: string, options: ExportOptions) => {
    const authority = openAuthority(options.dir, () => realHost({ name: 'cert' }).now());
    const written = encoded(
      options.chain ? authority.chain(name) : [authority.certificate(name)],
      options.format,
    );
    if (options.keyOut !== undefined) {
      if (options.keyOutPassphraseFile === undefined)
        throw new Failure('a key leaves only encrypted', {
          hint: 'Give the passphrase that it gets: --key-out-passphrase-file FILE',
          exitCode: 2,
        });
      const passphrase = Buffer.from(readSecret(options.keyOutPassphraseFile))
        .toString('utf8')
        .replace(/\r?\n$/, '');
      const { key } = authority.open(name, secretOf(options), `export to ${options.keyOut}`);
      const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
      writeFileSync(options.keyOut, pem, { mode: 0o600, flag: 'wx' });
    }
    if (options.out === undefined) process.stdout.write(written);
    else writeFileSync(options.out, written);
  });
}

function encoded(certificates: readonly Certificate[], format: ExportOptions['format']): Uint8Array {
  switch (format) {
    case 'pem':
      return Buffer.from(certificates.map(({ der }) => writePem('CERTIFICATE', der)).join(''));
    case 'p7c':
      return writeCertsOnly(certificates);
    case 'der':
      if (certificates.length > 1)
        throw new Failure('DER holds one certificate', { hint: 'Take --format p7c or pem.', exitCode: 2 });
      return certificates[0]!.der;
  }
}
