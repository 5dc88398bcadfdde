/**
 * What the pages of the watch ask of the running system, and what they are given.
 *
 * @module
 */
import type { Tone } from './views.ts';

export interface WatchCheckView {
  /** `Certificate`, `Port 25`. */
  readonly name: string;
  readonly tone: Tone;
  readonly text: string;
}

export interface WatchLineView {
  readonly domain: string;
  /** `own` or `partner`, and of whom. */
  readonly kind: string;
  readonly tone: Tone;
  /** One word. */
  readonly state: string;
  /** When it was looked at; undefined: never yet. */
  readonly at?: string;
  readonly next?: string;
  /** In the order of the columns; empty when it was never looked at. */
  readonly checks: readonly WatchCheckView[];
}

export interface WatchEventView {
  readonly at: string;
  readonly domain: string;
  readonly tone: Tone;
  readonly title: string;
  readonly text: string;
  readonly todo?: string;
}

export interface WatchView {
  readonly lines: readonly WatchLineView[];
  /** Newest first. */
  readonly events: readonly WatchEventView[];
  /** How often, in words. */
  readonly every: string;
}

export interface WatchFactView {
  readonly name: string;
  readonly tone: Tone;
  readonly text: string;
  readonly detail?: string;
}

export interface WatchedView {
  readonly line: WatchLineView;
  /** What the last look saw, by check. */
  readonly seen: readonly { readonly name: string; readonly facts: readonly WatchFactView[] }[];
  readonly events: readonly WatchEventView[];
  /** What was seen over which time, newest first. */
  readonly history: readonly {
    readonly from: string;
    readonly to: string;
    readonly runs: number;
    readonly tone: Tone;
    readonly state: string;
    readonly text: string;
  }[];
  readonly alerts: readonly {
    readonly at: string;
    readonly channel: string;
    readonly tone: Tone;
    readonly text: string;
  }[];
}

export interface WatchRoom {
  all(): Promise<WatchView>;
  /** Undefined: it is not watched. */
  domain(domain: string): Promise<WatchedView | undefined>;
  /** Looks now. @returns whether it is watched */
  look(domain: string): Promise<boolean>;
  lookAtAll(): Promise<void>;
}
