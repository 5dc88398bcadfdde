/**
 * `anchorage cert show`: what a certificate says.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { formatGeneralName } from '../../pki/general-name.ts';
import { certAlgorithm, keyTag } from '../../pki/key-tag.ts';
import { formatName } from '../../pki/name.ts';
import { keyName } from '../../pki/path/strength.ts';
import { Failure } from '../failure.ts';
import { columns, out, style } from '../terminal.ts';
import { createMaterial, MaterialError } from './material.ts';

export function defineShow(command: Command): void {
  command
    .description('what a certificate says')
    .argument('<file...>', 'certificates: DER, PEM, certs-only PKCS #7')
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
    )
    .action((files: string[], { format }: { format: 'console' | 'json' }) => {
      const found = files.flatMap((file) => read(file).map((certificate) => ({ file, certificate })));
      if (format === 'json') {
        const certificates = found.map(({ file, certificate }) => ({ file, ...factsOf(certificate) }));
        out(JSON.stringify({ schema: 1, certificates }, null, 2));
        return;
      }
      for (const { file, certificate } of found) print(file, certificate);
    });
}

function read(file: string): readonly Certificate[] {
  try {
    return createMaterial().certificates(file);
  } catch (error) {
    if (!(error instanceof PkiError) && !(error instanceof MaterialError)) throw error;
    throw new Failure(`${file} cannot be read as a certificate: ${error.message}`, { exitCode: 2 });
  }
}

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** Everything that is told, in the order of telling. */
export const factsOf = (certificate: Certificate) => ({
  subject: formatName(certificate.subject),
  issuer: formatName(certificate.issuer),
  serial: certificate.serial,
  notBefore: iso(certificate.notBefore),
  notAfter: iso(certificate.notAfter),
  names: certificate.san.map((name) => formatGeneralName(name, formatName)),
  version: certificate.version,
  key: `${keyName(certificate.key)}${certificate.key.kind === 'rsa' ? ` ${certificate.key.bits} bits` : ''}`,
  signature: certificate.signature.name,
  ca: certificate.isCa,
  ...(certificate.pathLen !== undefined && { pathLen: certificate.pathLen }),
  ...(certificate.keyUsage && { keyUsage: [...certificate.keyUsage] }),
  ...(certificate.eku && { extendedKeyUsage: certificate.eku }),
  policies: certificate.policies,
  crl: certificate.crlUrls,
  issuers: certificate.caIssuersUrls,
  ocsp: certificate.ocspUrls,
  ...(certificate.ski && { subjectKeyId: certificate.ski }),
  ...(certificate.aki && { authorityKeyId: certificate.aki }),
  sha256: certificate.sha256,
  /** As a CERT record has them (RFC 4398). */
  cert: { algorithm: certAlgorithm(certificate), keyTag: keyTag(certificate) },
});

function print(file: string, certificate: Certificate): void {
  const { subject, cert, ...facts } = factsOf(certificate);
  out(`${style.bold(subject)}  ${style.dim(file)}`);
  const rows = Object.entries(facts)
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([name, value]) => [
      `  ${LABELS[name] ?? name}`,
      Array.isArray(value) ? value.join(', ') : String(value),
    ]);
  rows.push(['  CERT record', `algorithm ${cert.algorithm}, key tag ${cert.keyTag}`]);
  for (const line of columns(rows)) out(line);
  out();
}

const LABELS: Readonly<Record<string, string>> = {
  issuer: 'issuer',
  notBefore: 'from',
  notAfter: 'until',
  names: 'alternative names',
  ca: 'CA',
  pathLen: 'path length',
  keyUsage: 'key usage',
  extendedKeyUsage: 'purposes',
  crl: 'revocation lists',
  issuers: 'issuer at',
  ocsp: 'OCSP at',
  subjectKeyId: 'subject key id',
  authorityKeyId: 'authority key id',
  sha256: 'SHA-256',
};
