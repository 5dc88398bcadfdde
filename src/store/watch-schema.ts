/**
 * The tables of the watch. As everywhere: a tenant in every row, whole milliseconds.
 *
 * @module
 */

/** What is known of a domain that is watched, and when it is looked at next. */
export interface WatchDomainTable {
  tenant: string;
  /** With `tenant` the key. */
  domain: string;
  /** JSON: what the next observation is compared with. */
  standing: string;
  last_at: number;
  next_at: number;
}

/** What was seen, for as long as it stayed the same. */
export interface WatchObservationTable {
  tenant: string;
  domain: string;
  /** When it was seen first; with `domain` the key. */
  first_at: number;
  last_at: number;
  /** How often. */
  runs: number;
  /** Of all that counts in it: the same digest is the same row. */
  digest: string;
  /** JSON, as it was seen last. */
  body: string;
}

/** What changed. */
export interface WatchEventTable {
  tenant: string;
  /** Follows from what happened, so that it cannot happen twice. */
  id: string;
  domain: string;
  at: number;
  /** JSON. */
  body: string;
}

/** What is told to whom: each alert over each channel once. */
export interface WatchAlertTable {
  tenant: string;
  id: string;
  /** With `id` the key. */
  channel: string;
  domain: string;
  /** JSON list of ids of events. */
  events: string;
  made_at: number;
  attempts: number;
  /** When it is tried next; null when it is done or given up. */
  next_at: number | null;
  /** When it was taken. */
  done_at: number | null;
  /** Why the last attempt failed. */
  why: string | null;
}

export interface WatchSchema {
  watch_domain: WatchDomainTable;
  watch_observation: WatchObservationTable;
  watch_event: WatchEventTable;
  watch_alert: WatchAlertTable;
}
