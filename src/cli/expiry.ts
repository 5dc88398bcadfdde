/**
 * `anchorage expiry`: what ends, when, and what to do before.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { loadConfig } from '../config/load.ts';
import { realHost } from '../net/real.ts';
import { type DatedThing, THING_KINDS } from '../trust/expiry/thing.ts';
import { openNetwork } from './demo/open.ts';
import { openState } from './demo/state.ts';
import { type ConfigOptions, withConfig } from './options.ts';
import { columns, note, out, style } from './terminal.ts';
import { datedThings } from './up/dated.ts';
import { calendarOf, datedJson } from './up/expiry-room.ts';
import { clientOf, findRunning } from './up/running.ts';

interface ExpiryOptions extends ConfigOptions {
  readonly within?: number;
  readonly format: 'console' | 'json' | 'ics';
}

const DAY = 86_400_000;

export function define(command: Command): void {
  withConfig(command)
    .option('--within <days>', 'only what ends in so many days, or is over', Number)
    .addOption(
      new Option('--format <format>', 'form of the result')
        .choices(['console', 'json', 'ics'])
        .default('console'),
    )
    .addHelpText('after', '\nExit code: 0 nothing ends within 14 days, 1 something does or is over.')
    .action(async (options: ExpiryOptions) => {
      const config = loadConfig({ file: options.config, portBase: options.portBase });
      const now = realHost().now();
      const state = openState(config.state);
      const running = findRunning(state);
      const open = openNetwork(config, now);
      if (!running)
        note(style.dim('nothing runs: without revocation lists, and without bundles that were fetched'));
      const all = running ? await asked(clientOf(running, state)) : datedThings(open);
      const things = all.filter(
        ({ ends }) => options.within === undefined || ends - now <= options.within * DAY,
      );
      if (options.format === 'ics') process.stdout.write(calendarOf(open.network.title, things, now));
      else if (options.format === 'json')
        out(JSON.stringify({ schema: 1, things: datedJson(things, now) }, null, 2));
      else print(things, now);
      process.exitCode = things.some((one) => isNear(one, now)) ? 1 : 0;
    });
}

const schema = z.object({
  things: z.array(
    z.object({
      key: z.string(),
      kind: z.enum(Object.keys(THING_KINDS) as [keyof typeof THING_KINDS]),
      title: z.string(),
      holder: z.string(),
      domain: z.string(),
      begins: z.iso.datetime().optional(),
      ends: z.iso.datetime(),
      effect: z.string(),
      todo: z.string(),
    }),
  ),
});

async function asked(client: ReturnType<typeof clientOf>): Promise<DatedThing[]> {
  const { things } = schema.parse(await client.call('GET', '/expiry'));
  return things.map(({ begins, ends, ...thing }) => ({
    ...thing,
    ...(begins === undefined ? {} : { begins: Date.parse(begins) }),
    ends: Date.parse(ends),
  }));
}

/** What is renewed by itself every hour is never near. */
const isNear = ({ begins, ends }: DatedThing, now: number): boolean =>
  ends - now <= 14 * DAY && (begins === undefined || ends - begins > 28 * DAY || now >= ends);

function print(things: readonly DatedThing[], now: number): void {
  const rows = datedJson(things, now).map((one, i) => [
    one.ends.slice(0, 10),
    (isNear(things[i]!, now) ? style.bad : style.dim)(one.left.replace(/ \(.*$/, '')),
    style.bold(one.title),
    style.dim(`${one.kindText}, ${one.holder}`),
  ]);
  for (const line of columns(rows)) out(line);
  if (rows.length === 0) out('Nothing ends in that time.');
}
