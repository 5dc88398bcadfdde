/**
 * What is different between two sets of anchors: by SHA-256, and by subject where one took another's place.
 *
 * @module
 */
import type { Certificate } from '../../pki/certificate.ts';

export interface BundleDiff {
  readonly added: readonly Certificate[];
  readonly removed: readonly Certificate[];
  /** Another certificate of the same subject. */
  readonly changed: readonly { readonly before: Certificate; readonly after: Certificate }[];
  /** How many are the same. */
  readonly same: number;
}

export function diffBundles(before: readonly Certificate[], after: readonly Certificate[]): BundleDiff {
  const old = new Map(before.map((one) => [one.sha256, one]));
  const next = new Map(after.map((one) => [one.sha256, one]));
  const gone = Map.groupBy(
    [...old.values()].filter((one) => !next.has(one.sha256)),
    (one) => one.subject.key,
  );
  const added: Certificate[] = [];
  const changed: { before: Certificate; after: Certificate }[] = [];
  for (const one of next.values()) {
    if (old.has(one.sha256)) continue;
    const replaced = gone.get(one.subject.key)?.shift();
    if (replaced) changed.push({ before: replaced, after: one });
    else added.push(one);
  }
  const removed = [...gone.values()].flat();
  return { added, removed, changed, same: next.size - added.length - changed.length };
}

export const isUnchanged = ({ added, removed, changed }: BundleDiff): boolean =>
  added.length + removed.length + changed.length === 0;
