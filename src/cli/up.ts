/**
 * `anchorage up`: the whole demo network, or one of your own, on this machine.
 *
 * @module
 */
import type { Command } from 'commander';
import { createApp } from '../../web/app.ts';
import { count } from '../../web/parts/count.ts';
import { loadConfig } from '../config/load.ts';
import { addressesOf } from '../config/network.ts';
import type { Config } from '../config/schema.ts';
import { formatAddr } from '../net/host.ts';
import { realHost } from '../net/real.ts';
import { openNetwork } from './demo/open.ts';
import { Failure } from './failure.ts';
import { type ConfigOptions, withConfig } from './options.ts';
import { columns, note, out, style } from './terminal.ts';
import { commandsToTry } from './up/commands.ts';
import { listening } from './up/listening.ts';
import { type RunningNetwork, startNetwork } from './up/network.ts';
import { openRooms } from './up/rooms.ts';
import { answers, apiToken, clearRunning, findRunning, writeRunning } from './up/running.ts';
import { openRuns } from './up/runs.ts';
import { serveWeb } from './up/web.ts';
import { version } from './version.ts';

export function define(command: Command): void {
  withConfig(command)
    .option('--exit', 'stop again as soon as everything serves')
    .action(async (options: ConfigOptions & { exit?: boolean }) => {
      const config = loadConfig({ file: options.config, portBase: options.portBase });
      const started = realHost().mono();
      const up = await start(config);
      report(up, realHost().mono() - started);
      const stopping = options.exit ? Promise.resolve() : signalled();
      await stopping;
      note(style.dim('stopping …'));
      await up.stop();
    });
}

export interface Up {
  readonly running: RunningNetwork;
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts everything and leaves the note that other verbs read.
 *
 * @throws {Failure} when a port is in use or another Anchorage runs on the state folder
 */
export async function start(config: Config): Promise<Up> {
  const opened = openNetwork(config, realHost().now());
  const other = findRunning(opened.state);
  // the note of a program that was killed may name a process that is another program by now
  if (other && other.pid !== process.pid && (await answers(other))) {
    throw new Failure(
      `an Anchorage already runs on the state folder ${opened.state.folder} (process ${other.pid})`,
      {
        hint: `It is at http://${formatAddr(other.web)}/. Stop it, or give this one another folder with "state:" in its configuration.`,
      },
    );
  }
  const running = await startNetwork(opened, config, note);
  try {
    const runs = openRuns(running.host, version());
    let at = { host: config.listen.host, port: config.listen.web };
    const rooms = openRooms(running, runs, version(), () => formatAddr(at));
    const app = createApp(rooms, {
      hosts: [config.listen.host],
      apiToken: apiToken(opened.state),
      tenancies: running.hisps.map(({ tenancy }) => tenancy),
      openMailboxes: config.network.file === undefined,
      directory: running.directory,
      version: version(),
      onError: (error, path) => note(style.bad(`${path}: ${error.stack ?? error.message}`)),
    });
    const web = await listening('The web server', 'web', at, () => serveWeb(app, at));
    at = web.addr;
    const { places } = running;
    writeRunning(opened.state, {
      pid: process.pid,
      web: at,
      dns: places.dns,
      ldap: places.ldap,
      directory: running.directoryLdap.addr,
      http: places.http,
      smtp: Object.fromEntries(places.smtp),
    });
    return {
      running,
      url: `http://${formatAddr(at)}/`,
      async stop() {
        clearRunning(opened.state);
        await web.close();
        await runs.stop();
        await running.stop();
      },
    };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the program at once. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let first = true;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (!first) process.exit(130);
        first = false;
        resolve();
      });
    }
  });
}

function report({ running, url }: Up, ms: number): void {
  const { network, places, hisps } = running;
  const { zones, content } = running.faces();
  const head = [
    count(hisps.length, 'HISP'),
    count(Object.keys(network.communities).length, 'community', 'communities'),
    count(network.organizations.length, 'organization'),
    count(addressesOf(network).length, 'address', 'addresses'),
  ].join(', ');
  out(`${style.bold(network.title)}: ${head}`);
  out(style.dim(`started in ${(ms / 1000).toFixed(1)} s, state in ${running.state.folder}`));
  out();
  const rows = [
    ['web', style.link(url), 'pages and HTTP API'],
    ['dns', formatAddr(places.dns), `${zones.length} zones, UDP and TCP`],
    ['ldap', formatAddr(places.ldap), `${content.entries.length} entries`],
    ['ldap', formatAddr(running.directoryLdap.addr), 'the directory, with a key (StartTLS)'],
    ['ldaps', formatAddr(running.directoryLdap.secure), 'the directory, with a key (TLS)'],
    ...hisps.map((one) => ['smtp', formatAddr(one.at), one.title]),
    ...(['submission', 'imap', 'pop3'] as const).flatMap((edge) =>
      hisps.flatMap((one) =>
        one.hisp.edges[edge].listening.map((at) => [
          edge,
          formatAddr(at),
          `${one.title}, for its users (STARTTLS)`,
        ]),
      ),
    ),
    ['http', formatAddr(places.http), 'issuers, revocation lists, trust bundles'],
  ];
  for (const line of columns(
    rows.map(([name, at, what]) => [`  ${style.bold(name!)}`, at!, style.dim(what!)]),
  ))
    out(line);
  out();
  out('Try, in another terminal:');
  for (const { text } of commandsToTry(running)) out(`  ${text}`);
  out();
  out(`Sign in: ${url}sign-in, with a name and password of: anchorage hisp account list --demo-passwords`);
  out();
  out(style.dim('Stop with Ctrl-C.'));
}
