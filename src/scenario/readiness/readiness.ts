/**
 * From the saved runs of a target to one report: how ready it is, area by area, and what is to be done. Pure but for
 * the evidence that it reads.
 *
 * @module
 */
import { rollUp, type Status, tally } from '../../outcome/status.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { formatName } from '../../pki/name.ts';
import { keyName } from '../../pki/path/strength.ts';
import type { Fitness } from '../target/needs.ts';
import type { Target } from '../target/target.ts';
import { type BlobReader, type Event, readRun, TranscriptError } from '../transcript.ts';
import { AREAS, CHECKLIST, LIMITS, PURPOSE } from './fixed.ts';
import { type Observed, observed } from './observed.ts';
import { latestResults, nameOf, ran, type SavedResult, savedRuns } from './saved.ts';
import type { Readiness } from './schema.ts';

/** A scenario that could be asked of the target. */
export interface Candidate {
  readonly name: string;
  readonly suite: string;
  readonly fitness: Fitness;
  /** Among those that every system is asked. */
  readonly usual: boolean;
}

export interface ReadinessOptions {
  readonly target: Target;
  /** What the target is called on a command line and in addresses of pages. */
  readonly name: string;
  readonly version: string;
  /** ms since 1970. */
  readonly now: number;
  /** Folder of its saved runs. */
  readonly runs: string;
  /** The whole catalogue, held against the profile. */
  readonly candidates: readonly Candidate[];
  /** The anchor that it has to trust, once there is one. */
  readonly testbedAnchor?: Certificate | undefined;
}

/** @throws {Error} a saved run cannot be read */
export function readinessOf(options: ReadinessOptions): Readiness {
  const { target, version, now, candidates, testbedAnchor } = options;
  const { profile } = target;
  const runs = savedRuns(options.runs);
  const latest = latestResults(options.runs, runs).filter(({ report }) => report.suite in AREAS);
  const done = latest.filter(({ report }) => ran(report));
  const seen = done.map((result) => ({ result, ...evidenceOf(result) }));
  const notTested = leftOut(
    candidates,
    latest,
    seen.flatMap(({ joined }) => joined),
  );
  const scenarios = latest.map(scenarioOf);
  const failures = done.filter(({ report }) => isTrouble(report.status)).map(failureOf);
  const { sender, receiver } = profile.addresses;
  return {
    schema: 1,
    tool: 'anchorage',
    version,
    made: new Date(now).toISOString(),
    purpose: PURPOSE,
    target: {
      name: options.name,
      title: profile.title,
      profile: profile.profile,
      ...(sender ? { sender } : {}),
      ...(receiver ? { receiver } : {}),
      published: profile.published,
      edges: Object.entries(profile.edges).flatMap(([edge, access]) => (access ? edge : [])),
      testbed: profile.testbed.domain,
    },
    runs: runs.map(({ id, state }) => ({
      id,
      started: state.started,
      scenarios: state.done.length,
      ...(state.waiting ? { waiting: state.waiting.what } : {}),
    })),
    summary: tally(latest.map(({ report }) => report.status)),
    areas: areasOf(latest, candidates, notTested),
    scenarios,
    failures,
    notTested,
    certificates: certificatesOf(target, seen),
    trust: {
      anchors: target.anchors.map(({ sha256 }) => sha256),
      ...(testbedAnchor ? { testbed: testbedAnchor.sha256 } : {}),
    },
    posture: latest.flatMap(postureOf),
    crypto: { sent: sentOf(seen), accepted: acceptedOf(seen) },
    timings: timingsOf(seen),
    strangers: runs.flatMap(({ id, state }) => state.strangers.map((one) => ({ ...one, run: id }))),
    checklist: CHECKLIST,
    limits: LIMITS,
    actions: actionsOf(failures, latest, notTested),
  };
}

const isTrouble = (status: Status): boolean => status === 'fail' || status === 'warn' || status === 'error';

interface Evidence extends Observed {
  /** Scenarios whose networks and checks this one includes. */
  readonly joined: readonly string[];
}
type Seen = Evidence & { readonly result: SavedResult };

const NOTHING: Evidence = { sent: [], accepted: [], notices: [], signers: [], joined: [] };

/** The evidence may have been thrown away; the verdict stays. */
function evidenceOf({ folder }: SavedResult): Evidence {
  let read: { events: Event[]; blob: BlobReader };
  try {
    read = readRun(folder);
    const { scenario } = read.events[0]!.summary as {
      scenario?: { include?: { cases?: readonly string[] } };
    };
    return { ...observed(read.events, read.blob), joined: scenario?.include?.cases ?? [] };
  } catch (error) {
    if (error instanceof TranscriptError) return NOTHING;
    throw error;
  }
}

const causeOf = ({ id, variant, firstCause }: SavedResult['report']) =>
  firstCause && { ...firstCause, scenario: nameOf({ id, variant }) };

function scenarioOf({ name, report, run, at }: SavedResult): Readiness['scenarios'][number] {
  const cause = causeOf(report);
  return {
    name,
    title: report.title,
    area: report.suite,
    group: report.group,
    status: report.status,
    ...(report.reason ? { reason: report.reason } : {}),
    requirements: report.cites.filter((cite) => cite.startsWith('REQ-')),
    ...(at ? { at } : {}),
    run,
    evidence: new Set(report.checks.flatMap(({ findings }) => findings.flatMap(({ evidence }) => evidence)))
      .size,
    ...(cause ? { firstCause: cause } : {}),
  };
}

const failureOf = ({ name, report, run }: SavedResult): Readiness['failures'][number] => ({
  name,
  title: report.title,
  status: report.status,
  run,
  ...(report.cure ? { cure: report.cure } : {}),
  checks: [...report.checks, ...(report.control?.checks ?? [])]
    .filter(({ status }) => isTrouble(status))
    .map(({ id, title, status, required, reason, findings }) => {
      const bad = findings.filter(({ level }) => level !== 'info');
      return {
        id,
        title,
        status,
        required,
        texts: [...new Set([...(reason ? [reason] : []), ...bad.map(({ text }) => text)])],
        evidence: [...new Set(bad.flatMap(({ evidence }) => evidence))],
      };
    }),
});

function areasOf(
  latest: readonly SavedResult[],
  candidates: readonly Candidate[],
  notTested: Readiness['notTested'],
): Readiness['areas'] {
  const open = new Set(
    notTested.filter(({ kind }) => kind === 'skip' || kind === 'not-run').flatMap(({ what }) => what),
  );
  return Object.entries(AREAS).map(([id, title]) => {
    const own = latest.filter(({ report }) => report.suite === id);
    const statuses = own.filter(({ report }) => ran(report)).map(({ report }) => report.status);
    const times = own.flatMap(({ report, at }) => (at && ran(report) ? at : [])).sort();
    const verdict = rollUp(statuses);
    const first = own.find(({ report }) => report.status === verdict && report.firstCause);
    const cause = first && causeOf(first.report);
    return {
      id,
      title,
      verdict: statuses.length === 0 ? ('not-tested' as const) : verdict,
      complete: !candidates.some(({ suite, name, usual }) => usual && suite === id && open.has(name)),
      counts: tally(own.map(({ report }) => report.status)),
      ...(cause && isTrouble(verdict) ? { firstCause: cause } : {}),
      ...(times[0] ? { oldest: times[0] } : {}),
    };
  });
}

const NOT_RUN = 'it was not run yet';

/** What is not tested, and why: one line for each reason. */
function leftOut(
  candidates: readonly Candidate[],
  latest: readonly SavedResult[],
  joined: readonly string[],
): Readiness['notTested'] {
  const results = new Map(latest.map((result) => [result.name, result]));
  const lines = new Map<
    string,
    { kind: Readiness['notTested'][number]['kind']; why: string; what: string[] }
  >();
  const add = (kind: Readiness['notTested'][number]['kind'], why: string, what: string): void => {
    const key = `${kind} ${why}`;
    const line = lines.get(key) ?? { kind, why, what: [] };
    line.what.push(what);
    lines.set(key, line);
  };
  for (const { name, suite, fitness, usual } of candidates) {
    const known = results.get(name);
    if (!(suite in AREAS) || (known && ran(known.report))) continue;
    if (fitness.kind !== 'run') add(fitness.kind, fitness.reason, name);
    else if (!joined.includes(name.split('/')[0]!))
      add('not-run', usual ? NOT_RUN : 'it goes beyond the usual suites, and was not asked for', name);
  }
  for (const { name, report } of latest) {
    for (const { id, sees, status } of report.checks)
      if (sees === 'inside' && status === 'na')
        add('inside', 'it needs the records of the system itself', `${name} ${id}`);
  }
  const order = ['skip', 'not-run', 'na', 'inside'];
  return [...lines.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function certificatesOf({ anchors }: Target, seen: readonly Seen[]): Readiness['certificates'] {
  const places = new Map<string, { certificate: Certificate; seen: Set<string> }>();
  const add = (certificate: Certificate, where: string): void => {
    const known = places.get(certificate.sha256) ?? { certificate, seen: new Set<string>() };
    known.seen.add(where);
    places.set(certificate.sha256, known);
  };
  for (const anchor of anchors) add(anchor, 'anchor of the profile');
  for (const { signers } of seen) for (const signer of signers) add(signer, 'signs its messages');
  return [...places.values()].map(({ certificate, seen: where }) => ({
    subject: formatName(certificate.subject),
    issuer: formatName(certificate.issuer),
    names: [...certificate.emails, ...certificate.dnsNames],
    from: new Date(certificate.notBefore).toISOString(),
    until: new Date(certificate.notAfter).toISOString(),
    key: keyName(certificate.key),
    signature: certificate.signature.name,
    sha256: certificate.sha256,
    seen: [...where],
  }));
}

/** How its servers stand: the checks of publishing, with what they remark on. */
function postureOf({ name, report }: SavedResult): Readiness['posture'] {
  if (report.suite !== 'hosting' || !ran(report)) return [];
  return report.checks.map(({ id, title, status, findings }) => ({
    scenario: name,
    check: `${id}: ${title}`,
    status,
    good: findings.filter(({ level }) => level === 'info').length,
    remarks: [...new Set(findings.filter(({ level }) => level !== 'info').map(({ text }) => text))],
  }));
}

function sentOf(seen: readonly Seen[]): Readiness['crypto']['sent'] {
  const counts = new Map<string, Readiness['crypto']['sent'][number]>();
  for (const { what, algorithm } of seen.flatMap(({ sent }) => sent)) {
    const key = `${what} ${algorithm}`;
    counts.set(key, { what, algorithm, messages: (counts.get(key)?.messages ?? 0) + 1 });
  }
  const order = ['content', 'key transport', 'digest', 'signature'];
  return [...counts.values()].sort(
    (a, b) => order.indexOf(a.what) - order.indexOf(b.what) || b.messages - a.messages,
  );
}

/** One line for each combination: taken if any message that was made so was. */
function acceptedOf(seen: readonly Seen[]): Readiness['crypto']['accepted'] {
  const lines = new Map<string, Readiness['crypto']['accepted'][number]>();
  for (const { accepted, result } of seen) {
    for (const one of accepted) {
      const key = [one.content, one.keyTransport, one.digest].join(' ');
      const known = lines.get(key);
      if (!known || (one.processed && !known.processed)) lines.set(key, { ...one, scenario: result.name });
    }
  }
  return [...lines.values()];
}

function timingsOf(seen: readonly Seen[]): Readiness['timings'] {
  const all = seen.flatMap(({ notices }) => notices);
  return [...Map.groupBy(all, ({ notice }) => notice)].map(([notice, those]) => {
    const sorted = those.map(({ ms }) => ms).sort((a, b) => a - b);
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!;
    return { notice, count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), longestMs: sorted.at(-1)! };
  });
}

/** What to do: mend what failed first, then give what is missing, then run what was not run. */
function actionsOf(
  failures: Readiness['failures'],
  latest: readonly SavedResult[],
  notTested: Readiness['notTested'],
): Readiness['actions'] {
  const suiteOf = new Map(latest.map(({ name, report }) => [name, report.suite]));
  const order: readonly Status[] = ['fail', 'error', 'warn'];
  const mend = [...failures]
    .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status))
    .map(({ name, status, cure, checks }) => ({
      area: suiteOf.get(name)!,
      scenario: name,
      text:
        status === 'error'
          ? `Run it again: ${checks[0]?.texts[0] ?? 'the testbed could not judge'}.`
          : (cure ?? checks[0]?.texts[0] ?? 'See the result.'),
    }));
  const give = notTested
    .filter(({ kind }) => kind === 'skip')
    .map(({ why, what }) => ({ area: 'profile', scenario: what.join(', '), text: `To test more: ${why}.` }));
  const run = notTested
    .filter(({ why }) => why === NOT_RUN)
    .map(({ what }) => ({ area: 'runs', scenario: what.join(', '), text: 'Run what was not run yet.' }));
  return [...mend, ...give, ...run];
}
