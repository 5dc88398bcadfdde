/**
 * What a search in progress knows: its tools, and what it has written down so far.
 *
 * @module
 */
import { type DnsAnswer, type LookupType, queryAnyName, type Resolver } from '../dns/client.ts';
import type { Fetcher } from '../http/fetch.ts';
import type { Host } from '../net/host.ts';
import type { Finding, ObservedParams } from '../outcome/check.ts';
import type { DiscoveryParts, Gathered, Names, Reading } from './parts.ts';
import { sha256 } from './reading.ts';
import type { Candidate, Discovery, Level, Outcome, Step } from './types.ts';

export interface Notebook {
  readonly host: Host;
  readonly parts: DiscoveryParts;
  readonly resolver: Resolver;
  /** For certificates that a record only points at; without it they count as nothing. */
  readonly fetcher?: Pick<Fetcher, 'get'>;
  readonly names: Names;
  readonly steps: Step[];
  readonly asked: string[];
  readonly servers: string[];
  readonly notes: Finding[];
  /** Of the places since the search last paused. */
  candidates: Candidate[];
  /** The first thing since then that nobody could tell. */
  unknown?: { readonly stage: Level | 'srv'; readonly why: string };
  /** The domain, once DNS said that it does not exist. */
  nonexistent?: string;
}

/** What is known so far, as a value. */
export function snapshot(book: Notebook, address: string): Discovery {
  const [first] = book.candidates;
  const outcome = first ? 'found' : book.unknown ? 'temporary' : 'none';
  return {
    address,
    outcome,
    ...(first && { level: first.level }),
    candidates: book.candidates,
    steps: [...book.steps],
    ...(outcome === 'temporary' && book.unknown && { why: book.unknown.why, stage: book.unknown.stage }),
    ...(outcome === 'none' && book.nonexistent !== undefined && { nonexistent: book.nonexistent }),
    names: [...book.asked],
    servers: [...book.servers],
    notes: [...book.notes],
  };
}

/** Asks the DNS. A name that cannot be asked for does not exist. */
export async function ask({ resolver, parts }: Notebook, name: string, type: LookupType): Promise<DnsAnswer> {
  return parts.hear(await queryAnyName(resolver, name, type, { deadlineMs: parts.limits.questionMs }));
}

/** Starts a step; the function it gives ends it. Durations are by the host's steady clock. */
export function startStep(
  book: Notebook,
  step: Pick<Step, 'level' | 'question' | 'server'>,
): (end: Pick<Step, 'outcome' | 'detail'> & Partial<Pick<Step, 'event' | 'exchanges'>>) => Outcome {
  const at = book.host.now();
  const from = book.host.mono();
  return (end) => {
    book.steps.push({ ...step, event: 0, ...end, at, ms: Math.round(book.host.mono() - from) });
    if (end.outcome === 'unknown')
      book.unknown ??= { stage: step.level, why: `${end.detail} (${step.server ?? step.question})` };
    return end.outcome;
  };
}

/**
 * Adds what one place holds: a certificate that is there already is not added again, and no more than the limit, so
 * that nobody can make us judge without end. Gives the place's outcome.
 */
export function keep(
  book: Notebook,
  at: { readonly level: Level; readonly where: string; readonly event: number },
  gathered: Gathered,
): Outcome {
  if (gathered.failed !== undefined) return 'unknown';
  const seen = new Set(book.candidates.map((candidate) => candidate.sha256));
  let left = book.parts.limits.certificates - book.candidates.length;
  let found = false;
  for (const reading of gathered.readings) {
    if (!isCertificate(reading)) {
      book.notes.push(...reading.notes.map((finding) => ({ ...finding, evidence: [at.event] })));
      continue;
    }
    found = true;
    const id = reading.certificate?.sha256 ?? sha256(reading.bytes);
    if (seen.has(id)) continue;
    seen.add(id);
    if (left-- <= 0) continue;
    book.candidates.push({
      level: at.level,
      where: at.where,
      bytes: reading.bytes,
      sha256: id,
      ...(reading.certificate && { certificate: reading.certificate }),
      ...(reading.unreadable !== undefined && { unreadable: reading.unreadable }),
      notes: reading.notes,
    });
  }
  if (left < 0) {
    const why = `it has ${-left} certificates more than are looked at`;
    note(book, 'noted.server-partial', { server: at.where, why }, at.event);
  }
  return found ? 'found' : 'absent';
}

/** Writes down what is worth knowing and belongs to no certificate. */
export function note<C extends keyof ObservedParams>(
  book: Notebook,
  code: C,
  params: ObservedParams[C],
  event: number,
  ...cites: string[]
): void {
  book.notes.push({ code, params, level: 'warn', cites, evidence: [event] } as unknown as Finding);
}

type CertificateReading = Extract<Reading, { kind: 'certificate' }>;
const isCertificate = (reading: Reading): reading is CertificateReading => reading.kind === 'certificate';

/** `2 certificates`, `1 certificate, 1 unreadable`. */
export function countText(gathered: Gathered): string {
  if (gathered.failed !== undefined) return gathered.failed;
  const all = gathered.readings.filter(isCertificate);
  const bad = all.filter((reading) => reading.unreadable !== undefined).length;
  const good = all.length - bad;
  const parts = [
    good > 0 && `${good} certificate${good === 1 ? '' : 's'}`,
    bad > 0 && `${bad} that cannot be read`,
    all.length === 0 && gathered.readings.length > 0 && 'records, but no certificate',
  ].filter((part) => part !== false);
  return parts.join(', ') || 'no certificate';
}
