/**
 * What is wrong with a bundle and its anchors (REQ-TB-11, -17), for the publisher and the consumer alike.
 *
 * @module
 */
import type { Certificate } from '../../pki/certificate.ts';
import { formatName } from '../../pki/name.ts';
import type { Profile } from '../../pki/path/input.ts';
import { keyIsStrong, keyName, signatureIsStrong } from '../../pki/path/strength.ts';
import { compareList, type Metadata } from './metadata.ts';
import { type BundleNote, bundleNote } from './note.ts';
import type { Bundle } from './read.ts';

export interface LintOptions {
  /** ms since 1970 UTC. */
  readonly at: number;
  /** Where it was fetched. */
  readonly url?: string;
  /** Name of the file, when there is one. */
  readonly file?: string;
  /** Floors of keys and signatures. Default 1.3. */
  readonly profile?: Profile;
  /** Why an anchor is revoked, for those who know. */
  readonly revoked?: (certificate: Certificate) => string | undefined;
}

const DAY = 86_400_000;
/** Anchors with less than this left are told of. */
const SOON = 90 * DAY;

/** All notes: those of the reading first, then the bundle's, then each anchor's in order. */
export function lintBundle(bundle: Bundle, options: LintOptions): BundleNote[] {
  return [
    ...bundle.notes,
    ...placeNotes(bundle, options),
    ...orderNotes(bundle),
    ...(bundle.metadata ? metadataNotes(bundle.metadata, bundle.certificates, options) : []),
    ...duplicates(bundle.certificates),
    ...bundle.certificates.flatMap((certificate) => lintAnchor(certificate, options)),
  ];
}

function placeNotes(bundle: Bundle, { url, file }: LintOptions): BundleNote[] {
  const name = file ?? (url && /[^/]*$/.exec(url.split('?')[0]!)?.[0]);
  return [
    ...(url && !/^https:/i.test(url) && !bundle.signature?.pin
      ? [bundleNote('bundle.not-authenticated', { url })]
      : []),
    ...(name && /\.p7m$/i.test(name) && bundle.form !== 'signed'
      ? [bundleNote('bundle.named-signed', { name })]
      : []),
  ];
}

function orderNotes({ form, certificates }: Bundle): BundleNote[] {
  const sorted = certificates.every(
    (one, i) => i === 0 || Buffer.compare(certificates[i - 1]!.der, one.der) <= 0,
  );
  return sorted || form === 'certificates' ? [] : [bundleNote('bundle.unsorted', {})];
}

function metadataNotes(
  metadata: Metadata,
  certificates: readonly Certificate[],
  { at, url }: LintOptions,
): BundleNote[] {
  const { validFrom, validTo, anchors, distributionPoints } = metadata;
  const notes: BundleNote[] = [];
  if (validTo !== undefined && at > validTo)
    notes.push(bundleNote('bundle.validity-passed', { validTo: iso(validTo) }));
  if (validFrom !== undefined && at < validFrom)
    notes.push(bundleNote('bundle.validity-ahead', { validFrom: iso(validFrom) }));
  if (url && !distributionPoints.some((point) => sameUrl(point, url)))
    notes.push(bundleNote('bundle.distribution-point', { stated: [...distributionPoints], fetched: url }));
  if (anchors) {
    const { unlisted, absent } = compareList(anchors, certificates);
    if (unlisted.length + absent.length > 0) {
      notes.push(
        bundleNote('bundle.anchor-list', {
          unlisted: unlisted.map((one) => formatName(one.subject)),
          absent: absent.map(({ issuer, serial }) => `${serial} of ${issuer.slice(0, 200)}`),
        }),
      );
    }
  }
  return notes;
}

function sameUrl(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => (URL.canParse(text) ? new URL(text).href : text));
  return x === y;
}

function duplicates(certificates: readonly Certificate[]): BundleNote[] {
  const seen = new Set<string>();
  const told = new Set<string>();
  return certificates.flatMap((one) => {
    const again = seen.has(one.sha256) && !told.has(one.sha256);
    seen.add(one.sha256);
    if (!again) return [];
    told.add(one.sha256);
    return [
      bundleNote('bundle.anchor-duplicate', { subject: formatName(one.subject) }, { where: one.sha256 }),
    ];
  });
}

/** What is wrong with a certificate as an anchor. */
export function lintAnchor(
  certificate: Certificate,
  options: Omit<LintOptions, 'url' | 'file'>,
): BundleNote[] {
  return [
    ...timeNotes(certificate, options.at),
    ...authorityNotes(certificate),
    ...strengthNotes(certificate, options.profile ?? '1.3'),
    ...serialNotes(certificate),
    ...revocationNotes(certificate, options),
  ];
}

function timeNotes(certificate: Certificate, at: number): BundleNote[] {
  const { notBefore, notAfter, sha256: where } = certificate;
  const subject = formatName(certificate.subject);
  if (at > notAfter)
    return [bundleNote('bundle.anchor-expired', { subject, notAfter: iso(notAfter) }, { where })];
  if (at < notBefore)
    return [bundleNote('bundle.anchor-early', { subject, notBefore: iso(notBefore) }, { where })];
  if (notAfter - at >= SOON) return [];
  const days = Math.floor((notAfter - at) / DAY);
  return [bundleNote('bundle.anchor-expiring', { subject, notAfter: iso(notAfter), days }, { where })];
}

function authorityNotes({ isCa, keyUsage, subject, sha256: where }: Certificate): BundleNote[] {
  const name = formatName(subject);
  if (!isCa) return [bundleNote('bundle.anchor-not-ca', { subject: name }, { where })];
  if (!keyUsage || keyUsage.has('keyCertSign')) return [];
  const found = [...keyUsage].join(', ') || 'nothing';
  return [bundleNote('bundle.anchor-no-cert-sign', { subject: name, found }, { where })];
}

function strengthNotes(
  { key, signature, subject, sha256: where }: Certificate,
  profile: Profile,
): BundleNote[] {
  const name = formatName(subject);
  return [
    ...(keyIsStrong(key, profile)
      ? []
      : [
          bundleNote(
            'bundle.anchor-weak-key',
            { subject: name, algorithm: keyName(key), bits: key.bits },
            { where },
          ),
        ]),
    ...(signatureIsStrong(signature, profile)
      ? []
      : [
          bundleNote('bundle.anchor-weak-signature', { subject: name, algorithm: signature.name }, { where }),
        ]),
  ];
}

function serialNotes({ serial, subject, sha256: where }: Certificate): BundleNote[] {
  if (!/^-|^0*$/.test(serial)) return [];
  return [bundleNote('bundle.anchor-negative-serial', { subject: formatName(subject), serial }, { where })];
}

function revocationNotes(certificate: Certificate, { revoked }: LintOptions): BundleNote[] {
  const why = revoked?.(certificate);
  if (why === undefined) return [];
  const subject = formatName(certificate.subject);
  return [bundleNote('bundle.anchor-revoked', { subject, why }, { where: certificate.sha256 })];
}

const LATEST = 8.64e15;
const iso = (ms: number): string => new Date(Math.max(-LATEST, Math.min(LATEST, ms))).toISOString();
