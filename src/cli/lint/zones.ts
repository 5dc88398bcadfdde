/**
 * A zone file and the certificates that it publishes, held against their rules.
 *
 * @module
 */
import { readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve, sep } from 'node:path';
import { DnsError } from '../../dns/error.ts';
import { type MasterFile, parseMaster, parseZone } from '../../dns/master/index.ts';
import { canonicalName } from '../../dns/names.ts';
import { lint, type RuleContext, ZONE_RULES, zoneSubject } from '../../rule/index.ts';
import { lintCertificate } from './certificates.ts';
import { type Linted, unreadable } from './linted.ts';

export function lintZone(file: string, bytes: Uint8Array, context: RuleContext): Linted[] {
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
    return [unreadable(file, 'zone', error.message)];
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
