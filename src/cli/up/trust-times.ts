/**
 * How long a change of a bundle takes from its publication until a HISP trusts, or no longer trusts: measured and kept.
 *
 * @module
 */
import type { Host } from '../../net/host.ts';
import { type BundleChange, noteBundleChange } from '../../store/calendar.ts';
import type { Scope } from '../../store/scope.ts';
import type { Publishing } from './publishing.ts';
import type { Installed } from './subscriptions.ts';

/** Writes every change of anchors of a HISP down. */
export function changesInto(
  host: Host,
  scope: Scope,
  publishing: Publishing,
  tell: (line: string) => void,
): (event: Installed, subscribedAt: number) => void {
  return (event, subscribedAt) => {
    const { added, removed, changed } = event.diff;
    const published = publishedAt(publishing, event.subscription, event.sha256);
    const kept = host.hold(
      noteBundleChange(scope, {
        subscription: event.subscription,
        sha256: event.sha256,
        installed_at: event.at,
        // what was published before somebody subscribed could not be had earlier
        published_at: published === undefined ? null : Math.max(published, subscribedAt),
        added: added.length + changed.length,
        removed: removed.length + changed.length,
        by: event.by,
      }),
    );
    kept.catch((error: Error) => tell(`a change of anchors could not be noted: ${error.message}`));
  };
}

/** When a bundle of ours was published last; undefined when it is not ours. */
function publishedAt({ communities }: Publishing, name: string, sha256: string): number | undefined {
  const bundle = communities().find((one) => one.name === name)?.bundle;
  const entry = bundle?.history.findLast((one) => one.sha256 === sha256);
  return entry && Date.parse(entry.at);
}

export interface TrustTime {
  readonly at: number;
  /** From publication to the first decision that counts it, ms; undefined: the publisher's time is not known. */
  readonly took?: number;
}

/** The last measured time to trust (an anchor came) and to distrust (one went) of a subscription. */
export function trustTimes(
  changes: readonly BundleChange[],
  subscription: string,
): { readonly trust?: TrustTime; readonly distrust?: TrustTime } {
  const own = changes.filter((one) => one.subscription === subscription);
  const time = (change: BundleChange | undefined): TrustTime | undefined =>
    change && {
      at: Number(change.installed_at),
      ...(change.published_at === null
        ? {}
        : { took: Math.max(0, Number(change.installed_at) - Number(change.published_at)) }),
    };
  const [trust, distrust] = [
    time(own.find(({ added }) => added > 0)),
    time(own.find(({ removed }) => removed > 0)),
  ];
  return { ...(trust ? { trust } : {}), ...(distrust ? { distrust } : {}) };
}
