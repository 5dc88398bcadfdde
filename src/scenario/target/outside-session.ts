/**
 * Scenarios against a system outside, one after another. What was done and what is waited for stands in a folder, so
 * that a session that was stopped goes on where it was.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Host, Json } from '../../net/host.ts';
import { type Plan, PlanError, planOf } from '../cases.ts';
import { type Entry, entryName } from '../catalogue.ts';
import { runReport, scenarioReport } from '../report/report.ts';
import { type RunReport, type ScenarioReport, scenarioReportSchema } from '../report/schema.ts';
import { readRun, writeRun } from '../transcript.ts';
import { folderVault } from '../vault.ts';
import { targetVault } from './anchor.ts';
import { executeOutside, type OutsideOptions } from './execute-outside.ts';
import { type Fitness, fitnessFor } from './needs.ts';
import { withPublishedNames } from './published-names.ts';
import { type Stranger, strangerIn } from './strangers.ts';
import { type Target, userOf } from './target.ts';
import type { Waiting } from './waiting.ts';

export interface OutsideSession {
  readonly target: Target;
  /** File of its profile, for whoever looks at the run later. */
  readonly profile?: string;
  readonly version: string;
  /** Name of the run; a run of this name that was stopped goes on. */
  readonly run: string;
  /** Folder that runs are kept in. */
  readonly runs: string;
  readonly seed: number;
  readonly clock: Pick<Host, 'mono' | 'now'>;
  readonly hostFor: OutsideOptions['hostFor'];
  readonly signal?: AbortSignal;
  readonly onStart?: (entry: Entry, index: number, count: number) => void;
  readonly onWaiting?: (entry: Entry, waiting: Waiting | undefined) => void;
  readonly onResult?: (report: ScenarioReport) => void;
  /** Somebody who is not registered sent a message. */
  readonly onStranger?: (stranger: Stranger) => void;
}

/** Kept in the state; all stand in the evidence. */
const MOST_STRANGERS = 100;

const stateSchema = z.object({
  schema: z.literal(1),
  title: z.string(),
  profile: z.string().optional().describe('File of the profile.'),
  seed: z.number(),
  started: z.string(),
  entries: z.array(z.string()),
  done: z.array(scenarioReportSchema),
  ended: z.record(z.string(), z.string()).default({}).describe('When each of them ended, by name.'),
  strangers: z
    .array(z.object({ from: z.string(), to: z.array(z.string()), at: z.string() }))
    .default([])
    .describe('Messages from addresses that are not registered.'),
  current: z.object({ entry: z.string(), steps: z.int() }).optional(),
  waiting: z.object({ what: z.string(), since: z.string(), until: z.string() }).optional(),
});

/** What is kept of a session between two lives of the program. */
export type SessionState = z.infer<typeof stateSchema>;

const stateFile = (folder: string): string => join(folder, 'session.json');

/** @returns undefined when there is none @throws {Error} it is there and cannot be read */
export function readSession(folder: string): SessionState | undefined {
  const file = stateFile(folder);
  if (!existsSync(file)) return undefined;
  const parsed = stateSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is no session: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function keep(folder: string, state: SessionState): void {
  mkdirSync(folder, { recursive: true });
  const fresh = `${stateFile(folder)}.new`;
  writeFileSync(fresh, `${JSON.stringify(state, null, 2)}\n`, { flush: true });
  renameSync(fresh, stateFile(folder));
}

/**
 * @param entries those of the whole session; what a stopped one has done is not done again
 * @throws {NetError} when a port of the testbed is in use
 */
export async function runOutsideSession(
  entries: readonly Entry[],
  catalogue: readonly Entry[],
  session: OutsideSession,
): Promise<RunReport> {
  const folder = join(session.runs, session.run);
  const earlier = readSession(folder);
  let state: SessionState = earlier ?? {
    schema: 1,
    title: session.target.profile.title,
    ...(session.profile === undefined ? {} : { profile: session.profile }),
    seed: session.seed,
    started: new Date(session.clock.now()).toISOString(),
    entries: entries.map((entry) => entryName(entry)),
    done: [],
    ended: {},
    strangers: [],
  };
  const change = (part: Partial<SessionState>): void => {
    state = { ...state, ...part };
    keep(folder, state);
  };
  change({});
  for (const [index, entry] of entries.entries()) {
    const { id } = entry.scenario;
    if (state.done.some((one) => one.id === id && one.variant === entry.variant)) continue;
    if (session.signal?.aborted) break;
    session.onStart?.(entry, index, entries.length);
    const onStranger = (one: Stranger): void => {
      change({ strangers: [...state.strangers, { ...one, to: [...one.to] }].slice(-MOST_STRANGERS) });
      session.onStranger?.(one);
    };
    const report = await runOne(entry, index, catalogue, { ...session, onStranger }, folder, earlier, change);
    if (!report) break;
    change({
      done: [...state.done, report],
      ended: { ...state.ended, [entryName(entry)]: new Date(session.clock.now()).toISOString() },
      current: undefined,
      waiting: undefined,
    });
    session.onResult?.(report);
  }
  return runReport(state.done, { version: session.version, run: session.run, seed: session.seed });
}

/** @returns undefined when the session was stopped in the middle of it */
async function runOne(
  entry: Entry,
  index: number,
  catalogue: readonly Entry[],
  session: OutsideSession,
  folder: string,
  earlier: SessionState | undefined,
  change: (part: Partial<SessionState>) => void,
): Promise<ScenarioReport | undefined> {
  const { target, clock } = session;
  const name = entryName(entry);
  const plan = planFor(entry, index, catalogue, session);
  const fitness = fitnessFor(plan, target.profile);
  if (fitness.kind !== 'run') return notRun(entry, fitness.kind, fitness.reason);
  const own = join(folder, name.replace(' ', '.'));
  const resumed = earlier?.current?.entry === name ? earlier.current.steps : undefined;
  const saved = resumed !== undefined && existsSync(join(own, 'events.ndjson')) ? readRun(own) : undefined;
  change({ current: { entry: name, steps: resumed ?? 0 } });
  const started = clock.mono();
  const work = executeOutside(plan, {
    target,
    version: session.version,
    seed: `${session.seed}/${name}`,
    // the anchor is the one that the target has; all else is of this scenario alone
    vault: targetVault(target, folderVault(join(own, 'keys'))),
    hostFor: session.hostFor,
    onEvent(event) {
      const stranger = strangerIn(event, target.profile);
      if (stranger) session.onStranger?.(stranger);
    },
    ...(saved ? { saved: { done: resumed ?? 0, ...saved } } : {}),
    onWaiting(waiting) {
      change({
        waiting: waiting && {
          what: waiting.what,
          since: new Date(waiting.since).toISOString(),
          until: new Date(waiting.until).toISOString(),
        },
      });
      session.onWaiting?.(entry, waiting);
    },
    onStep(steps, seen) {
      writeRun(own, seen, null);
      change({ current: { entry: name, steps } });
    },
  });
  const execution = await Promise.race([work, abortOf(session.signal)]).catch((error: unknown) => {
    if (error instanceof PlanError) return error.message;
    throw error;
  });
  if (typeof execution === 'string') return notRun(entry, 'error', execution);
  if (!execution) return undefined;
  writeRun(own, execution.transcript, execution.result as unknown as Json);
  return scenarioReport({ result: execution.result, durationMs: clock.mono() - started, run: own });
}

/** Resolves with undefined when the session is stopped. */
const abortOf = (signal: AbortSignal | undefined): Promise<undefined> =>
  new Promise((resolve) => signal?.addEventListener('abort', () => resolve(undefined), { once: true }));

/** Whether each of the entries can run against the target. */
export const fitnesses = (
  entries: readonly Entry[],
  catalogue: readonly Entry[],
  target: Target,
): { readonly entry: string; readonly fitness: Fitness }[] =>
  entries.map((entry, index) => ({
    entry: entryName(entry),
    fitness: fitnessFor(planFor(entry, index, catalogue, { target, run: 'check' }), target.profile),
  }));

/** Every scenario has names of its own, so that nobody's cache knows them. */
function planFor(
  entry: Entry,
  index: number,
  catalogue: readonly Entry[],
  { target, run }: Pick<OutsideSession, 'target' | 'run'>,
): Plan {
  const { profile } = target;
  const mark = run
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(-10);
  const base = `s${index + 1}-${mark}.${profile.testbed.domain}`;
  const { receiver } = profile.addresses;
  const plan = planOf(entry, catalogue, base, userOf(entry.scenario, profile));
  return receiver === undefined ? plan : withPublishedNames(plan, receiver, profile);
}

function notRun(
  { scenario, variant }: Entry,
  status: 'skip' | 'na' | 'error',
  reason: string,
): ScenarioReport {
  return {
    id: scenario.id,
    ...(variant ? { variant } : {}),
    title: scenario.title,
    suite: scenario.suite,
    group: scenario.group,
    status,
    reason,
    cites: scenario.cites,
    durationMs: 0,
    virtualMs: 0,
    checks: [],
  };
}
