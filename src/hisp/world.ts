/**
 * What every step of a HISP's work may use.
 *
 * @module
 */
import type { AgentContext, Inbound, InboundEnvelope, Outbound, Submission } from '../agent/types.ts';
import type { Resolver } from '../dns/client.ts';
import type { Addr, Host, Json } from '../net/host.ts';
import type { KeptConnections } from '../smtp/kept-connections.ts';
import type { Scope } from '../store/scope.ts';
import type { HispConfig, HispDomain, HispTimers } from './config.ts';
import type { Hands } from './in-hand.ts';
import { addressNamed, domainNamed, mailboxOf } from './members.ts';
import type { HispParts } from './parts.ts';

export { domainOf, keysOf, policyOf, postmasterOf } from './members.ts';

/** The security and trust agent, as the HISP calls it. */
export interface Agent {
  prepare(submission: Submission, context: AgentContext): Promise<Outbound>;
  open(bytes: Uint8Array, envelope: InboundEnvelope, context: AgentContext): Promise<Inbound>;
}

export interface World {
  readonly host: Host;
  readonly config: HispConfig;
  readonly parts: HispParts;
  readonly timers: HispTimers;
  readonly scope: Scope;
  readonly agent: Agent;
  readonly agentContext: AgentContext;
  readonly resolver: Resolver;
  /** To the servers of others. */
  readonly connections: KeptConnections;
  /** Where new work is gone on with at once. */
  readonly hands: Hands;
  /** Says that there may be something to do. */
  nudge(): void;
  /** Says that something was kept which has to go some day, or may be decided again. */
  kept(): void;
}

export const localDomain = ({ config }: Pick<World, 'config'>, domain: string): HispDomain | undefined =>
  domainNamed(config, domain);

/** See `mailboxOf`. */
export const mailboxFor = ({ config }: Pick<World, 'config'>, address: string): string | undefined =>
  mailboxOf(config, address);

/** The edge system that takes the mail of this address of ours; undefined when its mailbox is here. */
export const forwardFor = ({ config }: Pick<World, 'config'>, address: string): Addr | undefined => {
  const mailbox = mailboxOf(config, address);
  return mailbox === undefined ? undefined : addressNamed(config, mailbox)?.forward;
};

/** The name of this machine among those that work on one store. */
export const nodeOf = ({ node, hostname }: HispConfig): string => node ?? hostname;

/** Leaves evidence of where a message is. */
export function tell(
  world: Pick<World, 'host'>,
  stage: string,
  facts: { readonly [key: string]: Json | undefined },
  blob?: Uint8Array,
): void {
  world.host.events.emit({ kind: 'message', summary: { stage, ...facts }, ...(blob ? { blob } : {}) });
}
