/**
 * `anchorage testbed serve`: the discovery addresses on real ports, for a system outside to send its one message to.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type Addr, type Host, type Json, NetError } from '../net/host.ts';
import { realHost } from '../net/real.ts';
import type { Route } from '../net/routes.ts';
import { exitCode } from '../outcome/status.ts';
import { type Certificate, parseCertificateText } from '../pki/certificate.ts';
import { PkiError } from '../pki/error.ts';
import {
  planOf,
  runReport,
  scenarioReport,
  serveTestbed,
  type Testbed,
  writeRun,
} from '../scenario/index.ts';
import { Failure } from './failure.ts';
import { port, route, serverAddress } from './options.ts';
import { choose } from './run/choose.ts';
import { render } from './run/deliver.ts';
import { note, out, style } from './terminal.ts';
import { instructions } from './testbed/instructions.ts';
import { outsideReport } from './testbed/outside-report.ts';
import { version } from './version.ts';

interface ServeOptions {
  readonly domain: string;
  readonly listen: string;
  readonly portBase: number;
  readonly anchor: readonly string[];
  readonly resolver: readonly Addr[];
  readonly route: readonly Route[];
  readonly settle: number;
  readonly once: boolean;
  readonly format: 'console' | 'json';
  readonly runs?: string;
}

const collect =
  <T>(read: (text: string) => T) =>
  (text: string, before: readonly T[]): T[] => [...before, read(text)];

export function define(command: Command): void {
  command
    .command('serve')
    .description(
      'serve the eighteen addresses of the discovery test, and judge the message that is sent to them',
    )
    .requiredOption(
      '--domain <domain>',
      'domain to stand under, delegated to this machine: testbed.example.org',
    )
    .option('--listen <address>', 'address to listen on and to publish', '127.0.0.1')
    .option('--port-base <number>', 'services listen above it: DNS +53, SMTP +25, web +80', port, 5600)
    .option(
      '--anchor <file>',
      'anchor of the sending system, so that it gets its processed notice',
      collect(String),
      [],
    )
    .option(
      '--resolver <address>',
      'name server for the domain of the sending system',
      collect(serverAddress),
      [],
    )
    .option(
      '--route <from=to>',
      'where a server of the sending system really is: 192.0.2.25:25=127.0.0.1:2525',
      collect(route),
      [],
    )
    .option('--settle <seconds>', 'judge so long after the last thing seen', Number, 5)
    .option('--once', 'stop after the first verdict; the exit code tells it', false)
    .option('--runs <folder>', 'keep the evidence in a folder, for: anchorage report')
    .addOption(
      new Option('--format <format>', 'form of the verdict').choices(['console', 'json']).default('console'),
    )
    .action(async (options: ServeOptions) => {
      process.exitCode = await serve(options);
    });
}

async function serve(options: ServeOptions): Promise<number> {
  const clock = realHost({ name: 'testbed' });
  let testbed: Testbed | undefined;
  const plan = planFor(options.domain);
  testbed = await orSay(() =>
    serveTestbed({
      plan,
      version: version(),
      listen: options.listen,
      portBase: options.portBase,
      anchors: options.anchor.map(readAnchor),
      hostFor: (name, events): Host =>
        realHost({
          name,
          events,
          routes: { entries: options.route },
          ...(options.resolver.length > 0 ? { resolvers: options.resolver } : {}),
        }),
      allowPrivate: (address) => options.route.some(({ from }) => from.host === address),
      page: (path) => testbed && pageOf(path, testbed),
    }),
  );
  for (const line of instructions(testbed)) out(line);
  const code = await judgeArrivals(testbed, clock, options);
  await testbed.stop();
  return code;
}

async function orSay<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NetError)) throw error;
    throw new Failure(`the testbed cannot listen: ${error.message}`, {
      hint: 'Stop the other program, or choose other ports with --port-base, or another address with --listen.',
    });
  }
}

function planFor(domain: string) {
  const { catalogue, chosen } = choose(['d1-d18/isolated']);
  return planOf(chosen[0]!, catalogue, domain.toLowerCase().replace(/\.$/, ''));
}

function readAnchor(file: string): Certificate {
  try {
    return parseCertificateText(readFileSync(file));
  } catch (error) {
    const why =
      error instanceof PkiError
        ? `is not a certificate (${error.message})`
        : `cannot be read (${(error as Error).message})`;
    throw new Failure(`--anchor: ${file} ${why}`, {
      hint: 'Expected one CA certificate, PEM or DER.',
      exitCode: 2,
    });
  }
}

/** Judges whenever a message came and nothing more was seen for a while; ends with the first verdict or a signal. */
function judgeArrivals(testbed: Testbed, clock: Host, options: ServeOptions): Promise<number> {
  return new Promise((resolve) => {
    let pending = (): void => undefined;
    let arrived = false;
    const end = (code: number): void => {
      pending();
      resolve(code);
    };
    process.once('SIGINT', () => end(arrived ? 0 : 130));
    process.once('SIGTERM', () => end(0));
    testbed.onEvent((event) => {
      const { op } = event.summary as { op?: string };
      if (event.kind === 'smtp' && event.dir === 'in' && op === 'message') arrived = true;
      if (event.kind === 'dns' && event.dir === 'in' && !arrived)
        note(style.dim(`asked: ${questionOf(event.summary)}`));
      if (!arrived || event.dir !== 'in') return;
      pending();
      pending = clock.timer(options.settle * 1000, () => {
        const code = tell(testbed, options);
        if (options.once) end(code);
      });
    });
  });
}

const questionOf = (summary: Json): string => {
  const { type, name, transport } = summary as { type?: string; name?: string; transport?: string };
  return `${type} ${name} (${transport})`;
};

function tell(testbed: Testbed, options: ServeOptions): number {
  const result = testbed.judge();
  const scenario = scenarioReport({ result, durationMs: 0 });
  const report = runReport([scenario], { version: version(), run: 'testbed', seed: 0 });
  if (options.runs) writeRun(join(options.runs, 'testbed'), testbed.evidence(), result as unknown as Json);
  if (options.format === 'json') process.stdout.write(render(report, { format: 'json' }));
  else for (const line of outsideReport(testbed)) out(line);
  return exitCode(report.summary);
}

function pageOf(path: string, testbed: Testbed): { type: string; body: string } | undefined {
  const text = 'text/plain; charset=utf-8';
  switch (path) {
    case '/':
      return { type: text, body: `${instructions(testbed).join('\n')}\n` };
    case '/root.pem':
      return { type: 'application/x-pem-file', body: testbed.anchorPem };
    case '/report':
      return { type: text, body: `${outsideReport(testbed).join('\n')}\n` };
    case '/report.json':
      return {
        type: 'application/json',
        body: JSON.stringify(scenarioReport({ result: testbed.judge(), durationMs: 0 }), null, 2),
      };
    default: {
      const zone = /^\/zones\/(.+)\.zone$/.exec(path)?.[1];
      const body = zone === undefined ? undefined : testbed.masterFiles.get(zone);
      return body === undefined ? undefined : { type: text, body };
    }
  }
}
