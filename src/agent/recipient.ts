/**
 * One recipient of an outbound message: find the certificates, decide about them.
 *
 * @module
 */

import { openSearch } from '../discovery/resolve.ts';
import type { Candidate, Discovery } from '../discovery/types.ts';
import { createResolver, type Resolver } from '../dns/client.ts';
import { addressKey } from '../mail/address.ts';
import type { Host, Json } from '../net/host.ts';
import { type Cause, cause } from '../outcome/cause.ts';
import type { Certificate } from '../pki/certificate.ts';
import { type DecideInput, decide, type Subject } from '../trust/decide.ts';
import type { TrustDecision } from '../trust/decision.ts';
import type { AgentParts } from './parts.ts';
import type { AgentContext, Decided } from './types.ts';

/** An address's domain, lower case. */
export const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** Searches and decides until there is something to use, or nothing more to be had. */
export async function decideRecipient(
  sender: string,
  address: string,
  context: AgentContext,
  parts: AgentParts,
): Promise<Decided> {
  const search = openSearch(
    context.host,
    address,
    parts.discovery,
    resolverOf(context, parts),
    context.fetcher,
  );
  for (;;) {
    const discovery = await search.next();
    const decision = await decideOutbound(sender, address, discovery, context, parts);
    const goOn =
      decision.verdict === 'refused' &&
      !search.ended &&
      parts.afterRefusal(decision, discovery) === 'continue';
    if (goOn) continue;
    emitDecision(context.host, decision);
    return { address, discovery, decision, certificates: chosen(decision, discovery) };
  }
}

const resolverOf = (context: AgentContext, parts: AgentParts): Resolver =>
  context.resolver ?? createResolver(context.host, parts.discovery.resolver);

/** Whether the sender may encrypt to what was found: by the outgoing anchors of the sender's domain. */
export function decideOutbound(
  sender: string,
  address: string,
  discovery: Discovery,
  context: AgentContext,
  parts: AgentParts,
): Promise<TrustDecision> {
  const domain = domainOf(sender);
  const { profile, revocation } = context.policy(domain);
  const certificates = discovery.candidates.flatMap(({ certificate }) => certificate ?? []);
  const missing = missingOf(discovery);
  const input: DecideInput = {
    from: addressKey(sender),
    to: addressKey(address),
    direction: 'out',
    at: context.host.now(),
    profile,
    revocation,
    anchors: { domain, direction: 'outgoing', list: parts.anchors(context.anchors, domain, 'outgoing') },
    subjects: discovery.candidates.map(subjectOf),
    notes: discovery.notes,
    ...(missing && { missing }),
    also: discovery.level ? [cause('discovery.stopped-invalid', { level: discovery.level })] : [],
    pool: certificates.filter(({ isCa }) => isCa),
    sources: { fetcher: context.fetcher, cache: context.cache, issuers: parts.issuers },
    checks: parts.candidate,
    select: parts.select,
    report: parts.report,
  };
  return decide(input);
}

const subjectOf = ({ sha256, where, certificate, unreadable, notes }: Candidate): Subject => ({
  sha256,
  where,
  ...(certificate && { certificate }),
  ...(unreadable !== undefined && { unreadable }),
  notes,
});

/** Why there is nothing to judge. */
const noneFound = ({ names, servers, nonexistent }: Discovery): Cause =>
  cause('discovery.none', {
    names: [...names],
    servers: [...servers],
    ...(nonexistent !== undefined && { nonexistent }),
  });

function missingOf(discovery: Discovery): { cause: Cause; temporary: boolean } | undefined {
  const { outcome, stage = 'address-dns', why = 'no answer' } = discovery;
  if (outcome === 'found') return undefined;
  return outcome === 'temporary'
    ? { cause: cause('discovery.temporary', { stage, why }), temporary: true }
    : { cause: noneFound(discovery), temporary: false };
}

function chosen(decision: TrustDecision, discovery: Discovery): Certificate[] {
  const usable = new Set(decision.usable);
  return discovery.candidates.flatMap(({ sha256, certificate }) =>
    certificate && usable.has(sha256) ? certificate : [],
  );
}

/** Puts a decision among the evidence. */
export const emitDecision = (host: Host, decision: TrustDecision): number =>
  host.events.emit({ kind: 'decision', summary: decision as unknown as Json });
