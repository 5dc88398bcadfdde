/**
 * Bundles, notes and differences as the person at the terminal, or a program, sees them.
 *
 * @module
 */
import type { Json } from '../../net/host.ts';
import { formatName } from '../../pki/name.ts';
import { keyName } from '../../pki/path/strength.ts';
import type { BundleDiff } from '../../trust/bundle/diff.ts';
import { anchorJson } from '../../trust/bundle/event-text.ts';
import { type BundleNote, noteText } from '../../trust/bundle/note.ts';
import type { Bundle } from '../../trust/bundle/read.ts';
import { columns, out, style } from '../terminal.ts';

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export function bundleJson(bundle: Bundle): { readonly [key: string]: Json | undefined } {
  const { metadata, signature } = bundle;
  return {
    schema: 1,
    sha256: bundle.sha256,
    octets: bundle.size,
    form: bundle.form,
    encoding: bundle.encoding,
    ...(bundle.innerEncoding ? { innerEncoding: bundle.innerEncoding } : {}),
    ...(signature
      ? {
          signature: {
            signer: formatName(signature.signer.subject),
            sha256: signature.signer.sha256,
            pinned: signature.pin !== undefined,
            signingTime:
              signature.signingTime === undefined ? null : new Date(signature.signingTime).toISOString(),
          },
        }
      : {}),
    ...(metadata
      ? {
          metadata: {
            profile: metadata.profile,
            distributionPoints: metadata.distributionPoints,
            validFrom: metadata.validFrom === undefined ? null : day(metadata.validFrom),
            validTo: metadata.validTo === undefined ? null : day(metadata.validTo),
            anchors: metadata.anchors?.length ?? null,
          },
        }
      : {}),
    anchors: bundle.certificates.map(anchorJson),
    notes: notesJson(bundle.notes),
  };
}

export const notesJson = (notes: readonly BundleNote[]): Json[] =>
  notes.map((note) => ({ ...note, params: { ...note.params }, text: noteText(note) }));

export const anchorCount = (count: number): string => `${count} ${count === 1 ? 'anchor' : 'anchors'}`;

export function printBundle(bundle: Bundle): void {
  const { metadata, signature, certificates } = bundle;
  const inside = bundle.innerEncoding ? ` around ${bundle.innerEncoding}` : '';
  out(`${style.bold(anchorCount(certificates.length))}, ${bundle.form}, ${bundle.encoding}${inside}`);
  out(`SHA-256 ${bundle.sha256} (${bundle.size} octets)`);
  if (signature) {
    const pinned = signature.pin ? style.good('pinned') : style.warn('not pinned, so it proves nothing');
    const when =
      signature.signingTime === undefined ? '' : `, ${new Date(signature.signingTime).toISOString()}`;
    out(`signed by ${formatName(signature.signer.subject)} (${pinned}${when})`);
  }
  if (metadata) {
    const validity = [
      metadata.validFrom === undefined ? '' : ` from ${day(metadata.validFrom)}`,
      metadata.validTo === undefined ? '' : ` to ${day(metadata.validTo)}`,
    ].join('');
    out(`${metadata.profile}${validity}; ${metadata.distributionPoints.join(', ')}`);
  }
  const rows = certificates.map((one) => [
    `  ${one.sha256.slice(0, 16)}`,
    one.key.kind === 'rsa' ? `${keyName(one.key)} ${one.key.bits}` : keyName(one.key),
    `to ${day(one.notAfter)}`,
    formatName(one.subject),
  ]);
  for (const line of columns(rows)) out(line);
}

export function printNotes(notes: readonly BundleNote[]): void {
  for (const note of notes) {
    const paint = note.level === 'fail' ? style.bad : note.level === 'warn' ? style.warn : style.dim;
    out(
      `${paint(note.level.padEnd(4))} ${noteText(note)} ${style.dim(`[${note.code}; ${note.cites.join(', ')}]`)}`,
    );
  }
}

export function printDiff(diff: BundleDiff): void {
  const line = (mark: string, one: BundleDiff['added'][number]): void =>
    out(`${mark} ${one.sha256.slice(0, 16)}  ${formatName(one.subject)} (to ${day(one.notAfter)})`);
  for (const one of diff.added) line(style.good('+'), one);
  for (const one of diff.removed) line(style.bad('-'), one);
  for (const { after } of diff.changed) line(style.warn('~'), after);
  out(
    `${diff.added.length} added, ${diff.removed.length} removed, ${diff.changed.length} renewed, ${diff.same} the same`,
  );
}
