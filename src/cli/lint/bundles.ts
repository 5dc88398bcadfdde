/**
 * A trust bundle and the anchors in it, held against their rules.
 *
 * @module
 */
import { basename } from 'node:path';
import { BUNDLE_RULES, bundleSubject, isRead, lint, type RuleContext } from '../../rule/index.ts';
import { lintCertificate } from './certificates.ts';
import { type Linted, sha256Of } from './linted.ts';

/** @param url where it was fetched. What cannot be read is the finding of a rule, too. */
export function lintBundleFile(
  file: string,
  bytes: Uint8Array,
  context: RuleContext,
  url: string | undefined,
): Linted[] {
  const subject = bundleSubject(bytes, context.at, { file: basename(file), ...(url && { url }) });
  const { reading } = subject;
  const certificates = isRead(reading) ? reading.certificates : [];
  return [
    {
      file,
      kind: 'bundle',
      title: isRead(reading) ? reading.metadata?.profile || basename(file) : basename(file),
      sha256: sha256Of(bytes),
      results: lint(BUNDLE_RULES, subject, context),
    },
    ...certificates.map((certificate) =>
      lintCertificate(file, certificate, certificates, context, 'authority'),
    ),
  ];
}
