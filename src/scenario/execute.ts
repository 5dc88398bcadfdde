/**
 * Runs one scenario on a simulated network, from its plan to its verdict.
 *
 * @module
 */
import type { Host, Json } from '../net/host.ts';
import { SimLimit, type SimNetwork, SimStuck, simNetwork } from '../net/sim/network.ts';
import { replyText, type SmtpReply } from '../smtp/reply.ts';
import { deliver } from '../smtp/sender.ts';
import { type Plan, PlanError } from './cases.ts';
import { crossCheck } from './cross-check.ts';
import { EDGE_MACHINE, type Facts } from './facts.ts';
import { revokeAuthority } from './fixtures/authorities.ts';
import { publishedBundles } from './fixtures/bundles.ts';
import { anchorsFor } from './fixtures/domain-certificate.ts';
import { startEdgeSystem } from './fixtures/edge-system.ts';
import { makePeer, makeSut, type Switched, type SystemUnderTest } from './fixtures/hisps.ts';
import { type Looker, makeLooker } from './fixtures/looker.ts';
import { publisherFor } from './fixtures/publisher.ts';
import { machineNames } from './fixtures/zones.ts';
import { type Ground, type Machine, simulatedGround } from './ground.ts';
import { judge } from './judge/judge.ts';
import type { ScenarioResult } from './judge/result.ts';
import { type BuiltNetwork, buildNetwork, webUrl } from './network.ts';
import { openDelivered } from './open-delivered.ts';
import { duration, type Step } from './schema.ts';
import { runStep } from './steps/index.ts';
import type { ChangingWorld, Edge, Outside, StepContext } from './steps/step.ts';
import { createTranscript, type Event, type Transcript } from './transcript.ts';

export interface ExecuteOptions {
  readonly seed: number | string;
  readonly version: string;
  readonly behaviours?: readonly Switched[];
  readonly onEvent?: (event: Event) => void;
  /** Have openssl open what was sent, where it is installed. Default true. */
  readonly crossCheck?: boolean;
}

export interface Execution {
  readonly transcript: Transcript;
  readonly result: ScenarioResult;
}

/** When every simulated network starts: a Monday morning. */
export const EPOCH = Date.UTC(2026, 0, 5, 15);

/**
 * A run always ends in a verdict: what goes wrong in the testbed itself stands in it as `error`.
 *
 * @throws {PlanError} when the scenario cannot be built as it is written
 */
export async function execute(plan: Plan, options: ExecuteOptions): Promise<Execution> {
  const { scenario, variant } = plan;
  const transcript = createTranscript();
  if (options.onEvent) transcript.onEvent(options.onEvent);
  const simulated = simNetwork({ seed: options.seed, epoch: EPOCH, sink: transcript.add });
  const tell = (kind: 'run' | 'end', summary: Json): number =>
    transcript.add('testbed', { kind, summary }, simulated.clock.now());
  const behaviours = options.behaviours ?? [];
  const ground = simulatedGround(simulated);
  const publishing = scenario.sut === 'publisher';
  const network = buildNetwork(ground, plan, publisherFor(plan, behaviours));
  const bundles = publishedBundles(network, ground.machine);
  // Where a publisher is under test, this HISP stands by.
  const switched = publishing ? [] : behaviours;
  const forwards = scenario.network.own.edge;
  const edgeMachine = forwards && ground.machine(EDGE_MACHINE);
  const sut = makeSut(network, ground.machine('sut'), switched, `${options.seed}/sut`, bundles, edgeMachine);
  const peer = makePeer(network, ground.machine('peer'), behaviours, `${options.seed}/peer`);
  const role = publishing
    ? { host: 'publisher', addresses: publisherAddresses(network), ours: true }
    : { host: 'sut', addresses: addressesOf(ground.machine('sut')), ours: true };
  tell('run', {
    schema: 1,
    version: options.version,
    seed: options.seed,
    epoch: new Date(EPOCH).toISOString(),
    scenario: scenario as unknown as Json,
    ...(variant ? { variant } : {}),
    behaviours: behaviours.map((one) => ({ ...one })),
    facts: factsOf(network, role) as unknown as Json,
  });
  try {
    const limits = { virtualMs: duration(scenario.limits.virtual), realMs: duration(scenario.limits.real) };
    await simulated.run(async () => {
      await network.start(sut.records);
      await bundles?.start(sut.parts.bundles.build);
      await peer.start();
      if (edgeMachine && forwards) {
        await startEdgeSystem(edgeMachine, simulated.clock.now() + duration(forwards.refusesFor));
      }
      await sut.nodes.start();
      await sut.consumer?.start();
      const { host } = ground.machine('tester');
      const context = {
        host,
        edge: edgeOf(sut),
        outside: outsideOf(network, sut, ground),
        world: worldOf(network, sut, simulated, ground),
        told: new Map(),
        looker: lookerOf(network, host),
        bundles,
        consumer: sut.consumer,
        case: scenario.id,
        random: host.random,
      };
      await runSteps(scenario.steps, { ...context, part: 'main' });
      await runSteps(scenario.control?.steps ?? [], { ...context, part: 'control' });
      await sut.nodes.tellJournal();
      // A twin may hang for good; closing the network ends it.
      const patience = new Promise<void>((resolve) => host.timer(60_000, resolve));
      await Promise.race([Promise.all([sut.nodes.stop(), peer.stop(), sut.consumer?.stop()]), patience]);
    }, limits);
    openDelivered(transcript, role.host, network.certificates, simulated.clock.now());
    if (options.crossCheck !== false) {
      await crossCheck(transcript, network.certificates, simulated.clock.now());
    }
    tell('end', { outcome: 'completed' });
  } catch (error) {
    tell('end', failure(error));
  } finally {
    await simulated.close();
  }
  return { transcript, result: judge(transcript.events, transcript.blob) };
}

const addressesOf = ({ address, address6 }: Machine): string[] => [address, ...(address6 ? [address6] : [])];

const edgeOf = ({ nodes, address, submission, reading }: SystemUnderTest): Edge => ({
  address,
  submission,
  reading,
  ...nodes.edge,
});

/** Messages of our own making, straight to the system's mail server. */
const outsideOf = (network: BuiltNetwork, sut: SystemUnderTest, ground: Ground): Outside => ({
  recipient: sut.own.certificateFor,
  pages: webUrl(network.plan.base, network.machines.web),
  signer: (caseId, role) =>
    network.certificates.find((one) => one.case === caseId && one.role === role)?.issued ??
    failRole(caseId, role),
  deliver: async ({ from, to, bytes }) => {
    const { host } = ground.machine('peer');
    const { perRecipient, error } = await deliver(host, ground.machine('sut').at(25), {
      helo: machineNames(network.plan.base).peerMail,
      mailFrom: from,
      rcptTo: to,
      bytes,
      ignoresSize: true,
    });
    const why = error ? `no reply: ${error.message}` : 'no reply';
    return Object.fromEntries(to.map((rcpt) => [rcpt, textOf(perRecipient.get(rcpt)) ?? why]));
  },
});

const textOf = (reply: SmtpReply | undefined): string | undefined => reply && replyText(reply);

/** What steps may change of a simulated network. */
const worldOf = (
  network: BuiltNetwork,
  sut: SystemUnderTest,
  simulated: SimNetwork,
  ground: Ground,
): ChangingWorld => ({
  keys: sut.own.change,
  authority({ name, crl, revoked }) {
    const authority = network.authorities.get(name);
    if (!authority) throw new PlanError(`there is no authority "${name}"`);
    if (crl) authority.crl = crl;
    if (revoked) revokeAuthority(authority, simulated.clock.now());
  },
  machine(name, state) {
    simulated.link('*', ground.machine(name).address, { refuse: state === 'down' });
  },
  zone: (records) => network.rezone(network.plan.scenario.id, records),
  node: (name, state) => sut.nodes.node(name, state),
  setBack: sut.nodes.setBack,
  outage: sut.nodes.outage,
});

/** Who looks up what is published trusts what the network trusts. */
function lookerOf(network: BuiltNetwork, host: Host): Looker {
  const { plan, machines } = network;
  const domain = `tester.${plan.base}`;
  return makeLooker(host, {
    address: `tester@${domain}`,
    anchors: anchorsFor([domain], network),
    profile: plan.scenario.profile,
    allowPrivate: (address) => address === machines.web.address,
  });
}

/** All servers of the network but those of the authorities. */
const publisherAddresses = ({ hosts }: BuiltNetwork): string[] =>
  Object.entries(hosts).flatMap(([name, { addresses }]) => (name === 'pki' ? [] : addresses));

const failRole = (caseId: string, role: string): never => {
  throw new PlanError(`${caseId}: there is no certificate "${role}" to sign with`);
};

/** What the judge is told of a network and of the system under test in it. */
export const factsOf = ({ plan, hosts, facts, authorities }: BuiltNetwork, sut: Facts['sut']): Facts => ({
  base: plan.base,
  sut,
  hosts: { ...hosts, [sut.host]: { addresses: sut.addresses, what: 'system under test' } },
  cases: Object.fromEntries(plan.cases.map((one) => [one.id, { domain: one.domain }])),
  certificates: [...facts],
  authorities: [...authorities.values()].map(({ name, issued, fixture, revoked }) => ({
    name,
    certificate: Buffer.from(issued.certificate.der).toString('base64'),
    trusted: fixture.trusted,
    revoked: revoked.map(({ serial }) => serial),
  })),
});

async function runSteps(steps: readonly Step[], context: StepContext): Promise<void> {
  for (const step of steps) await runStep(step, context);
}

function failure(error: unknown): Json {
  if (error instanceof SimStuck) {
    return { outcome: 'stuck', what: 'nothing moves any more', why: error.message };
  }
  if (error instanceof SimLimit)
    return { outcome: 'limit', what: 'the limit was reached', why: error.message };
  if (!(error instanceof Error))
    return { outcome: 'failure', what: 'the testbed failed', why: String(error) };
  // The stack is kept with the evidence, for whoever mends the testbed; reports have the reason alone.
  return {
    outcome: 'failure',
    what: 'the testbed failed',
    why: `${error.name}: ${error.message}`,
    stack: error.stack ?? '',
  };
}
