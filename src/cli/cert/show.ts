/**
 * `anchorage cert show`: what a certificate, a revocation list or a request says.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Certificate } from '../../pki/certificate.ts';
import type { Crl } from '../../pki/crl.ts';
import { PkiError } from '../../pki/error.ts';
import { formatGeneralName } from '../../pki/general-name.ts';
import { certAlgorithm, keyTag } from '../../pki/key-tag.ts';
import { formatName } from '../../pki/name.ts';
import { keyName } from '../../pki/path/strength.ts';
import { type CertificateRequest, readRequest } from '../../pki/request.ts';
import { Failure } from '../failure.ts';
import { columns, out, style } from '../terminal.ts';
import { createMaterial, MaterialError } from './material.ts';

export function defineShow(command: Command): void {
  command
    .description('what a certificate, a revocation list or a request says')
    .argument('<file...>', 'DER, PEM, certs-only PKCS #7')
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
    )
    .action((files: string[], { format }: { format: 'console' | 'json' }) => {
      const found = files.map((file) => ({ file, ...read(file) }));
      if (format === 'json') {
        const all = <T>(pick: (one: Shown) => readonly T[]) =>
          found.flatMap(({ file, ...shown }) => pick(shown).map((facts) => ({ file, ...facts })));
        const certificates = all(({ certificates }) => certificates.map(factsOf));
        const lists = all(({ lists = [] }) => lists.map(listFacts));
        const requests = all(({ requests = [] }) => requests.map(requestFacts));
        const others = { ...(lists.length > 0 && { lists }), ...(requests.length > 0 && { requests }) };
        out(JSON.stringify({ schema: 1, certificates, ...others }, null, 2));
        return;
      }
      for (const { file, certificates, lists = [], requests = [] } of found) {
        for (const one of certificates) print(file, one);
        for (const one of lists)
          printFacts(`revocation list of ${formatName(one.issuer)}`, file, listFacts(one));
        for (const one of requests)
          printFacts(`request of ${formatName(one.subject) || 'an empty subject'}`, file, requestFacts(one));
      }
    });
}

interface Shown {
  readonly certificates: readonly Certificate[];
  readonly lists?: readonly Crl[];
  readonly requests?: readonly CertificateRequest[];
}

/** What a file holds: certificates, else lists, else a request. @throws {Failure} none of them */
function read(file: string): Shown {
  const material = createMaterial();
  const first = reading(file, (): Shown => ({ certificates: material.certificates(file) }));
  if (!(first instanceof PkiError)) return first;
  const others = [
    (): Shown => ({ certificates: [], lists: material.lists(file) }),
    (): Shown => ({ certificates: [], requests: [readRequest(readFileSync(file))] }),
  ];
  for (const how of others) {
    const shown = reading(file, how);
    if (!(shown instanceof PkiError)) return shown;
  }
  throw new Failure(`${file} holds no certificate, no revocation list and no request: ${first.message}`, {
    exitCode: 2,
  });
}

function reading<T>(file: string, how: () => T): T | PkiError {
  try {
    return how();
  } catch (error) {
    if (error instanceof PkiError) return error;
    if (!(error instanceof MaterialError)) throw error;
    throw new Failure(error.message, { hint: `Is the name right? ${file}`, exitCode: 2 });
  }
}

const listFacts = (list: Crl) => ({
  issuer: formatName(list.issuer),
  number: list.number === undefined ? 'none' : String(list.number),
  ...(list.deltaBase !== undefined && { deltaOn: String(list.deltaBase) }),
  thisUpdate: iso(list.thisUpdate),
  nextUpdate: list.nextUpdate === undefined ? 'not said' : iso(list.nextUpdate),
  revoked: list.count,
  signature: list.signature.name,
  ...(list.aki !== undefined && { authorityKeyId: list.aki }),
});

const requestFacts = (request: CertificateRequest) => ({
  subject: formatName(request.subject),
  names: [...request.emails.map((one) => `email:${one}`), ...request.dnsNames.map((one) => `DNS:${one}`)],
  key: keyText(request.key),
  signature: request.signature.name,
  proven: request.proven ? 'yes, its own key signed it' : 'no: its signature does not verify',
});

const keyText = (key: Certificate['key']): string =>
  `${keyName(key)}${key.kind === 'rsa' ? ` ${key.bits} bits` : ''}`;

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
  key: keyText(certificate.key),
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
  printFacts(subject, file, {
    ...facts,
    cert: `algorithm ${cert.algorithm}, key tag ${cert.keyTag}`,
  });
}

function printFacts(title: string, file: string, facts: Readonly<Record<string, unknown>>): void {
  out(`${style.bold(title)}  ${style.dim(file)}`);
  const rows = Object.entries(facts)
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([name, value]) => [
      `  ${LABELS[name] ?? name}`,
      Array.isArray(value) ? value.join(', ') : String(value),
    ]);
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
  cert: 'CERT record',
  deltaOn: 'changes since number',
  thisUpdate: 'from',
  nextUpdate: 'until',
  proven: 'has the private key',
};
