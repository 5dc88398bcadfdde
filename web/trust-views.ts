/**
 * What the pages of bundles, of the expiry calendar and of changes of trust show.
 *
 * @module
 */
import type { Tone } from './views.ts';

export interface AnchorView {
  readonly name: string;
  readonly sha256: string;
  readonly until: string;
  readonly tone: Tone;
}

export interface NoteView {
  readonly tone: Tone;
  readonly code: string;
  readonly text: string;
}

/** A HISP that takes the bundle. */
export interface SubscriberView {
  readonly hisp: string;
  readonly tone: Tone;
  readonly state: string;
  /** Last good refresh, and when the next one is due. */
  readonly refreshed: string;
  readonly next: string;
  readonly anchors: number;
  /** Measured last: from publication until an anchor counted, or no longer counted. */
  readonly timeToTrust: string;
  readonly timeToDistrust: string;
  readonly alarms: readonly { readonly at: string; readonly text: string }[];
}

export interface DiffView {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly renewed: readonly string[];
}

export interface MemberView {
  readonly name: string;
  readonly tone: Tone;
  readonly state: string;
  readonly why: readonly string[];
  /** Accreditation records, as stated by the operator. */
  readonly records: readonly { readonly tone: Tone; readonly text: string }[];
}

export interface BundleView {
  readonly name: string;
  readonly title: string;
  readonly purpose: string;
  readonly environment: 'production' | 'test';
  /** Missing when nobody is in, so that nothing is published. */
  readonly published?: {
    readonly url: string;
    readonly sha256: string;
    readonly etag: string;
    readonly octets: number;
    readonly number: number;
    readonly at: string;
    readonly validity: string;
    readonly anchors: readonly AnchorView[];
    readonly notes: readonly NoteView[];
    readonly last: DiffView;
  };
  /** Set for a bundle that is not published here, as the HISPs here have it; it has no page of its own. */
  readonly elsewhere?: {
    readonly url: string;
    readonly anchors: readonly AnchorView[];
    readonly pinned: boolean;
  };
  readonly policy: readonly string[];
  readonly members: readonly MemberView[];
  readonly subscribers: readonly SubscriberView[];
}

export interface VersionView {
  readonly number: number;
  readonly at: string;
  readonly sha256: string;
  readonly anchors: number;
  readonly change: string;
}

export interface BundlePageView extends BundleView {
  readonly versions: readonly VersionView[];
  /** Between two versions. */
  readonly compared?: DiffView & { readonly from: number; readonly to: number; readonly same: number };
}

export interface ThingView {
  readonly kind: string;
  readonly title: string;
  readonly holder: string;
  readonly ends: string;
  readonly left: string;
  readonly tone: Tone;
  readonly effect: string;
  readonly todo: string;
}

export interface ExpiryView {
  /** Soonest first; those of one kind that end on one day at one HISP stand together. */
  readonly groups: readonly (Omit<ThingView, 'title'> & { readonly titles: readonly string[] })[];
  readonly counts: { readonly things: number; readonly soon: number; readonly ended: number };
  readonly told: readonly {
    readonly at: string;
    readonly hisp: string;
    readonly text: string;
    readonly days: number;
  }[];
}

export interface ForecastFormView {
  readonly bundles: readonly {
    readonly name: string;
    readonly title: string;
    readonly anchors: readonly AnchorView[];
  }[];
  readonly anchors: readonly AnchorView[];
  readonly domains: readonly string[];
}

export interface FateView {
  readonly tone: Tone;
  readonly verdict: string;
  readonly code?: string;
  readonly why?: string;
}

export interface ForecastView {
  /** The change in one sentence. */
  readonly change: string;
  readonly tone: Tone;
  readonly headline: string;
  readonly traffic: {
    readonly gains: number;
    readonly loses: number;
    readonly pairs: number;
    readonly days: number;
  };
  readonly directory: { readonly gains: number; readonly loses: number; readonly pairs: number };
  readonly touched: readonly string[];
  readonly decided: number;
  readonly cut: boolean;
  readonly unlisted: number;
  readonly changes: readonly {
    readonly from: string;
    readonly to: string;
    readonly direction: 'out' | 'in';
    readonly effect: 'gains' | 'loses';
    readonly messages: number;
    readonly before: FateView;
    readonly after: FateView;
  }[];
}
