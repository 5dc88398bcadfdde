/**
 * `anchorage trust diff`: what a change of anchors or of policy would do, before it is made.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import type { ChangeRequest } from '../../web/trust-room.ts';
import type { FateView, ForecastView } from '../../web/trust-views.ts';
import { loadConfig } from '../config/load.ts';
import { realHost } from '../net/real.ts';
import { bytesOf, openCommunity } from './bundle/community.ts';
import { openNetwork } from './demo/open.ts';
import { Failure } from './failure.ts';
import { type ConfigOptions, withConfig } from './options.ts';
import { out, style } from './terminal.ts';
import { connect } from './up/running.ts';

interface DiffOptions extends ConfigOptions {
  readonly bundle?: string;
  readonly file?: string;
  readonly url?: string;
  readonly definition?: string;
  readonly drop?: string[];
  readonly addAnchor?: string;
  readonly removeAnchor?: string;
  readonly domain?: string;
  readonly direction: 'both' | 'incoming' | 'outgoing';
  readonly profile?: '1.2' | '1.3' | 'permissive';
  readonly revocation?: 'require' | 'soft';
  readonly format: 'console' | 'json';
}

/** Pairs that the terminal lists. */
const SHOWN = 40;

export function define(command: Command): void {
  withConfig(command.command('diff').description('who would gain and who would lose trust by a change'))
    .option('--bundle <name>', 'a bundle that HISPs of the network take')
    .option('--file <file>', 'its new version')
    .option('--url <url>', 'or where its new version is')
    .option('--definition <file>', 'or its definition, as in bundles/*.yaml, after the change')
    .option('--drop <sha256...>', 'or the anchors that go from it')
    .option('--add-anchor <file>', 'an anchor to trust (certificate, DER or PEM)')
    .option('--remove-anchor <file|sha256>', 'an anchor to trust no more')
    .option('--domain <domain>', 'whose anchors or policy change; default: every domain of the network')
    .addOption(
      new Option('--direction <direction>', 'for which mail')
        .choices(['both', 'incoming', 'outgoing'])
        .default('both'),
    )
    .addOption(new Option('--profile <profile>', 'another profile').choices(['1.2', '1.3', 'permissive']))
    .addOption(new Option('--revocation <policy>', 'another revocation policy').choices(['require', 'soft']))
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
    )
    .addHelpText(
      'after',
      '\nNothing is changed. It is asked of the running Anchorage: its addresses, and who wrote to whom in the last 30 days.\nExit code: 0 nobody loses trust, 1 somebody does.',
    )
    .action(async (options: DiffOptions) => {
      const request = requestOf(options);
      const answer = await connect(options).call('POST', '/trust/diff', request);
      const view = answer as ForecastView & { readonly schema: 1 };
      if (options.format === 'json') out(JSON.stringify(view, null, 2));
      else print(view);
      process.exitCode = view.directory.loses + view.traffic.loses > 0 ? 1 : 0;
    });
}

function requestOf(options: DiffOptions): ChangeRequest {
  const { bundle, definition, addAnchor, removeAnchor, profile, revocation } = options;
  const kinds = [bundle ?? definition, addAnchor, removeAnchor, profile ?? revocation].filter(
    (one) => one !== undefined,
  );
  if (kinds.length !== 1) {
    throw new Failure('say one change', {
      hint: 'Either --bundle NAME with --file, --url or --drop; --definition FILE; --add-anchor; --remove-anchor; or --profile and --revocation.',
      exitCode: 2,
    });
  }
  const where = options.domain === undefined ? {} : { domain: options.domain.toLowerCase() };
  if (profile !== undefined || revocation !== undefined)
    return {
      kind: 'policy',
      ...(profile ? { profile } : {}),
      ...(revocation ? { revocation } : {}),
      ...where,
    };
  if (addAnchor !== undefined || removeAnchor !== undefined) {
    const what = addAnchor === undefined ? 'remove' : 'add';
    return {
      kind: 'anchor',
      what,
      direction: options.direction,
      ...which((addAnchor ?? removeAnchor)!),
      ...where,
    };
  }
  return bundleRequest(options);
}

const which = (text: string) =>
  /^[0-9a-f]{64}$/i.test(text) ? { sha256: text.toLowerCase() } : { file: contentOf(text) };

function bundleRequest({ bundle, definition, ...options }: DiffOptions): ChangeRequest {
  const name = bundle ?? basename(definition!).replace(/\.ya?ml$/, '');
  if (definition !== undefined) return { kind: 'bundle', bundle: name, file: defined(definition, options) };
  const { file, url, drop } = options;
  if ([file, url, drop].filter((one) => one !== undefined).length !== 1)
    throw new Failure('say what becomes of the bundle: --file, --url, --definition or --drop', {
      exitCode: 2,
    });
  return {
    kind: 'bundle',
    bundle: name,
    ...(file === undefined ? {} : { file: contentOf(file) }),
    ...(url === undefined ? {} : { url }),
    ...(drop === undefined ? {} : { drop: drop.map((one) => one.toLowerCase()) }),
  };
}

/** The bundle that a definition comes to, with those that its policy admits. */
function defined(file: string, options: ConfigOptions): string {
  const config = loadConfig({ file: options.config, portBase: options.portBase });
  const now = realHost().now();
  const community = openCommunity(file, () => openNetwork(config, now), now);
  return Buffer.from(bytesOf(community)).toString('base64');
}

/** PEM as it is, DER in base64. */
function contentOf(file: string): string {
  try {
    const bytes = readFileSync(file);
    return bytes.includes('-----BEGIN') ? bytes.toString('utf8') : bytes.toString('base64');
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}`, { exitCode: 2 });
  }
}

function print(view: ForecastView): void {
  out(style.dim(view.change));
  out();
  out(`${view.directory.loses > 0 ? style.bad('✗') : style.good('✓')} ${style.bold(view.headline)}`);
  const { traffic, directory } = view;
  out(`  of those that wrote in the last ${traffic.days} days: ${traffic.loses} lose, ${traffic.gains} gain`);
  out(
    style.dim(
      `  ${directory.pairs} pairs of addresses and ${traffic.pairs} that wrote, ${view.decided} decisions${view.cut ? '; ended at the limit' : ''}`,
    ),
  );
  for (const one of view.changes.slice(0, SHOWN)) {
    const sign = one.effect === 'loses' ? style.bad('-') : style.good('+');
    const what = one.direction === 'out' ? 'encrypting' : 'signature';
    const wrote = one.messages > 0 ? `  ${one.messages} messages` : '';
    out();
    out(`${sign} ${one.from} → ${one.to}  ${style.dim(`${what}${wrote}`)}`);
    out(`    before: ${fate(one.before)}`);
    out(`    after:  ${fate(one.after)}`);
  }
  const more = Math.max(0, view.changes.length - SHOWN) + view.unlisted;
  if (more > 0) out(style.dim(`\n${more} more; --format json lists ${view.changes.length}`));
}

const fate = ({ verdict, why, code }: FateView): string =>
  `${verdict}${why ? `: ${why}` : ''}${code ? style.dim(`  ${code}`) : ''}`;
