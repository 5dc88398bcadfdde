/**
 * Finds out whether mail goes from one address to another and its confirmation comes back, by the same searches and
 * decisions that carry the mail. Nothing is sent.
 *
 * @module
 */
import { signersOf } from '../agent/outbound.ts';
import { decideRecipient } from '../agent/recipient.ts';
import { referenceAgent } from '../agent/reference.ts';
import { decideSigner } from '../agent/signer-trust.ts';
import { AgentStop } from '../agent/stop.ts';
import { type AgentContext, type DomainPolicy, defaultPolicy } from '../agent/types.ts';
import { discover } from '../discovery/resolve.ts';
import type { Discovery } from '../discovery/types.ts';
import { createResolver, type Resolver } from '../dns/client.ts';
import { addressKey } from '../mail/address.ts';
import type { Host } from '../net/host.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { Anchor } from '../pki/path/anchor.ts';
import type { Subject } from '../trust/decide.ts';
import type { TrustDecision } from '../trust/decision.ts';
import type { AnchorPlace, ExplainFacts, Known, SigningFacts, WayFacts } from '../trust/explain/facts.ts';
import { mailExchangers } from './mail-exchangers.ts';
import { domainOf } from './world.ts';

/** One of the two addresses, and what may be known of its side. */
export interface Side {
  readonly address: string;
  /** With its anchors and policy; missing when these are not known here. */
  readonly agent?: AgentContext;
  /** Whether `agent` has its keys as well. */
  readonly keys: boolean;
  /** Whether there is such a mailbox, where that is known. */
  readonly exists?: boolean;
}

export interface ExamineWith {
  /** Asks where a side has no agent of its own. */
  readonly host: Host;
  readonly resolver?: Resolver;
  readonly elsewhere?: readonly AnchorPlace[];
}

const LOOKUP_MS = 15_000;

/** Asks everything that has to be known, both ways at once. */
export async function examine(from: Side, to: Side, world: ExamineWith): Promise<ExplainFacts> {
  const { host } = world;
  const at = host.now();
  const started = host.mono();
  const [forth, back] = await Promise.all([findAndJudge(from, to, world), findAndJudge(to, from, world)]);
  const [there, home] = await Promise.all([
    wayOf('there', from, to, forth, back.discovery, world),
    wayOf('back', to, from, back, forth.discovery, world),
  ]);
  return {
    from: addressKey(from.address),
    to: addressKey(to.address),
    at,
    ms: host.mono() - started,
    there,
    back: home,
    elsewhere: world.elsewhere ?? [],
  };
}

interface Judged {
  readonly discovery: Discovery;
  readonly encrypt: Known<TrustDecision>;
}

async function findAndJudge(from: Side, to: Side, world: ExamineWith): Promise<Judged> {
  if (from.agent) {
    const parts = from.agent.parts ?? referenceAgent;
    const { discovery, decision } = await decideRecipient(from.address, to.address, from.agent, parts);
    return { discovery, encrypt: { known: true, value: decision } };
  }
  const discovery = await discover(world.host, to.address, referenceAgent.discovery, resolverOf(from, world));
  return { discovery, encrypt: { known: false } };
}

const resolverOf = ({ agent }: Side, { host, resolver }: ExamineWith): Resolver =>
  agent?.resolver ?? resolver ?? createResolver(agent?.host ?? host);

async function wayOf(
  id: WayFacts['id'],
  from: Side,
  to: Side,
  { discovery, encrypt }: Judged,
  own: Discovery,
  world: ExamineWith,
): Promise<WayFacts> {
  const host = from.agent?.host ?? world.host;
  const resolver = resolverOf(from, world);
  const routing = await mailExchangers(resolver, host.random, domainOf(to.address), LOOKUP_MS);
  const signing = signingOf(from);
  return {
    id,
    from: addressKey(from.address),
    to: addressKey(to.address),
    discovery,
    encrypt,
    signing: signing.facts,
    transport: from.agent ? { known: true, value: policyOf(from) } : { known: false },
    routing,
    mailbox: to.exists === undefined ? { known: false } : { known: true, value: to.exists },
    opens: opensOf(to, discovery),
    accept: await acceptedBy(id, from, to, signing, own),
    signedWith: signing.facts.known ? 'keys' : 'published',
    anchors: {
      outgoing: anchorsOf(from, ['outgoing']),
      incoming: anchorsOf(to, id === 'back' ? ['incoming', 'outgoing'] : ['incoming']),
    },
    otherDirection: {
      outgoing: beyond(anchorsOf(from, ['incoming']), anchorsOf(from, ['outgoing'])),
      incoming: id === 'back' ? [] : beyond(anchorsOf(to, ['outgoing']), anchorsOf(to, ['incoming'])),
    },
  };
}

const policyOf = ({ agent, address }: Side): DomainPolicy =>
  agent?.policy(domainOf(address)) ?? defaultPolicy;

function anchorsOf({ agent, address }: Side, directions: readonly ('incoming' | 'outgoing')[]): Anchor[] {
  if (!agent) return [];
  const parts = agent.parts ?? referenceAgent;
  const domain = domainOf(address);
  return [...new Set(directions.flatMap((one) => [...parts.anchors(agent.anchors, domain, one)]))];
}

const beyond = (all: readonly Anchor[], without: readonly Anchor[]): Anchor[] =>
  all.filter((anchor) => !without.some((one) => Buffer.compare(one.spki, anchor.spki) === 0));

interface Signing {
  readonly facts: Known<SigningFacts>;
  /** Intermediates that go with the message. */
  readonly chain: readonly Certificate[];
}

function signingOf({ address, agent, keys }: Side): Signing {
  if (!agent || !keys) return { facts: { known: false }, chain: [] };
  try {
    const signers = signersOf(address, agent);
    const certificates = signers.map(({ certificate }) => certificate);
    const chain = signers.flatMap((signer) => signer.chain ?? []);
    return { facts: { known: true, value: { certificates, idle: [] } }, chain };
  } catch (error) {
    if (!(error instanceof AgentStop)) throw error;
    const idle = [addressKey(address), domainOf(address)].flatMap((owner) =>
      agent.keys(owner, 'sign').map(({ certificate }) => certificate),
    );
    return { facts: { known: true, value: { certificates: [], idle, missing: error.reason } }, chain: [] };
  }
}

/** The published certificates that the recipient has a private key for. */
function opensOf({ address, agent, keys }: Side, { candidates }: Discovery): Known<string[]> {
  if (!agent || !keys) return { known: false };
  const held = [addressKey(address), domainOf(address)].flatMap((owner) => agent.keys(owner, 'decrypt'));
  const opens = candidates.flatMap(({ certificate, sha256 }) =>
    certificate && held.some((key) => isSame(key.certificate, certificate)) ? sha256 : [],
  );
  return { known: true, value: opens };
}

/** A recipient finds its key by issuer and serial number (RFC 5652 §6.2.1). */
const isSame = (a: Certificate, b: Certificate): boolean =>
  a.serial === b.serial && Buffer.compare(a.issuerDer, b.issuerDer) === 0;

async function acceptedBy(
  id: WayFacts['id'],
  from: Side,
  to: Side,
  { facts, chain }: Signing,
  own: Discovery,
): Promise<Known<TrustDecision | undefined>> {
  if (!to.agent) return { known: false };
  const certificates = facts.known
    ? facts.value.certificates
    : own.candidates.flatMap(({ certificate }) => certificate ?? []);
  if (certificates.length === 0) return { known: true, value: undefined };
  const value = await decideSigner(
    {
      sender: from.address,
      address: to.address,
      policy: policyOf(to),
      subjects: certificates.map(
        (certificate): Subject => ({ sha256: certificate.sha256, where: 'message', certificate, notes: [] }),
      ),
      pool: [...certificates, ...chain],
      answersOurs: id === 'back',
    },
    to.agent,
    to.agent.parts ?? referenceAgent,
  );
  return { known: true, value };
}
