/**
 * CERT records that hold only the URL of a certificate (RFC 4398 §2.1). Few publish them, and nobody should publish
 * nothing else (REQ-DNS-16); what is public is fetched all the same, under the limits of every fetch (REQ-SEC-01).
 *
 * @module
 */
import type { FetchResult } from '../http/fetch.ts';
import type { Notebook } from './notebook.ts';
import type { Gathered, Reading } from './parts.ts';
import { ignoredRecord, readFetched } from './reading.ts';

type ByUrl = Extract<Reading, { kind: 'url' }>;

const isByUrl = (reading: Reading): reading is ByUrl => reading.kind === 'url';

/**
 * The readings of a name with every URL fetched or given up.
 *
 * @param name the owner of the records
 * @returns `failed` as well, when a server did not answer and nothing else at the name is a certificate
 */
export async function withFetched(
  book: Notebook,
  name: string,
  readings: readonly Reading[],
): Promise<{ readonly readings: readonly Reading[]; readonly failed?: string }> {
  const urls = readings.filter(isByUrl);
  if (urls.length === 0) return { readings };
  const fetched = new Map<Reading, { readonly reading: Reading; readonly failed?: string }>();
  for (const [index, one] of urls.entries()) {
    const { certType, url } = one;
    const tooMany = index >= book.parts.limits.urls;
    const why = tooMany ? `no more than ${book.parts.limits.urls} URLs are fetched` : 'it holds only a URL';
    if (tooMany || !book.fetcher) fetched.set(one, { reading: ignoredRecord(name, certType, why) });
    else fetched.set(one, outcomeOf(name, one, await book.fetcher.get(url)));
  }
  const all = readings.map((reading) => fetched.get(reading)?.reading ?? reading);
  const failed = [...fetched.values()].find((one) => one.failed !== undefined)?.failed;
  const some = all.some(({ kind }) => kind === 'certificate');
  return { readings: all, ...(failed !== undefined && !some && { failed }) };
}

function outcomeOf(
  name: string,
  { certType, url }: ByUrl,
  answer: FetchResult,
): { readonly reading: Reading; readonly failed?: string } {
  if (answer.ok) return { reading: readFetched(name, certType, url, answer.body) };
  const reading = ignoredRecord(name, certType, `${url} gave nothing: ${answer.why}`);
  return mayAnswerLater(answer) ? { reading, failed: `${url}: ${answer.why}` } : { reading };
}

const LATER = new Set(['resolve', 'refused', 'unreachable', 'timeout', 'closed']);

/** Whether the server could not be asked, rather than having no certificate (REQ-DNS-11 in spirit). */
const mayAnswerLater = ({ code, status }: Extract<FetchResult, { ok: false }>): boolean =>
  LATER.has(code) || (status !== undefined && status >= 500);

/** What was gathered, counted as unanswered where a fetch makes it so. */
export const unlessFailed = (gathered: Gathered, failed: string | undefined): Gathered =>
  failed === undefined ? gathered : { ...gathered, failed };
