/**
 * What a file holds for the rules: certificates, or a zone with the certificates that it publishes.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve, sep } from 'node:path';
import { readPem } from '../../asn1/pem.ts';
import { DnsError } from '../../dns/error.ts';
import { type MasterFile, parseMaster, parseZone } from '../../dns/master/index.ts';
import { canonicalName } from '../../dns/names.ts';
import { readIssuers } from '../../pki/aia.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/error.ts';
import { formatName } from '../../pki/name.ts';
import {
  CERTIFICATE_RULES,
  certificateSubject,
  lint,
  type Role,
  type RuleContext,
  type RuleResult,
  ZONE_RULES,
  zoneSubject,
} from '../../rule/index.ts';
import { Failure } from '../failure.ts';

export const KINDS = ['certificate', 'zone'] as const;
export type Kind = (typeof KINDS)[number];

export interface Linted {
  readonly file: string;
  readonly kind: Kind;
  /** Of a certificate its subject and names, of a zone its origin. */
  readonly title: string;
  readonly sha256?: string;
  /** Set when the file cannot be read as what it should be. */
  readonly unreadable?: string;
  readonly results: readonly RuleResult[];
  /** Lines of the file by owner name. */
  readonly lines?: ReadonlyMap<string, number>;
}

/** @param as what the file holds; undefined: by its looks @throws {Failure} it cannot be opened */
export function lintFile(file: string, as: Kind | undefined, context: RuleContext): Linted[] {
  const bytes = open(file);
  const kind = as ?? kindOf(bytes);
  return kind === 'certificate' ? certificatesOf(file, bytes, context) : zoneOf(file, bytes, context);
}

function open(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`, { exitCode: 2 });
  }
}

function kindOf(bytes: Uint8Array): Kind {
  if (bytes[0] === 0x30) return 'certificate';
  const head = Buffer.from(bytes.subarray(0, 64 * 1024)).toString('latin1');
  return /-----BEGIN [A-Z0-9 ]*(CERTIFICATE|PKCS7|CMS)-----/.test(head) ? 'certificate' : 'zone';
}

function certificatesOf(file: string, bytes: Uint8Array, context: RuleContext): Linted[] {
  let certificates: readonly Certificate[];
  try {
    certificates = readIssuers(bytes);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    const sha256 = createHash('sha256').update(
      readPem(Buffer.from(bytes).toString('latin1'))[0]?.bytes ?? bytes,
    );
    return [
      {
        file,
        kind: 'certificate',
        title: basename(file),
        sha256: sha256.digest('hex'),
        unreadable: error.message,
        results: [],
      },
    ];
  }
  return certificates.map((certificate) => lintCertificate(file, certificate, certificates, context));
}

/** @param as what the certificate is published as, where that is known */
export function lintCertificate(
  file: string,
  certificate: Certificate,
  known: readonly Certificate[],
  context: RuleContext,
  as?: Role,
): Linted {
  const subject = certificateSubject(certificate, { known, ...(as && { as }) });
  const names = [...certificate.emails, ...certificate.dnsNames].join(', ');
  return {
    file,
    kind: 'certificate',
    title: `${formatName(certificate.subject)}${names ? ` (${names})` : ''}`,
    sha256: certificate.sha256,
    results: lint(CERTIFICATE_RULES, subject, context),
  };
}

function zoneOf(file: string, bytes: Uint8Array, context: RuleContext): Linted[] {
  const options = { file: basename(file), include: (path: string) => included(file, path) };
  const text = Buffer.from(bytes).toString('utf8');
  try {
    const zone = parseZone(text, options);
    const subject = zoneSubject(zone);
    const published = new Map(
      subject.certs.flatMap(({ certificate }) => (certificate ? [[certificate.sha256, certificate]] : [])),
    );
    const certificates = [...published.values()];
    return [
      {
        file,
        kind: 'zone',
        title: zone.origin,
        results: lint(ZONE_RULES, subject, context),
        lines: linesOf(parseMaster(text, options), options.file),
      },
      ...certificates.map((certificate) =>
        lintCertificate(file, certificate, certificates, context, 'direct'),
      ),
    ];
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    return [{ file, kind: 'zone', title: basename(file), unreadable: error.message, results: [] }];
  }
}

/** An include lies in the folder of the zone file, or below it. */
function included(file: string, path: string): string {
  const folder = realpathSync(dirname(resolve(file)));
  const target = realpathSync(resolve(folder, path));
  if (!target.startsWith(`${folder}${sep}`)) throw new DnsError('zone', `${path} lies outside ${folder}`);
  return readFileSync(target, 'utf8');
}

function linesOf({ records, places }: MasterFile, file: string): Map<string, number> {
  const lines = new Map<string, number>();
  for (const record of records) {
    const place = places.get(record);
    const name = canonicalName(record.name);
    // of several records at a name, the first CERT tells most
    if (place?.file === file && (!lines.has(name) || record.data.type === 'CERT'))
      lines.set(name, place.line);
  }
  return lines;
}
