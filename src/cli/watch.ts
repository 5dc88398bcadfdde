/**
 * `anchorage watch`: looks at own and partner domains on a schedule, and tells what changed.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import { loadWatch } from '../config/watch.ts';
import type { Host } from '../net/host.ts';
import { realHost } from '../net/real.ts';
import { titleOf, toneOf, type WatchEvent } from '../watch/event.ts';
import { CHECKS, type CheckState, checksOf, stateOf } from '../watch/verdict.ts';
import type { Look } from '../watch/watcher.ts';
import { note, out, style } from './terminal.ts';
import { eventLine, openWatch } from './watch/open.ts';

interface WatchOptions {
  readonly config: string;
  readonly once?: boolean;
  readonly format: 'console' | 'json';
}

export function define(command: Command): void {
  command
    .option('-c, --config <file>', 'what is watched', 'watch.yaml')
    .option('--once', 'look at every domain once, tell, and end')
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
    )
    .addHelpText(
      'after',
      '\nExit code with --once: 0 all is well (warnings too), 1 something is wrong, 3 nobody could tell.\nWithout --once it runs until it is stopped, and prints what changes (json: one event a line); its history is in the state folder.',
    )
    .action(async ({ config: file, once, format }: WatchOptions) => {
      const config = loadWatch(file);
      const host = realHost({
        name: 'watch',
        routes: { entries: config.routes },
        ...(config.resolvers.length > 0 ? { resolvers: config.resolvers } : {}),
      });
      const watch = await openWatch(host, config, note, (event) => {
        // a single look prints them with the domain
        if (!once) out(format === 'json' ? JSON.stringify(eventJson(event)) : eventLine(event));
      });
      try {
        await watch.refresh();
        if (once) {
          const looks = await watch.watcher.round();
          if (format === 'json') out(JSON.stringify(roundJson(looks, host.now()), null, 2));
          else for (const look of looks) print(look);
          process.exitCode = exitCodeOf(looks);
          return;
        }
        watch.subscriber.start();
        await watch.watcher.start();
        note(style.dim(`watching ${config.domains.length} domains; stop with Ctrl-C`));
        await stopped();
      } finally {
        await watch.stop();
      }
    });
}

const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });

/** `--format json`. */
export const roundJson = (looks: readonly Look[], now: ReturnType<Host['now']>): object => ({
  schema: 1,
  at: new Date(now).toISOString(),
  domains: looks.map(lookJson),
});

function lookJson(look: Look): object {
  if ('failed' in look) return { domain: look.domain, state: 'error', why: look.failed };
  const checks = checksOf(look.seen);
  return {
    domain: look.domain,
    state: stateOf(checks),
    checks,
    events: look.events.map(eventJson),
    seen: look.seen,
  };
}

const eventJson = ({ at, ...event }: WatchEvent): object => ({
  ...event,
  at: new Date(at).toISOString(),
  severity: toneOf(event),
  title: titleOf(event),
});

/** What is wrong counts before what nobody could tell. */
export function exitCodeOf(looks: readonly Look[]): 0 | 1 | 3 {
  const states = looks.map((look) => ('failed' in look ? 'unknown' : stateOf(checksOf(look.seen))));
  if (states.includes('bad')) return 1;
  return states.includes('unknown') ? 3 : 0;
}

const MARK: Readonly<Record<CheckState, string>> = {
  good: style.good('✓'),
  warn: style.warn('!'),
  bad: style.bad('✗'),
  unknown: style.warn('?'),
  none: style.dim('–'),
};

function print(look: Look): void {
  if ('failed' in look) {
    out(`${MARK.unknown} ${style.bold(look.domain)}  ${look.failed}`);
    return;
  }
  const checks = checksOf(look.seen);
  out(`${MARK[stateOf(checks)]} ${style.bold(look.domain)}`);
  for (const { check, state, text } of checks) out(`  ${MARK[state]} ${CHECKS[check].padEnd(17)} ${text}`);
  for (const event of look.events) {
    out(`  ${style.bold(titleOf(event))}: ${event.text}`);
    if (event.todo) out(style.dim(`    ${event.todo}`));
  }
}
