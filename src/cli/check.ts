/**
 * `anchorage check`: how the certificates of an address or a domain are found, and what becomes of each.
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { type Found, presentFound } from '../../web/present/address.ts';
import type { CertificateView, LookupStepView, Tone } from '../../web/views.ts';
import { loadConfig } from '../config/load.ts';
import { loadNetwork } from '../config/network.ts';
import type { Config } from '../config/schema.ts';
import type { Addr } from '../net/host.ts';
import { realHost } from '../net/real.ts';
import { noRoutes, type Routes } from '../net/routes.ts';
import { parseCertificateText } from '../pki/certificate.ts';
import { type AnchorEntry, anchorOf } from '../trust/anchors.ts';
import { agentContext, createLookUp, isAddressOrDomain, type LookUp } from './demo/look-up.ts';
import { openNetwork } from './demo/open.ts';
import { routesOf } from './demo/places.ts';
import { openState, type State } from './demo/state.ts';
import { Failure } from './failure.ts';
import { heldAnchors } from './held-anchors.ts';
import { type ConfigOptions, serverAddress, withConfig } from './options.ts';
import { out, style } from './terminal.ts';
import { clientOf, findRunning, type Running } from './up/running.ts';

interface CheckOptions extends ConfigOptions {
  readonly resolver?: Addr;
  readonly from?: string;
  readonly anchor?: string[];
  readonly format: 'console' | 'json';
}

export function define(command: Command): void {
  withConfig(command)
    .argument('<address>', 'a Direct address or a domain')
    .option(
      '--resolver <ip:port>',
      'name server to ask; default: the running Anchorage, else the system’s',
      serverAddress,
    )
    .option('--from <address>', 'judge with the anchors of this address’s domain')
    .option('--anchor <file...>', 'judge with these anchors (certificates, DER or PEM) instead')
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
    )
    .addHelpText(
      'after',
      '\nExit code: 0 a certificate is found and, where anchors judge, trusted; 1 not; 3 nobody could tell.',
    )
    .action(async (address: string, options: CheckOptions) => {
      if (!isAddressOrDomain(address)) {
        throw new Failure(`"${address}" is neither a Direct address nor a domain`, { exitCode: 2 });
      }
      const { found, eyes } = await look(address, options);
      if (options.format === 'json')
        out(JSON.stringify({ schema: 1, eyes, ...withoutBytes(found) }, null, 2));
      else print(found, eyes);
      process.exitCode = exitCodeOf(found);
    });
}

async function look(address: string, options: CheckOptions): Promise<{ found: Found; eyes: string }> {
  const { lookUp, from, eyes } = await openLook(options);
  return { found: await lookUp(address, from), eyes };
}

/** How addresses are looked up with these options: with the eyes of whom, said in `eyes`. */
export async function openLook(
  options: Omit<CheckOptions, 'format'>,
): Promise<{ readonly lookUp: LookUp; readonly from: string | undefined; readonly eyes: string }> {
  const config = loadConfig({ file: options.config, portBase: options.portBase });
  const state = openState(config.state);
  const running = findRunning(state);
  const world = running ? await fromRunning(config, running, state, options) : await outside(config, options);
  const judge = judgeOf(options, world);
  const resolvers = options.resolver ? [options.resolver] : running ? [running.dns] : undefined;
  const host = realHost({ name: 'check', routes: world.routes, ...(resolvers ? { resolvers } : {}) });
  const lookUp = createLookUp(agentContext(host, judge.anchors, (ip) => world.allowed.includes(ip)));
  return { lookUp, from: judge.from, eyes: judge.eyes };
}

interface World {
  readonly routes: Routes;
  readonly anchors: readonly AnchorEntry[];
  /** Addresses of the network's publishers, which are not public ones. */
  readonly allowed: readonly string[];
  readonly from: string | undefined;
}

async function fromRunning(
  config: Config,
  running: Running,
  state: State,
  { anchor }: Pick<CheckOptions, 'anchor'>,
): Promise<World> {
  const own = openNetwork(config, realHost().now());
  const { network } = own;
  return {
    routes: routesOf(
      network,
      { ...running, smtp: new Map(Object.entries(running.smtp)) },
      config.network.routes,
    ),
    anchors: anchor ? [] : (await heldAnchors(clientOf(running, state), config, () => own)).entries,
    allowed: Object.values(network.hisps).map((hisp) => hisp.addresses.pki),
    from: network.broken?.from,
  };
}

/** Nothing runs: for an address of the network, what its definition says counts. */
async function outside(
  config: Config,
  { from, anchor }: Pick<CheckOptions, 'from' | 'anchor'>,
): Promise<World> {
  const { organizations } = loadNetwork(config.network.file);
  const ours = !anchor && organizations.some(({ domain }) => from?.endsWith(`@${domain}`));
  const open = () => openNetwork(config, realHost().now());
  const anchors = ours ? (await heldAnchors(undefined, config, open)).entries : [];
  return { routes: noRoutes, anchors, allowed: [], from: undefined };
}

function judgeOf(options: Pick<CheckOptions, 'from' | 'anchor'>, world: World) {
  if (options.anchor) {
    const from = options.from ?? 'judge@anchors.invalid';
    const domain = from.slice(from.lastIndexOf('@') + 1);
    const anchors = options.anchor.map((file) => ({
      domain,
      anchor: anchorOf(readCertificate(file), file),
      incoming: true,
      outgoing: true,
    }));
    return { from, anchors, eyes: `anchors in ${options.anchor.join(', ')}` };
  }
  const from = options.from ?? world.from;
  if (from === undefined) return { from, anchors: world.anchors, eyes: 'nobody: no anchors were given' };
  if (options.from && !world.anchors.some((entry) => from.endsWith(`@${entry.domain}`))) {
    throw new Failure(`${from} is not an address of the running network, so its anchors are not known`, {
      hint: 'Give anchors with --anchor FILE, or start the network: anchorage up',
      exitCode: 2,
    });
  }
  return { from, anchors: world.anchors, eyes: from };
}

function readCertificate(file: string) {
  try {
    return parseCertificateText(readFileSync(file));
  } catch (error) {
    throw new Failure(`${file} cannot be read as a certificate: ${(error as Error).message}`, {
      exitCode: 2,
    });
  }
}

const PAINT: Readonly<Record<Tone, (text: string) => string>> = {
  good: style.good,
  bad: style.bad,
  warn: style.warn,
  muted: style.dim,
  info: style.link,
  busy: style.warn,
};
const SIGN: Readonly<Record<Tone, string>> = {
  good: '✓',
  bad: '✗',
  warn: '!',
  muted: '–',
  info: '·',
  busy: '…',
};

function print(found: Found, eyes: string): void {
  const view = presentFound(found);
  out(`${style.bold(found.discovery.address)}  ${style.dim(`as seen by ${eyes}`)}`);
  out();
  for (const line of view.steps.flatMap(stepLines)) out(line);
  for (const line of view.certificates.flatMap(certificateLines)) out(line);
  out();
  const { tone, headline, detail } = view.verdict;
  out(`${PAINT[tone](`${SIGN[tone]} ${headline}`)}${view.code ? style.dim(`  ${view.code}`) : ''}`);
  if (detail) out(`  ${detail}`);
  if (view.cure) out(`  ${style.bold('Cure:')} ${view.cure}`);
}

const stepLines = (step: LookupStepView): string[] => [
  `${PAINT[step.tone](SIGN[step.tone])} ${step.level.padEnd(18)} ${step.question}`,
  `  ${''.padEnd(18)} ${step.outcome}: ${step.detail}${style.dim(`  ${step.ms} ms`)}`,
  ...step.exchanges.map((line) => style.dim(`  ${''.padEnd(18)} ${line}`)),
];

const certificateLines = (one: CertificateView): string[] => [
  '',
  `${PAINT[one.tone](SIGN[one.tone])} ${style.bold(one.title)}  ${style.dim(one.where)}`,
  `    SHA-256 ${one.sha256}`,
  ...one.facts
    .filter((fact) => ['Subject', 'Issuer', 'In force', 'For', 'Key', 'Key usage'].includes(fact.name))
    .map((fact) => `    ${fact.name.padEnd(10)} ${fact.value.replaceAll('\n', ', ')}`),
  ...one.chain.map((link) => `    ${PAINT[link.tone](`└ ${link.title}`)}  ${style.dim(link.detail)}`),
  ...(one.revocation ? [`    revocation ${PAINT[one.revocation.tone](one.revocation.text)}`] : []),
  ...one.notes.map((line) => style.dim(`    note: ${line}`)),
  `    ${PAINT[one.tone](one.fate)}${one.code ? style.dim(`  ${one.code}`) : ''}`,
];

/** JSON has no octets: a certificate is told by its facts, and in base64. */
const withoutBytes = ({ discovery, decision, ms }: Found) => ({
  discovery: {
    ...discovery,
    candidates: discovery.candidates.map(({ certificate: _, bytes, ...rest }) => ({
      ...rest,
      der: Buffer.from(bytes).toString('base64'),
    })),
  },
  ...(decision ? { decision } : {}),
  ms: Math.round(ms),
});

function exitCodeOf({ discovery, decision }: Found): number {
  if (discovery.outcome === 'temporary' || decision?.verdict === 'undetermined') return 3;
  if (decision) return decision.verdict === 'trusted' ? 0 : 1;
  return discovery.outcome === 'found' ? 0 : 1;
}
