/**
 * `anchorage cert import` and `anchorage cert export`: certificates and keys, into the folder of an authority and out.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { writePem } from '../../asn1/pem.ts';
import { writeWhole } from '../../custody/whole-file.ts';
import { writeCertsOnly } from '../../pki/aia.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import type { KeyPair } from '../../pki/keys.ts';
import { formatName, nameValues } from '../../pki/name.ts';
import { readPrivateKey, writePrivateKeyPem } from '../../pki/pkcs8.ts';
import { type Pkcs12, readPkcs12, writePkcs12 } from '../../pki/pkcs12.ts';
import { readRequest } from '../../pki/request.ts';
import { Failure } from '../failure.ts';
import { note, out, style } from '../terminal.ts';
import { type Access, type AccessOptions, accessOf, acting, clock, withAccess } from './access.ts';
import { type Authority, fileNameOf, openAuthority } from './authority.ts';
import { createMaterial, MaterialError } from './material.ts';
import { passphraseIn, readSecret } from './secret.ts';

interface ImportOptions extends AccessOptions {
  readonly as?: string;
  readonly key?: string;
  readonly keyPassphraseFile?: string;
}

export function defineImport(command: Command): void {
  withAccess(
    command
      .description('take certificates, with their keys where there are some, into the folder of an authority')
      .argument('<file>', 'certificates (DER, PEM, PKCS #7), or PKCS #12 (.p12, .pfx)')
      .option('--key <file>', 'the private key: PKCS #8, PKCS #1 or SEC 1, DER or PEM')
      .option('--key-passphrase-file <file>', 'file with the passphrase of that key, or of the PKCS #12')
      .option('--as <file name>', 'name of the files'),
  ).action((file: string, options: ImportOptions) => acting(() => take(file, options)));
}

function take(file: string, options: ImportOptions): void {
  const authority = openAuthority(options.dir, clock);
  const access = accessOf(options);
  const bytes = readSecret(file);
  const password =
    options.keyPassphraseFile === undefined ? undefined : passphraseIn(options.keyPassphraseFile);
  const opened = /\.(p12|pfx)$/i.test(file) ? pkcs12(file, bytes, password) : undefined;
  const certificates = opened?.certificates ?? certificatesOf(file);
  const keys = opened ? [...opened.keys] : options.key === undefined ? [] : [keyOf(options.key, password)];
  const keyFor = (certificate: Certificate): KeyPair | undefined =>
    keys.find((key) => Buffer.compare(key.spki, certificate.spki) === 0);
  // who has a key comes first, and has the name that was given
  const ordered = certificates.toSorted(
    (a, b) => Number(keyFor(b) !== undefined) - Number(keyFor(a) !== undefined),
  );
  if (keys.length > 0 && (!ordered[0] || !keyFor(ordered[0])))
    throw new Failure(`${options.key ?? 'the key in it'} is not the key of ${file}`, { exitCode: 2 });
  if (ordered.length === 0) throw new Failure(`there is no certificate in ${file}`, { exitCode: 2 });
  for (const [index, certificate] of ordered.entries()) {
    const as = fileNameOf(index === 0 && options.as !== undefined ? options.as : nameOf(certificate));
    if (index > 0 && known(authority, certificate)) continue;
    put(authority, as, certificate, access, keyFor(certificate));
    out(
      `${style.good('✓')} ${formatName(certificate.subject)} is ${as} in ${options.dir}${keyFor(certificate) ? ', with its key' : ''}`,
    );
  }
  for (const why of opened?.unreadable ?? []) note(`one certificate in it cannot be read: ${why}`);
}

const known = (authority: Authority, { sha256 }: Certificate): boolean =>
  authority.names().some((name) => authority.certificate(name).sha256 === sha256);

/** The answer to a request of ours finds its key in the folder. */
function put(
  authority: Authority,
  as: string,
  certificate: Certificate,
  access: Access,
  key: KeyPair | undefined,
): void {
  if (key || !authority.hasKey(as) || authority.names().includes(as)) {
    authority.add(as, certificate, access, key);
    return;
  }
  const asked = readRequest(readFileSync(join(authority.folder, `${as}.csr`)));
  if (Buffer.compare(asked.spki, certificate.spki) !== 0)
    throw new Failure(`this is not the certificate for the key that ${as}.csr asked with`, { exitCode: 2 });
  authority.add(as, certificate, access);
}

const nameOf = (certificate: Certificate): string =>
  certificate.emails[0] ??
  certificate.dnsNames[0] ??
  nameValues(certificate.subject, 'CN')[0] ??
  certificate.sha256.slice(0, 16);

function pkcs12(file: string, bytes: Uint8Array, password: string | undefined): Pkcs12 {
  try {
    return readPkcs12(bytes, password ?? '');
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new Failure(`${file} cannot be opened: ${error.message}`, {
      ...(password === undefined && { hint: 'Give its password: --key-passphrase-file FILE' }),
      exitCode: 2,
    });
  }
}

function certificatesOf(file: string): readonly Certificate[] {
  try {
    return createMaterial().certificates(file);
  } catch (error) {
    if (!(error instanceof PkiError) && !(error instanceof MaterialError)) throw error;
    throw new Failure(`${file} cannot be read as a certificate: ${error.message}`, { exitCode: 2 });
  }
}

function keyOf(file: string, password: string | undefined): KeyPair {
  try {
    return readPrivateKey(readSecret(file), password);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new Failure(`${file} cannot be read as a private key: ${error.message}`, {
      ...(password === undefined && { hint: 'Is it encrypted? Give --key-passphrase-file FILE.' }),
      exitCode: 2,
    });
  }
}

interface ExportOptions extends AccessOptions {
  readonly format: 'pem' | 'der' | 'p7c' | 'p12';
  readonly chain: boolean;
  readonly out?: string;
  readonly keyOut?: string;
  readonly keyOutPassphraseFile?: string;
  readonly keyInClear: boolean;
}

export function defineExport(command: Command): void {
  withAccess(
    command
      .description('write a certificate, its chain, or its key')
      .argument('<file name>', 'which, as it is named in the folder')
      .addOption(
        new Option('--format <format>', 'form of the certificate; p12 holds the key too')
          .choices(['pem', 'der', 'p7c', 'p12'])
          .default('pem'),
      )
      .option('--chain', 'with the certificates above it', false)
      .option('--out <file>', 'where to write; default: stdout')
      .option('--key-out <file>', 'also write the private key there, as encrypted PKCS #8')
      .option('--key-out-passphrase-file <file>', 'file with the passphrase that the written key gets')
      .option('--key-in-clear', 'write that key without encryption', false),
  ).action((name: string, options: ExportOptions) => acting(() => give(name, options)));
}

function give(name: string, options: ExportOptions): void {
  const authority = openAuthority(options.dir, clock);
  const access = accessOf(options);
  const chain = options.chain ? authority.chain(name) : [authority.certificate(name)];
  if (options.format === 'p12') {
    if (options.out === undefined)
      throw new Failure('a PKCS #12 holds a key: say where to', { hint: 'Give --out FILE.', exitCode: 2 });
    const password = passphraseFor(options);
    const identity = authority.take(name, access, exported(name, options.out));
    const p12 = writePkcs12({ identities: [identity], chain, friendlyName: name }, password);
    writeNew(options.out, p12, 0o600);
    out(
      `${style.good('✓')} ${options.out} holds ${name} with its key and ${chain.length} ${chain.length === 1 ? 'certificate' : 'certificates'}`,
    );
    return;
  }
  const written = encoded(chain, options.format);
  if (options.keyOut !== undefined) {
    const password = options.keyInClear ? undefined : passphraseFor(options);
    const { key } = authority.take(name, access, exported(name, options.keyOut));
    writeNew(options.keyOut, writePrivateKeyPem(key.privateKey, password), 0o600);
    if (password === undefined) note(`${options.keyOut} is not encrypted: whoever reads it has the key`);
  }
  if (options.out === undefined) {
    process.stdout.write(written);
    return;
  }
  writeWhole(options.out, written, 0o644);
  out(
    `${style.good('✓')} ${options.out} holds ${name}${options.chain ? ` and ${chain.length - 1} above it` : ''}`,
  );
}

const exported = (name: string, to: string) => ({ use: `export the key of ${name}`, details: { to } });

/** @throws {Failure} there is none */
function passphraseFor({ keyOutPassphraseFile }: ExportOptions): string {
  if (keyOutPassphraseFile !== undefined) return passphraseIn(keyOutPassphraseFile);
  throw new Failure('a key leaves only encrypted', {
    hint: 'Give the passphrase that it gets: --key-out-passphrase-file FILE',
    exitCode: 2,
  });
}

/** Never over a file that is there: it could be another key. */
function writeNew(file: string, content: Uint8Array | string, mode: number): void {
  try {
    writeFileSync(file, content, { mode, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Failure(`${file} is there already`, { hint: 'Choose another file.', exitCode: 2 });
  }
}

function encoded(certificates: readonly Certificate[], format: 'pem' | 'der' | 'p7c'): Uint8Array {
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
