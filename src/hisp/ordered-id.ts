/**
 * Ids of messages and envelopes.
 *
 * @module
 */
import type { Host } from '../net/host.ts';

/**
 * A UUID of version 7 (RFC 9562): later ones sort after earlier ones, so that new rows of the store stand together and
 * not all over its indexes.
 */
export function orderedId({ now, random }: Pick<Host, 'now' | 'random'>): string {
  const time = Math.max(0, Math.trunc(now())).toString(16).padStart(12, '0').slice(-12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.uuid().slice(15)}`;
}
