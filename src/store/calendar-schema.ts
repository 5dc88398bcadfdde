/**
 * The tables of the expiry calendar and of the changes of trust. As everywhere: a tenant in every row, whole
 * milliseconds.
 *
 * @module
 */

/** A notice about a dated thing: each threshold once. */
export interface CalendarNoticeTable {
  tenant: string;
  /** What ends, and when: a renewed thing is another one. */
  thing: string;
  /** The threshold, days before the end. With `thing` the key. */
  days: number;
  /** When it ends. */
  ends_at: number;
  /** When it was noted. */
  at: number;
  /** 1: told; 0: passed over, because a nearer threshold was told at the same time. */
  told: number;
  /** What was told, one line. */
  text: string;
}

/** A change of anchors that a HISP made for a bundle: how long it took from its publication. */
export interface BundleChangeTable {
  tenant: string;
  subscription: string;
  /** Of the bundle. */
  sha256: string;
  /** When the HISP took it; with `subscription` the key. */
  installed_at: number;
  /** When the publisher published it, where that is known. */
  published_at: number | null;
  added: number;
  removed: number;
  /** Who made it count: a refresh, a hold that ran out, the operator. */
  by: string;
}

export interface CalendarSchema {
  calendar_notice: CalendarNoticeTable;
  bundle_change: BundleChangeTable;
}
