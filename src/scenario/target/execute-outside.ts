/**
 * Runs one scenario against a system outside: over real sockets and in real time, with the same steps and the same
 * judge as in a simulation. Only the role of the system under test is played by somebody else.
 *
 * @module
 */
import { decideRecipient } from '../../agent/recipient.ts';
import { referenceAgent } from '../../agent/reference.ts';
import type { Hisp } from '../../hisp/hisp.ts';
import { mailExchangers } from '../../hisp/mail-exchangers.ts';
import type { Host, Json } from '../../net/host.ts';
import { seededRandom } from '../../net/random.ts';
import { sentence } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { replyText } from '../../smtp/reply.ts';
import { deliver } from '../../smtp/sender.ts';
import { type AnchorEntry, anchorOf } from '../../trust/anchors.ts';
import { type Plan, PlanError } from '../cases.ts';
import { crossCheck } from '../cross-check.ts';
import { type Execution, factsOf } from '../execute.ts';
import type { Facts } from '../facts.ts';
import { revokeAuthority } from '../fixtures/authorities.ts';
import { makePeer } from '../fixtures/hisps.ts';
import { type Looker, makeLooker } from '../fixtures/looker.ts';
import { machineNames } from '../fixtures/zones.ts';
import { type Ground, localGround } from '../ground.ts';
import { judge } from '../judge/judge.ts';
import { type BuiltNetwork, buildNetwork, webUrl } from '../network.ts';
import { openDelivered } from '../open-delivered.ts';
import type { Step } from '../schema.ts';
import { runStep } from '../steps/index.ts';
import type { ChangingWorld, Outside, StepContext } from '../steps/step.ts';
import { type BlobReader, createTranscript, type Event, type Transcript } from '../transcript.ts';
import type { Vault } from '../vault.ts';
import { outsideEdge } from './outside-edge.ts';
import { passTime } from './pass-time.ts';
import { spanMs } from './profile.ts';
import { domainsOf, type Target, timerScale } from './target.ts';
import { NobodyDidIt, type Waiting } from './waiting.ts';

/** A run that was stopped in the middle. */
export interface Saved {
  /** Steps of the scenario that were done. */
  readonly done: number;
  readonly events: readonly Event[];
  readonly blob: BlobReader;
}

export interface OutsideOptions {
  readonly target: Target;
  readonly version: string;
  readonly seed: number | string;
  readonly vault: Vault;
  /** A host of this name, whose events go to `events`; `outward`: it asks the resolvers of the target. */
  readonly hostFor: (name: string, events: Host['events'], outward: boolean) => Host;
  readonly onEvent?: (event: Event) => void;
  readonly onWaiting?: (waiting: Waiting | undefined) => void;
  /** Called after each step, with how many are done and all that was seen: what `saved` takes up again. */
  readonly onStep?: (done: number, seen: Pick<Transcript, 'events' | 'blob'>) => void;
  readonly saved?: Saved;
}

/**
 * A run always ends in a verdict: what goes wrong in the testbed itself stands in it as `error`.
 *
 * @param plan made with names below the domain of the testbed, and with the receiver of the target
 * @throws {NetError} a port of the testbed is in use
 * @throws {PlanError} when the scenario cannot be built as it is written
 */
export async function executeOutside(plan: Plan, options: OutsideOptions): Promise<Execution> {
  const { target, saved } = options;
  const { profile } = target;
  const transcript = createTranscript(saved);
  if (options.onEvent) transcript.onEvent(options.onEvent);
  const clock = options.hostFor('testbed', { emit: () => 0 }, false);
  const now = (): number => clock.now();
  const ground = groundOf(options, transcript, now);
  const network = buildNetwork(ground, plan, undefined, {
    vault: options.vault,
    above: profile.testbed.domain,
  });
  const allowPrivate = (address: string): boolean => profile.allowPrivate.includes(address);
  const domains = [...new Set(plan.cases.map(({ domain }) => domain))];
  const peer = makePeer(
    network,
    network.machines.peer,
    [],
    `${options.seed}/peer`,
    {
      anchors: anchorsOf(domains, target),
      fetch: { allowPrivate },
    },
    timerScale(profile),
  );
  const tell = (kind: 'run' | 'end', summary: Json): number =>
    transcript.add('testbed', { kind, summary }, now());
  if (!saved) tell('run', runSummary(plan, network, options, now()));
  const stop = await network.start([]);
  try {
    await peer.start();
    const context = contextOf(network, ground, transcript, allowPrivate, options);
    await ready(context, plan, network);
    await runSteps(plan, context, transcript, options);
    openDelivered(transcript, 'outside', network.certificates, now());
    await crossCheck(transcript, network.certificates, now());
    tell('end', { outcome: 'completed' });
  } catch (error) {
    tell('end', failure(error));
  } finally {
    await closed(peer, stop);
  }
  return { transcript, result: judge(transcript.events, transcript.blob) };
}

async function closed(peer: Hisp, stop: () => Promise<void>): Promise<void> {
  await peer.stop();
  await stop();
}

function groundOf({ target, hostFor }: OutsideOptions, transcript: Transcript, now: () => number): Ground {
  const { testbed } = target.profile;
  const hosts = new Map<string, Host>();
  return localGround({
    address: testbed.address,
    ...(testbed.listen === undefined ? {} : { listen: testbed.listen }),
    portBase: testbed.portBase,
    hostFor(name) {
      const known = hosts.get(name);
      if (known) return known;
      const events = {
        emit: (seen: Parameters<Host['events']['emit']>[0]) => transcript.add(name, seen, now()),
      };
      const made = hostFor(name, events, name === 'peer' || name === 'tester');
      hosts.set(name, made);
      return made;
    },
  });
}

const runSummary = (plan: Plan, network: BuiltNetwork, options: OutsideOptions, at: number): Json => ({
  schema: 1,
  version: options.version,
  seed: options.seed,
  epoch: new Date(at).toISOString(),
  scenario: plan.scenario as unknown as Json,
  ...(plan.variant ? { variant: plan.variant } : {}),
  behaviours: [],
  // everybody who asks is the system under test: the testbed's own machines ask nothing of each other
  facts: withAnchors(
    factsOf(network, {
      host: 'outside',
      addresses: ['*'],
      ours: false,
      domains: domainsOf(options.target.profile),
    }),
    options.target,
  ) as unknown as Json,
});

/** Its anchors are those that its own signatures lead to. */
const withAnchors = (facts: Facts, { anchors }: Target): Facts => ({
  ...facts,
  authorities: [
    ...facts.authorities,
    ...anchors.map(({ der }, index) => ({
      name: `anchor ${index + 1} of the target`,
      certificate: Buffer.from(der).toString('base64'),
      trusted: true,
      revoked: [],
    })),
  ],
});

const anchorsOf = (domains: readonly string[], { anchors, profile }: Target): AnchorEntry[] =>
  domains.flatMap((domain) =>
    anchors.map((certificate) => ({
      domain,
      anchor: anchorOf(certificate, `anchor of ${profile.title}`),
      incoming: true,
      outgoing: true,
    })),
  );

type Context = Omit<StepContext, 'part'> & { readonly recipients: Map<string, Certificate> };

function contextOf(
  network: BuiltNetwork,
  ground: Ground,
  transcript: Transcript,
  allowPrivate: (address: string) => boolean,
  { target, seed, onWaiting }: OutsideOptions,
): Context {
  const { plan } = network;
  const { host } = ground.machine('tester');
  const tester = `tester.${plan.base}`;
  const looker = makeLooker(host, {
    address: `tester@${tester}`,
    anchors: anchorsOf([tester], target),
    profile: target.profile.profile,
    allowPrivate,
  });
  const recipients = new Map<string, Certificate>();
  return {
    host,
    edge: outsideEdge(host, target, transcript, (waiting) => onWaiting?.(waiting)),
    outside: outsideOf(network, ground, looker, recipients),
    world: worldOf(network, host),
    told: new Map(),
    looker,
    bundles: undefined,
    consumer: undefined,
    case: plan.scenario.id,
    random: seededRandom(seed),
    pass: passTime(host, transcript, plan, target.profile),
    silence: spanMs(target.profile.waits.silence),
    recipients,
  };
}

const outsideOf = (
  network: BuiltNetwork,
  ground: Ground,
  looker: Looker,
  recipients: ReadonlyMap<string, Certificate>,
): Outside => ({
  recipient(address) {
    const found = recipients.get(address.toLowerCase());
    if (!found) throw new PlanError(`no certificate of ${address} was found`);
    return found;
  },
  pages: webUrl(network.plan.base, network.machines.web),
  signer(caseId, role) {
    const found = network.certificates.find((one) => one.case === caseId && one.role === role)?.issued;
    if (!found) throw new PlanError(`${caseId}: there is no certificate "${role}" to sign with`);
    return found;
  },
  async deliver({ from, to, bytes }) {
    const { host } = ground.machine('peer');
    const domain = to[0]!.slice(to[0]!.lastIndexOf('@') + 1);
    const routing = await mailExchangers(looker.context.resolver, host.random, domain, 20_000);
    const everybody = (why: string) => Object.fromEntries(to.map((rcpt) => [rcpt, why]));
    if (routing.outcome !== 'found')
      return everybody(
        `no mail server of ${domain}: ${routing.outcome === 'none' ? 'none is published' : routing.why}`,
      );
    let why = `no mail server of ${domain} answered`;
    for (const { addresses } of routing.exchangers) {
      for (const address of addresses) {
        const { perRecipient, error } = await deliver(
          host,
          { host: address, port: 25 },
          {
            helo: machineNames(network.plan.base).peerMail,
            mailFrom: from,
            rcptTo: to,
            bytes,
            ignoresSize: true,
          },
        );
        if (error) why = `no reply: ${error.message}`;
        if (perRecipient.size === 0) continue;
        return Object.fromEntries(
          to.map((rcpt) => {
            const reply = perRecipient.get(rcpt);
            return [rcpt, reply ? replyText(reply) : why];
          }),
        );
      }
    }
    return everybody(why);
  },
});

/** What only a simulated system lets itself be done never comes so far: `fitnessFor` holds it back. */
function worldOf(network: BuiltNetwork, host: Host): ChangingWorld {
  const never = (what: string) => (): never => {
    throw new PlanError(`${what} of a system outside cannot be changed`);
  };
  return {
    keys: never('the keys'),
    machine: never('machines'),
    node: never('machines'),
    setBack: never('the clock'),
    outage: never('the store'),
    authority({ name, crl, revoked }) {
      const authority = network.authorities.get(name);
      if (!authority) throw new PlanError(`there is no authority "${name}"`);
      if (crl) authority.crl = crl;
      if (revoked) revokeAuthority(authority, host.now());
    },
    zone: (records) => network.rezone(network.plan.scenario.id, records),
  };
}

/** Finds the certificates that messages of our own making are encrypted to. */
async function ready({ looker, recipients }: Context, plan: Plan, network: BuiltNetwork): Promise<void> {
  const own = new Set(network.plan.cases.map(({ domain }) => domain));
  const wanted = new Set(
    [...plan.scenario.steps, ...(plan.scenario.control?.steps ?? [])].flatMap((step) =>
      'deliver' in step ? step.deliver.to.map((address) => address.toLowerCase()) : [],
    ),
  );
  for (const address of wanted) {
    if (own.has(address.slice(address.lastIndexOf('@') + 1))) continue;
    const found = await decideRecipient(looker.address, address, looker.context, referenceAgent);
    const [certificate] = found.certificates;
    if (!certificate) {
      const { firstCause } = found.decision;
      throw new TargetError(
        `no certificate of ${address} can be used${firstCause ? `: ${sentence(firstCause)}` : ''}`,
      );
    }
    recipients.set(address, certificate);
  }
}

/** The target is not ready for the scenario. */
class TargetError extends Error {
  override readonly name = 'TargetError';
}

async function runSteps(
  plan: Plan,
  context: Context,
  transcript: Transcript,
  { saved, onStep }: OutsideOptions,
): Promise<void> {
  const { recipients: _, ...shared } = context;
  const all: (readonly [Step, StepContext['part']])[] = [
    ...plan.scenario.steps.map((step) => [step, 'main'] as const),
    ...(plan.scenario.control?.steps ?? []).map((step) => [step, 'control'] as const),
  ];
  for (const [index, [step, part]] of all.entries()) {
    if (index < (saved?.done ?? 0)) continue;
    await runStep(step, { ...shared, part });
    onStep?.(index + 1, transcript);
  }
}

/** Nothing that went wrong in the testbed: its reason is enough. */
function expectedFailure(error: unknown): string | undefined {
  if (error instanceof TargetError) return 'the target is not ready';
  return error instanceof NobodyDidIt ? 'the tester was waited for' : undefined;
}

function failure(error: unknown): Json {
  const why = error instanceof Error ? error.message : String(error);
  const what = expectedFailure(error);
  if (what !== undefined) return { outcome: 'failure', what, why };
  const stack = error instanceof Error ? { stack: error.stack ?? '' } : {};
  return { outcome: 'failure', what: 'the testbed failed', why, ...stack };
}
