/**
 * What goes into an agent and what comes out.
 *
 * @module
 */
import type { Discovery } from '../discovery/types.ts';
import type { Resolver } from '../dns/client.ts';
import type { Fetcher } from '../http/fetch.ts';
import type { Entity } from '../mail/entity.ts';
import type { Host } from '../net/host.ts';
import type { Cause } from '../outcome/cause.ts';
import type { Finding } from '../outcome/check.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { PrivateKey } from '../pki/private-key.ts';
import type { AnchorSource } from '../trust/anchors.ts';
import type { Profile, RevocationPolicy, TrustDecision } from '../trust/decision.ts';
import type { TrustCache } from '../trust/sources.ts';
import type { AgentParts } from './parts.ts';

/** A message as the edge gave it: the envelope counts, the header only for what is shown. */
export interface Submission {
  readonly from: string;
  /** Envelope recipients; those that stand in neither To nor Cc are blind copies. */
  readonly to: readonly string[];
  readonly bytes: Uint8Array;
}

export interface LocalKey {
  readonly certificate: Certificate;
  /** Here, or held elsewhere; then signing and decrypting wait for its holder. */
  readonly privateKey: PrivateKey;
  /** Intermediates to send along. */
  readonly chain?: readonly Certificate[];
  /** Hears of every use. */
  readonly used?: (operation: 'sign' | 'decrypt') => void;
}

/**
 * The keys that a HISP holds for an owner (an address or a domain, lower case). For `sign`: the active ones. For
 * `decrypt`: the old ones as well.
 */
export type KeySource = (owner: string, purpose: 'sign' | 'decrypt') => readonly LocalKey[];

export interface DomainPolicy {
  readonly profile: Profile;
  readonly revocation: RevocationPolicy;
  /** What to do with a signed message that is not wrapped (REQ-AS-44). */
  readonly unwrapped: 'refuse' | 'accept';
  readonly cipher: 'aes128-cbc' | 'aes192-cbc' | 'aes256-cbc';
  readonly keyTransport: 'oaep-sha1' | 'oaep-sha256' | 'pkcs1';
}

/** What 1.3 and this project's choices say (hisp-behaviour §2, §4). */
export const defaultPolicy: DomainPolicy = {
  profile: '1.3',
  revocation: 'require',
  unwrapped: 'refuse',
  cipher: 'aes256-cbc',
  keyTransport: 'oaep-sha1',
};

/** All that an agent may use of the world. */
export interface AgentContext {
  readonly host: Host;
  readonly fetcher: Pick<Fetcher, 'get'>;
  readonly keys: KeySource;
  readonly anchors: AnchorSource;
  readonly policy: (domain: string) => DomainPolicy;
  readonly cache: TrustCache;
  /** Default: the reference. */
  readonly parts?: AgentParts;
  /** Default: a resolver over the host's own name servers. */
  readonly resolver?: Resolver;
  /** Whether a notice that names this Message-ID answers a message that this address of ours sent. Default: no. */
  readonly answersOurs?: (messageId: string, address: string) => boolean | Promise<boolean>;
}

/** A recipient after finding and deciding. */
export interface Decided {
  readonly address: string;
  readonly discovery: Discovery;
  readonly decision: TrustDecision;
  /** The certificates to encrypt to; empty unless the decision is `trusted`. */
  readonly certificates: readonly Certificate[];
}

/** A message ready for the wire. */
export interface Envelope {
  readonly mailFrom: string;
  readonly rcptTo: readonly string[];
  readonly bytes: Uint8Array;
  /** The Message-ID that notices will name. */
  readonly messageId: string;
}

/** A recipient that gets nothing, or nothing yet. */
export interface Unsent {
  readonly address: string;
  readonly cause: Cause;
  readonly discovery?: Discovery;
  readonly decision?: TrustDecision;
}

export interface Outbound {
  readonly messageId: string;
  readonly envelopes: readonly Envelope[];
  /** Definite: the sender is to be told now. */
  readonly failures: readonly Unsent[];
  /** Temporary: try these again, and tell the sender when the time is up. */
  readonly deferred: readonly Unsent[];
  readonly decisions: readonly TrustDecision[];
  readonly findings: readonly Finding[];
}

export interface InboundEnvelope {
  /** Empty for the null reverse-path. */
  readonly mailFrom: string;
  readonly rcptTo: readonly string[];
}

export interface InboundRecipient {
  readonly address: string;
  /** `refused` is silent towards the sender; `deferred` is to be tried again. */
  readonly verdict: 'accepted' | 'refused' | 'deferred';
  /** First cause first; empty when accepted. */
  readonly causes: readonly Cause[];
  readonly decision?: TrustDecision;
}

export interface Inbound {
  readonly perRecipient: readonly InboundRecipient[];
  /** The message to deliver: present when at least one recipient accepts it. */
  readonly message?: Uint8Array;
  /** `message` as it was read, where it was. */
  readonly entity?: Entity;
  readonly kind: 'message' | 'mdn' | 'dsn';
  /** The authenticated sender: the inner From. */
  readonly sender?: string;
  readonly messageId?: string;
  /** Whether the message asks for a dispatched notice. */
  readonly deliveryRequested: boolean;
  /** The stages that were passed, in order. */
  readonly stages: readonly string[];
  /** Why the whole message was refused, if it was. */
  readonly refusal?: Cause;
  readonly findings: readonly Finding[];
}
