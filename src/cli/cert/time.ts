const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?\s*(?:Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * A time as people write it: `2026-03-01`, `2026-03-01T12:00:00Z` (UTC when no zone is given), or a number of seconds
 * (below 100,000,000,000) or milliseconds since 1970.
 *
 * @returns ms since 1970 UTC
 * @throws {RangeError} it is none of these
 */
export function readAt(at: string | number): number {
  const number = typeof at === 'number' ? at : /^-?\d{9,}$/.test(at) ? Number(at) : undefined;
  if (number !== undefined && Number.isFinite(number))
    return Math.abs(number) < 1e11 ? number * 1000 : number;
  const text = String(at).trim();
  if (ISO.test(text)) {
    const zoned = /[T ]/.test(text) && !/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text}Z` : text;
    const ms = Date.parse(zoned.replace(' ', 'T'));
    if (!Number.isNaN(ms)) return ms;
  }
  throw new RangeError(`at: found ${JSON.stringify(at)}; expected a time such as 2026-03-01T12:00:00Z`);
}
