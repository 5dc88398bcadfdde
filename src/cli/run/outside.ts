/**
 * `anchorage run --target`: scenarios against a system outside.
 *
 * @module
 */
import { join, resolve } from 'node:path';
import { type Host, NetError } from '../../net/host.ts';
import { realHost } from '../../net/real.ts';
import { exitCode } from '../../outcome/status.ts';
import {
  entryName,
  PlanError,
  readSession,
  resolversOf,
  routesOf,
  runOutsideSession,
  type Stranger,
  type Target,
  type Waiting,
} from '../../scenario/index.ts';
import { Failure } from '../failure.ts';
import { note, style } from '../terminal.ts';
import { version } from '../version.ts';
import { choose } from './choose.ts';
import { deliver, type Format } from './deliver.ts';
import { readTarget, STATE } from './target.ts';
import { OUTSIDE_SUITES } from './usual.ts';

export interface OutsideOptions {
  readonly target: string;
  readonly seed: number;
  readonly strict: boolean;
  readonly format: Format;
  readonly out?: string;
  readonly runs?: string;
  readonly resume?: string;
}

export async function runOutside(selectors: readonly string[], options: OutsideOptions): Promise<number> {
  const target = readTarget(options.target, STATE);
  const clock = realHost({ name: 'testbed' });
  const runs = options.runs ?? join(target.folder, 'runs');
  const stamp = new Date(clock.now()).toISOString().replace(/[-:]/g, '').replace(/\..*/, '');
  const run = options.resume ?? stamp;
  const { catalogue, chosen } = choose(wanted(selectors, options, runs));
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  note(`${style.bold(target.profile.title)}, run ${run}`);
  try {
    const report = await runOutsideSession(chosen, catalogue, {
      target,
      profile: resolve(options.target),
      version: version(),
      run,
      runs,
      seed: options.seed,
      clock,
      hostFor: hostsOf(target),
      signal: abort.signal,
      onStart: (entry, index, count) =>
        note(style.dim(`${index + 1}/${count} ${entryName(entry)}: ${entry.scenario.title}`)),
      onWaiting: (_, waiting) => tellWaiting(waiting),
      onStranger: tellStranger,
    });
    deliver([report], options);
    if (!abort.signal.aborted) return exitCode(report.summary, { strict: options.strict });
    note(`Stopped. Go on with: anchorage run --target ${options.target} --resume ${run}`);
    return 130;
  } catch (error) {
    if (error instanceof PlanError) throw new Failure(error.message, { exitCode: 2 });
    if (error instanceof NetError)
      throw new Failure(`the testbed cannot listen: ${error.message}`, {
        hint: 'Stop the other program, or choose another testbed.portBase or testbed.listen in the profile.',
      });
    throw error;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** A run that goes on has its scenarios already. */
function wanted(
  selectors: readonly string[],
  { resume, target }: OutsideOptions,
  runs: string,
): readonly string[] {
  if (resume === undefined) return selectors.length > 0 ? selectors : OUTSIDE_SUITES;
  const state = readSession(join(runs, resume));
  if (!state) {
    throw new Failure(`there is no run "${resume}" of ${target} to go on with`, {
      hint: `Runs are kept in ${runs}.`,
      exitCode: 2,
    });
  }
  return state.entries.map((entry) => entry.replace(' ', '/'));
}

const hostsOf =
  (target: Target) =>
  (name: string, events: Host['events'], outward: boolean): Host =>
    realHost({
      name,
      events,
      routes: { entries: routesOf(target.profile) },
      ...(outward && target.profile.resolvers.length === 0
        ? {}
        : { resolvers: outward ? resolversOf(target.profile) : [] }),
    });

function tellWaiting(waiting: Waiting | undefined): void {
  if (!waiting) return;
  const until = new Date(waiting.until).toISOString().slice(11, 16);
  note(`${style.warn('waiting')} ${waiting.what} ${style.dim(`(until ${until} UTC)`)}`);
}

/** A message from somebody else is no evidence, and must not vanish unseen. */
const tellStranger = ({ from, to }: Stranger): void =>
  note(style.warn(`a message came from ${from}, which is no address of the profile (to ${to.join(', ')})`));
