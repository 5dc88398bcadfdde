/**
 * `anchorage explain`: why mail from one address does, or does not, reach another and get its confirmation back.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { AgentContext } from '../agent/types.ts';
import { loadConfig } from '../config/load.ts';
import { loadNetwork } from '../config/network.ts';
import type { Config } from '../config/schema.ts';
import { addressKey } from '../mail/address.ts';
import type { Addr } from '../net/host.ts';
import { realHost } from '../net/real.ts';
import { noRoutes } from '../net/routes.ts';
import { type Certificate, parseCertificateText } from '../pki/certificate.ts';
import { type AnchorEntry, anchorOf } from '../trust/anchors.ts';
import type { Explanation } from '../trust/explain/schema.ts';
import { createExplain, unfit } from './demo/explain.ts';
import { agentContext } from './demo/look-up.ts';
import { type OpenNetwork, openNetwork } from './demo/open.ts';
import { routesOf } from './demo/places.ts';
import { openState } from './demo/state.ts';
import { explanationLines } from './explain-lines.ts';
import { Failure } from './failure.ts';
import { heldAnchors } from './held-anchors.ts';
import { type ConfigOptions, serverAddress, withConfig } from './options.ts';
import { out } from './terminal.ts';
import { fetchable } from './up/configured.ts';
import type { Held } from './up/held.ts';
import { clientOf, findRunning, type Running } from './up/running.ts';

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
  const config = loadConfig({ file: options.config, portBase: options.portBase });
  const state = openState(config.state);
  const running = findRunning(state);
  const domains = [from, to].map((address) => address.slice(address.lastIndexOf('@') + 1));
  const given = (options.anchor ?? []).flatMap((file) => {
    const anchor = anchorOf(readCertificate(file), file);
    return domains.map((domain): AnchorEntry => ({ domain, anchor, incoming: true, outgoing: true }));
  });
  const ours = loadNetwork(config.network.file).organizations.some(({ domain }) => domains.includes(domain));
  if (given.length === 0 && !ours) {
    throw new Failure(`nothing is known of ${from} or ${to} that others do not know: no anchors, no keys`, {
      hint: running
        ? 'Name at least one address of the running network, or give the anchors with --anchor FILE.'
        : 'Start the network with: anchorage up. Or give the anchors with --anchor FILE.',
      exitCode: 2,
    });
  }
  const own = running || given.length === 0 ? openNetwork(config, realHost().now()) : undefined;
  const held: Held =
    given.length > 0 || !own
      ? { entries: given, elsewhere: [] }
      : await heldAnchors(running && clientOf(running, state), config, () => own);
  const context = contextOf(options, config, running, own, held.entries);
  const places = held.elsewhere.length > 0 ? () => held.elsewhere : undefined;
  return createExplain(context, own, () => given.length > 0, places)(from, to);
}

/** An agent in the running network, or in the world outside. */
function contextOf(
  options: ExplainOptions,
  config: Config,
  running: Running | undefined,
  own: OpenNetwork | undefined,
  anchors: readonly AnchorEntry[],
): AgentContext {
  const resolvers = options.resolver ? [options.resolver] : running ? [running.dns] : undefined;
  const reach = resolvers ? { resolvers } : {};
  if (!running || !own) {
    const host = realHost({ name: 'explain', routes: noRoutes, ...reach });
    return agentContext(host, anchors, () => false);
  }
  const places = { ...running, smtp: new Map(Object.entries(running.smtp)) };
  const routes = routesOf(own.network, places, config.network.routes);
  return agentContext(
    realHost({ name: 'explain', routes, ...reach }),
    anchors,
    fetchable(config, own.network),
  );
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
