/**
 * What happened to a subscription, in words for the log and as data for the evidence.
 *
 * @module
 */
import type { Json } from '../../net/host.ts';
import { sentence } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { formatName } from '../../pki/name.ts';
import type { BundleDiff } from './diff.ts';
import type { BundleEvent } from './state.ts';

const names = (certificates: readonly Certificate[]): string =>
  certificates.map(({ subject }) => formatName(subject)).join('; ');

/** `2 added: …; 1 removed: …`, or `no anchor changed`. */
export function diffText({ added, removed, changed }: BundleDiff): string {
  const parts = [
    added.length > 0 ? `${added.length} added: ${names(added)}` : '',
    removed.length > 0 ? `${removed.length} removed: ${names(removed)}` : '',
    changed.length > 0 ? `${changed.length} renewed: ${names(changed.map(({ after }) => after))}` : '',
  ].filter(Boolean);
  return parts.join(' | ') || 'no anchor changed';
}

const BY = { refresh: '', time: ' (held for a day)', operator: ' (by the operator)' } as const;

/** One line, without a full stop. */
export function eventText(event: BundleEvent): string {
  const { subscription: id } = event;
  switch (event.kind) {
    case 'installed':
      return `${id}: new anchors${BY[event.by]}: ${diffText(event.diff)}`;
    case 'unchanged':
      return `${id}: unchanged`;
    case 'failed':
      return `${id}: ${sentence(event.cause)}; what is trusted stays as it is`;
    case 'held':
      return `${id}: ${sentence(event.cause)}${event.until === undefined ? '' : `; applies ${iso(event.until)} unless somebody decides`}`;
    case 'replay':
      return `${id}: ${sentence(event.cause)}${event.held ? '; held' : ''}`;
    case 'discarded':
      return `${id}: what was held is not taken`;
    case 'stale':
      return `${id}: ${sentence(event.cause)}`;
    case 'not-read':
      return `${id}: what was kept cannot be used, so there are no anchors until the next refresh: ${event.why}`;
    case 'not-kept':
      return `${id}: the change could not be written and was not made: ${event.why}`;
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

export const diffJson = ({ added, removed, changed, same }: BundleDiff): Json => ({
  added: added.map(anchorJson),
  removed: removed.map(anchorJson),
  changed: changed.map(({ before, after }) => ({ before: anchorJson(before), after: anchorJson(after) })),
  same,
});

export const anchorJson = (certificate: Certificate) => ({
  sha256: certificate.sha256,
  subject: formatName(certificate.subject),
  serial: certificate.serial,
  notAfter: iso(certificate.notAfter),
});

/** For the evidence; certificates by SHA-256. */
export function eventJson(event: BundleEvent): Json {
  const common = { op: 'bundle', bundle: event.subscription, kind: event.kind };
  switch (event.kind) {
    case 'installed':
      return {
        ...common,
        sha256: event.sha256,
        by: event.by,
        alarm: event.alarm,
        diff: diffJson(event.diff),
      };
    case 'held':
      return { ...common, ...causeJson(event), diff: diffJson(event.diff), until: event.until ?? null };
    case 'failed':
      return { ...common, ...causeJson(event), failures: event.failures };
    case 'replay':
      return { ...common, ...causeJson(event), held: event.held };
    case 'stale':
      return { ...common, ...causeJson(event) };
    case 'discarded':
      return { ...common, sha256: event.sha256 };
    case 'not-read':
    case 'not-kept':
      return { ...common, why: event.why };
    case 'unchanged':
      return common;
  }
}

const causeJson = ({ cause }: Extract<BundleEvent, { cause: unknown }>) => ({
  code: cause.code,
  why: sentence(cause),
});
