/**
 * What every step of a HISP's work may use.
 *
 * @module
 */
import type {
  AgentContext,
  Inbound,
  InboundEnvelope,
  LocalKey,
  Outbound,
  Submission,
} from '../agent/types.ts';
import { defaultPolicy } from '../agent/types.ts';
import type { Resolver } from '../dns/client.ts';
import { addressKey } from '../mail/address.ts';
import type { Host, Json } from '../net/host.ts';
import type { Scope } from '../store/scope.ts';
import type { HispConfig, HispDomain, HispKey, HispTimers } from './config.ts';
import type { HispParts } from './parts.ts';

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
  /** Says that there may be something to do. */
  nudge(): void;
}

export const domainOf = (address: string): string =>
  address.slice(address.lastIndexOf('@') + 1).toLowerCase();

export const localDomain = ({ config }: Pick<World, 'config'>, domain: string): HispDomain | undefined =>
  config.domains.find(({ name }) => name.toLowerCase() === domain.toLowerCase());

export const postmasterOf = (domain: HispDomain): string => domain.postmaster ?? `postmaster@${domain.name}`;

/**
 * The mailbox that mail to `address` goes to: the address itself, or the one without its plus tag, or the domain's
 * postmaster. Lower case; undefined for nobody.
 */
export function mailboxFor(world: Pick<World, 'config'>, address: string): string | undefined {
  const key = addressKey(address);
  const untagged = key.replace(/^([^"+@]+)\+[^@]*@/, '$1@');
  const known = world.config.addresses.find(
    (candidate) => addressKey(candidate.address) === key || addressKey(candidate.address) === untagged,
  );
  if (known) return addressKey(known.address);
  const domain = localDomain(world, domainOf(key));
  return domain && addressKey(postmasterOf(domain)) === key ? key : undefined;
}

/** The keys of an owner (an address or a domain). */
export function keysOf(keys: readonly HispKey[], owner: string, purpose: 'sign' | 'decrypt'): LocalKey[] {
  return keys
    .filter((key) => key.owner.toLowerCase() === owner.toLowerCase())
    .filter(({ purpose: kind = 'dual', state = 'active' }) =>
      purpose === 'sign' ? kind !== 'encrypt' && state === 'active' : kind !== 'sign',
    )
    .map(({ certificate, privateKey, chain }) => ({ certificate, privateKey, ...(chain ? { chain } : {}) }));
}

export const policyOf = (config: HispConfig, domain: string) => ({
  ...defaultPolicy,
  ...config.domains.find(({ name }) => name.toLowerCase() === domain.toLowerCase())?.policy,
});

/** Leaves evidence of where a message is. */
export function tell(
  world: Pick<World, 'host'>,
  stage: string,
  facts: { readonly [key: string]: Json | undefined },
  blob?: Uint8Array,
): void {
  world.host.events.emit({ kind: 'message', summary: { stage, ...facts }, ...(blob ? { blob } : {}) });
}
