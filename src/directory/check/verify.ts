/**
 * Asks discovery about the addresses of the directory: several at a time, one at a time in each domain, with a pause
 * between two. What was found is kept with the address, so a run that was stopped goes on where it was.
 *
 * @module
 */
import { AT_REVISION, currentRevision, type Directory } from '../directory.ts';
import { domainOf } from '../write/words.ts';
import type { CertificateFacts, CertificateLookup } from './facts.ts';

export interface VerifyOptions {
  /** Lookups at a time. Default 16. */
  readonly concurrency?: number;
  /** Pause between two lookups in one domain, ms. Default 0. */
  readonly pauseMs?: number;
  /** What was found less than this long ago is not asked again. Default one day. */
  readonly maxAgeMs?: number;
  /** Asked before each lookup; true: stop here. */
  readonly stopped?: () => boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface VerifyResult {
  readonly asked: number;
  readonly verified: number;
  readonly failed: number;
  readonly temporary: number;
  /** Not asked, because the answer was young enough. */
  readonly cached: number;
}

const DAY = 86_400_000;

/** Verifies what is shown. */
export async function verifyAddresses(
  directory: Directory,
  lookup: CertificateLookup,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  const { handle, tenant, host } = directory;
  const { concurrency = 16, pauseMs = 0, maxAgeMs = DAY, stopped, onProgress } = options;
  const revision = currentRevision(directory);
  const rows = handle
    .prepare(
      `select e.n, e.address, e.verified_at, e.outcome from directory_endpoint e where e.tenant = ? and exists
       (select 1 from directory_role r where r.endpoint = e.n and ${AT_REVISION}) order by e.n`,
    )
    .all(tenant, revision, revision);
  const young = host.now() - maxAgeMs;
  const due = rows.filter(
    (row) =>
      row['verified_at'] === null || Number(row['verified_at']) <= young || row['outcome'] === 'temporary',
  );
  const domains = new Map<string, { n: number; address: string }[]>();
  for (const row of due) {
    const address = String(row['address']);
    const list = domains.get(domainOf(address)) ?? [];
    list.push({ n: Number(row['n']), address });
    domains.set(domainOf(address), list);
  }
  const counts = { verified: 0, failed: 0, temporary: 0 };
  let asked = 0;
  const queue = domains.values();
  const worker = async (): Promise<void> => {
    // the iterator is shared: each domain has one worker
    for (const list of queue) {
      for (const { n, address } of list) {
        if (stopped?.()) return;
        const facts = await lookup(address);
        const outcome = outcomeOf(facts);
        recordFacts(directory, n, facts);
        counts[outcome] += 1;
        asked += 1;
        onProgress?.(asked, due.length);
        if (pauseMs > 0) await new Promise<void>((resolve) => void host.timer(pauseMs, resolve));
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { asked, ...counts, cached: rows.length - due.length };
}

export const outcomeOf = (facts: CertificateFacts): 'verified' | 'failed' | 'temporary' =>
  facts.outcome === 'temporary'
    ? 'temporary'
    : facts.outcome === 'found' && !facts.fault && facts.mx !== 'none'
      ? 'verified'
      : 'failed';

/** Keeps what was found for an endpoint. */
export function recordFacts({ handle, host }: Directory, endpoint: number, facts: CertificateFacts): void {
  const outcome = outcomeOf(facts);
  handle
    .prepare(
      `update directory_endpoint set verified_at = ?, outcome = ?, facts = ?, failing_since = case ?
       when 'verified' then null when 'failed' then coalesce(failing_since, ?) else failing_since end where n = ?`,
    )
    .run(host.now(), outcome, JSON.stringify(facts), outcome, host.now(), endpoint);
}
