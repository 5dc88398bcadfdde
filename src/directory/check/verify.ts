/**
 * Asks discovery about the addresses of the directory: several at a time, one at a time in each domain, with a pause
 * between two. What was found is kept with the address, so a run that was stopped goes on where it was.
 *
 * @module
 */
import { nextTurn } from '../../net/turn.ts';
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

/** Endpoints of one look at the table, and addresses that are asked about before the next. */
const SLICE = 20_000;
const BATCH = 2000;

interface Due {
  readonly n: number;
  readonly address: string;
}

/** Verifies what is shown. The table is gone through in pieces: a directory of any size takes the same memory. */
export async function verifyAddresses(
  directory: Directory,
  lookup: CertificateLookup,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  const { host } = directory;
  const { maxAgeMs = DAY, onProgress } = options;
  const counts = { verified: 0, failed: 0, temporary: 0 };
  const shown = { all: 0, due: 0 };
  const slices = await slicesOf(directory, host.now() - maxAgeMs, shown);
  let asked = 0;
  let batch: Due[] = [];
  const ask = (): Promise<boolean> => {
    const wanted = batch;
    batch = [];
    return askAll(directory, lookup, wanted, options, (outcome) => {
      counts[outcome] += 1;
      asked += 1;
      onProgress?.(asked, shown.due);
    });
  };
  for (const slice of slices) {
    batch.push(...slice());
    if (batch.length >= BATCH && !(await ask())) break;
    await host.hold(nextTurn());
  }
  if (batch.length > 0) await ask();
  return { asked, ...counts, cached: shown.all - shown.due };
}

/** The pieces that have something due; each is read when it is its turn. What is found is added to `shown`. */
async function slicesOf(
  directory: Directory,
  young: number,
  shown: { all: number; due: number },
): Promise<(() => Due[])[]> {
  const { handle, tenant, host } = directory;
  const revision = currentRevision(directory);
  const due = `(e.verified_at is null or e.verified_at <= ? or e.outcome = 'temporary')`;
  const within = `e.n > ? and e.n <= ? and e.tenant = ? and exists
    (select 1 from directory_role r where r.endpoint = e.n and ${AT_REVISION})`;
  const count = handle.prepare(
    `select count(*) as every, coalesce(sum(${due}), 0) as due from directory_endpoint e where ${within}`,
  );
  const list = handle.prepare(
    `select e.n, e.address from directory_endpoint e where ${due} and ${within} order by e.n`,
  );
  const last = Number(handle.prepare('select max(n) as n from directory_endpoint').get()?.['n'] ?? 0);
  const slices: (() => Due[])[] = [];
  for (let from = 0; from < last; from += SLICE) {
    const values = [young, from, from + SLICE, tenant, revision, revision];
    const row = count.get(...values);
    shown.all += Number(row?.['every'] ?? 0);
    shown.due += Number(row?.['due'] ?? 0);
    if (Number(row?.['due'] ?? 0) > 0) {
      slices.push(() =>
        list.all(...values).map((found) => ({ n: Number(found['n']), address: String(found['address']) })),
      );
    }
    await host.hold(nextTurn());
  }
  return slices;
}

/** @returns false: it was stopped */
async function askAll(
  directory: Directory,
  lookup: CertificateLookup,
  wanted: readonly Due[],
  { concurrency = 16, pauseMs = 0, stopped }: VerifyOptions,
  onAnswer: (outcome: ReturnType<typeof outcomeOf>) => void,
): Promise<boolean> {
  let ended = false;
  const domains = Map.groupBy(wanted, ({ address }) => domainOf(address));
  const queue = domains.values();
  const worker = async (): Promise<void> => {
    // the iterator is shared: each domain has one worker
    for (const list of queue) {
      for (const { n, address } of list) {
        ended ||= stopped?.() ?? false;
        if (ended) return;
        const facts = await lookup(address);
        recordFacts(directory, n, facts);
        onAnswer(outcomeOf(facts));
        if (pauseMs > 0) await new Promise<void>((resolve) => void directory.host.timer(pauseMs, resolve));
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return !ended;
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
