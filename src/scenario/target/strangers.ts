/**
 * Messages that come to the testbed from somebody who is not registered: shown, never dropped in silence, and nothing
 * that a step waits for.
 *
 * @module
 */
import type { Event } from '../transcript.ts';
import type { TargetProfile } from './profile.ts';

export interface Stranger {
  readonly from: string;
  readonly to: readonly string[];
  /** ISO 8601. */
  readonly at: string;
}

/** A message that reached our mail server; undefined for any other event. */
export function cameIn({
  kind,
  dir,
  host,
  summary,
}: Event): { readonly from: string; readonly to: readonly string[] } | undefined {
  if (kind !== 'smtp' || dir !== 'in' || host !== 'peer') return undefined;
  const { op, mailFrom, rcptTo } = summary as {
    readonly op?: string;
    readonly mailFrom?: string;
    readonly rcptTo?: readonly string[];
  };
  return op === 'message' ? { from: mailFrom ?? '', to: rcptTo ?? [] } : undefined;
}

/** Notices come from nobody, or from whoever is responsible for the domain. */
const isNotice = (from: string): boolean => from === '' || /^(postmaster|mailer-daemon)@/i.test(from);

/** Who sent the message of the event, when it is no address of the profile. */
export function strangerIn(event: Event, { addresses }: TargetProfile): Stranger | undefined {
  const came = cameIn(event);
  if (!came || isNotice(came.from)) return undefined;
  const known = [addresses.sender, addresses.receiver].map((one) => one?.toLowerCase());
  return known.includes(came.from.toLowerCase()) ? undefined : { ...came, at: event.t };
}
