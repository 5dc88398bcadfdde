/**
 * What is known of a subscription, and what can happen to it.
 *
 * @module
 */
import type { Cause } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { BundleDiff } from './diff.ts';
import type { BundleNote } from './note.ts';

/** A bundle that was fetched, verified and read. */
export interface AnchorSet {
  /** Lower hex, of the octets. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
  readonly certificates: readonly Certificate[];
  readonly notes: readonly BundleNote[];
  /** When it was fetched; ms since 1970 UTC. */
  readonly fetchedAt: number;
  readonly etag?: string;
  /** The server's own text. */
  readonly lastModified?: string;
  /** ms since 1970 UTC, as a pinned signer says. */
  readonly signingTime?: number;
}

export interface Held {
  readonly set: AnchorSet;
  readonly why: 'shrink' | 'replay';
  /** When holding began; ms since 1970 UTC. */
  readonly since: number;
  /** When it applies by itself; undefined: never. */
  readonly until?: number;
}

/** Times are ms since 1970 UTC. */
export interface SubscriptionState {
  readonly subscribedAt: number;
  /** The last good set: what is trusted now. */
  readonly current?: AnchorSet;
  /** The one before it, to go back to. */
  readonly previous?: AnchorSet;
  readonly held?: Held;
  /** Checksums of sets that were trusted before, oldest first. */
  readonly seen: readonly string[];
  /** The newest signing time of a set that was trusted. */
  readonly newestSigned?: number;
  /** Checksum of what the operator refused; not taken until the publisher publishes another. */
  readonly refused?: string;
  readonly lastAttempt?: number;
  readonly lastSuccess?: number;
  /** In a row. */
  readonly failures: number;
  /** Why the last attempt changed nothing, when it should have. */
  readonly failure?: Cause;
  readonly stale: boolean;
  /** The next attempt; undefined: only when asked to. */
  readonly nextAt?: number;
}

export type BundleInput =
  /** It could not be fetched, verified or read. */
  | { readonly kind: 'failed'; readonly cause: Cause }
  /** The server says that nothing changed. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'fetched'; readonly set: AnchorSet }
  /** Nothing but that time passed. */
  | { readonly kind: 'time' }
  /** The operator takes what is held, refuses it, or goes back to the set before. */
  | { readonly kind: 'apply' | 'discard' | 'rollback' };

export type BundleEvent = { readonly subscription: string; readonly at: number } & (
  | {
      readonly kind: 'installed';
      readonly sha256: string;
      readonly diff: BundleDiff;
      /** Anchors went: somebody should look (REQ-TB-17). */
      readonly alarm: boolean;
      readonly by: 'refresh' | 'time' | 'operator';
    }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'failed'; readonly cause: Cause; readonly failures: number }
  | { readonly kind: 'held'; readonly cause: Cause; readonly diff: BundleDiff; readonly until?: number }
  | { readonly kind: 'replay'; readonly cause: Cause; readonly held: boolean }
  | { readonly kind: 'discarded'; readonly sha256: string }
  | { readonly kind: 'stale'; readonly cause: Cause }
  /** The change could not be written, so it was not made. */
  | { readonly kind: 'not-kept'; readonly why: string }
  /** What was kept cannot be taken up again, so there are no anchors until the next refresh. */
  | { readonly kind: 'not-read'; readonly why: string }
);

/** Whether an operator should hear of it at once. */
export const isAlarm = (event: BundleEvent): boolean =>
  event.kind === 'installed' ? event.alarm : !['unchanged', 'failed', 'discarded'].includes(event.kind);
