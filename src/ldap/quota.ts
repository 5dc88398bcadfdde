/**
 * How much one client may ask: whoever wants to read a directory address by address needs more than a sender does
 * (REQ-LDAP-17).
 *
 * @module
 */
const MINUTE_MS = 60_000;
/** Clients that are remembered; whoever was quiet longest is forgotten first, and has its whole share again. */
const CLIENTS = 10_000;

export interface Quota {
  /** Counts one search of this client; false when its share is used up. */
  take(client: string): boolean;
}

/**
 * A share that is used up in a minute at the earliest, and comes back evenly.
 *
 * @param mono milliseconds of a steady clock
 * @param perMinute searches; Infinity: no limit
 */
export function searchQuota(mono: () => number, perMinute: number): Quota {
  if (perMinute === Number.POSITIVE_INFINITY) return { take: () => true };
  const left = new Map<string, { searches: number; at: number }>();
  return {
    take(client) {
      const now = mono();
      const last = left.get(client) ?? { searches: perMinute, at: now };
      const searches = Math.min(perMinute, last.searches + ((now - last.at) * perMinute) / MINUTE_MS);
      const allowed = searches >= 1;
      left.delete(client);
      left.set(client, { searches: allowed ? searches - 1 : searches, at: now });
      if (left.size > CLIENTS) left.delete(left.keys().next().value!);
      return allowed;
    },
  };
}
