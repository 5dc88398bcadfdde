/**
 * `anchorage explain`: why mail from one address does, or does not, reach another and get its confirmation back.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { AgentContext } from '../agent/types.ts';
import { loadConfig } from '../config/load.ts';
import { addressKey } from '../mail/address.ts';
import type { Addr } from '../net/host.ts';
import { realHost } from '../net/real.ts';
import { noRoutes } from '../net/routes.ts';
import { type Certificate, parseCertificateText } from '../pki/certificate.ts';
import { type AnchorEntry, anchorOf } from '../trust/anchors.ts';
import type { Explanation } from '../trust/explain/schema.ts';
import { anchorEntries } from './demo/anchors.ts';
import { createExplain, type OwnNetwork, unfit } from './demo/explain.ts';
import { agentContext } from './demo/look-up.ts';
import { openNetwork } from './demo/open.ts';
import { routesOf } from './demo/places.ts';
import { openState } from './demo/state.ts';
import { explanationLines } from './explain-lines.ts';
import { Failure } from './failure.ts';
import { type ConfigOptions, serverAddress, withConfig } from './options.ts';
import { out } from './terminal.ts';
import { configuredAnchors, fetchable } from './up/configured.ts';
import { findRunning } from './up/running.ts';

interface ExplainOptions extends ConfigOptions {
  readonly resolver?: Addr;
  readonly anchor?: string[];
  readonly format: 'console' | 'json';
}

/** As `check`: a question that nobody could answer is not a no. */
const EXIT: Record<Explanation['verdict'], 0 | 1 | 3> = {
  reaches: 0,
  refused: 1,
  undetermined: 3,
  unseen: 3,
};

export function define(command: Command): void {
  withConfig(command)
    .argument('<from>', 'the Direct address that sends')
    .argument('<to>', 'the Direct address that is to receive')
    .option(
      '--resolver <ip:port>',
      'name server to ask; default: the running Anchorage, else the system’s',
      serverAddress,
    )
    .option(
      '--anchor <file...>',
      'anchors that both sides trust (certificates, DER or PEM), instead of their own',
    )
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['console', 'json']).default('console'),
    )
    .addHelpText(
      'after',
      '\nNothing is sent.\nExit code: 0 the message gets there and its confirmation comes back; 1 not; 3 nobody could tell.',
    )
    .action(async (from: string, to: string, options: ExplainOptions) => {
      const why = unfit(from, 'sender') ?? unfit(to, 'recipient');
      if (why !== undefined) throw new Failure(why, { exitCode: 2 });
      const explanation = await explained(addressKey(from), addressKey(to), options);
      if (options.format === 'json') out(JSON.stringify(explanation, null, 2));
      else for (const line of explanationLines(explanation)) out(line);
      process.exitCode = EXIT[explanation.verdict];
    });
}

async function explained(from: string, to: string, options: ExplainOptions): Promise<Explanation> {
  const { context, own } = worldOf(options);
  const domains = [from, to].map((address) => address.slice(address.lastIndexOf('@') + 1));
  const given = (options.anchor ?? []).flatMap((file) => {
    const anchor = anchorOf(readCertificate(file), file);
    return domains.map((domain): AnchorEntry => ({ domain, anchor, incoming: true, outgoing: true }));
  });
  const ours = own?.network.organizations.some(({ domain }) => domains.includes(domain));
  if (given.length === 0 && !ours) {
    throw new Failure(`nothing is known of ${from} or ${to} that others do not know: no anchors, no keys`, {
      hint: own
        ? 'Name at least one address of the running network, or give the anchors with --anchor FILE.'
        : 'Start the network with: anchorage up. Or give the anchors with --anchor FILE.',
      exitCode: 2,
    });
  }
  const withAnchors = given.length > 0 ? context(given) : context();
  return createExplain(withAnchors, own, () => given.length > 0)(from, to);
}

interface World {
  /** @param anchors instead of those of the network */
  readonly context: (anchors?: readonly AnchorEntry[]) => AgentContext;
  readonly own: OwnNetwork | undefined;
}

/** The running network, or the world outside. */
function worldOf(options: ExplainOptions): World {
  const config = loadConfig({ file: options.config, portBase: options.portBase });
  const running = findRunning(openState(config.state));
  const resolvers = options.resolver ? [options.resolver] : running ? [running.dns] : undefined;
  const reach = resolvers ? { resolvers } : {};
  if (!running) {
    const host = realHost({ name: 'explain', routes: noRoutes, ...reach });
    return { own: undefined, context: (anchors = []) => agentContext(host, anchors, () => false) };
  }
  const own = openNetwork(config, realHost().now());
  const { network, material } = own;
  const places = { ...running, smtp: new Map(Object.entries(running.smtp)) };
  const routes = routesOf(network, places, config.network.routes);
  const host = realHost({ name: 'explain', routes, ...reach });
  const trusted = (): AnchorEntry[] => [
    ...anchorEntries(network, material),
    ...configuredAnchors(config, network),
  ];
  const mayFetch = fetchable(config, network);
  return { own, context: (anchors = trusted()) => agentContext(host, anchors, mayFetch) };
}

function readCertificate(file: string): Certificate {
  try {
    return parseCertificateText(readFileSync(file));
  } catch (error) {
    throw new Failure(`${file} cannot be read as a certificate: ${(error as Error).message}`, {
      exitCode: 2,
    });
  }
}
