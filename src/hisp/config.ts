/**
 * What a HISP is set up with.
 *
 * @module
 */
import type { DomainPolicy } from '../agent/types.ts';
import type { FetchLimits } from '../http/fetch.ts';
import type { Addr } from '../net/host.ts';
import type { SecureServerOptions } from '../net/tls.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { PrivateKey } from '../pki/private-key.ts';
import type { ReceiverLimits } from '../smtp/limits.ts';
import type { Store } from '../store/open.ts';
import type { AnchorEntry, AnchorSource } from '../trust/anchors.ts';
import type { AnchorPlace } from '../trust/explain/facts.ts';

/** A list that stays as it is, or a source that may change between two decisions. What is under way ends on the old. */
export type Listed<T> = readonly T[] | (() => readonly T[]);

import type { HispEdges } from './edges.ts';

export interface HispDomain {
  readonly name: string;
  /** What is left out is as `defaultPolicy` of the agent. */
  readonly policy?: Partial<DomainPolicy>;
  /** Default `postmaster@` the domain. */
  readonly postmaster?: string;
  /** What is left out is as the timers of the HISP. */
  readonly timers?: Partial<Pick<HispTimers, 'processedMs' | 'dispatchedMs'>>;
  /** A dispatched notice counts although it lacks the final-delivery field (policy `lenient-dispatch`). Default no. */
  readonly lenientDispatch?: boolean;
}

export interface HispAddress {
  readonly address: string;
  /** The address of the same HISP whose mailbox it is; its own by default. */
  readonly aliasOf?: string;
  /** Whether `name+tag@domain` is this address as well. Default `accept`. */
  readonly plusTags?: 'accept' | 'refuse';
  readonly displayName?: string;
  /** The edge system that takes this address's mail by SMTP. Default: the mailbox here. */
  readonly forward?: Addr;
}

export interface HispKey {
  /** An address or a domain. */
  readonly owner: string;
  readonly certificate: Certificate;
  /** Here, or held elsewhere (`custody/signer-client.ts`). */
  readonly privateKey: PrivateKey;
  /** Intermediates to send along. */
  readonly chain?: readonly Certificate[];
  /** Default `dual`. */
  readonly purpose?: 'sign' | 'encrypt' | 'dual';
  /** Default `active`; an old key still opens what was encrypted to it. */
  readonly state?: 'active' | 'decrypt-only';
}

/** A domain whose organization leaves. */
export interface LeftDomain {
  /** `leaving`: mail is opened and answered by a notice of failure; `left`: it is refused at once. */
  readonly phase: 'leaving' | 'left';
  /** YYYY-MM-DD */
  readonly day: string;
}

export interface HispTimers {
  /** T1: no processed notice. Default 60 minutes. */
  readonly processedMs: number;
  /** T2: no dispatched notice though asked for, from the submission on. Default 60 minutes. */
  readonly dispatchedMs: number;
  /** How long an undetermined incoming message is kept and tried again. Default 55 minutes. */
  readonly undeterminedMs: number;
  /** For one delivery to one server. Default 2 minutes. */
  readonly deliverMs: number;
  /** How long an edge system may leave mail untaken before its sender is told. Default 55 minutes. */
  readonly forwardMs: number;
  /** How long ended messages and their outcomes are kept. Default 7 days. */
  readonly keepMs: number;
  /** How long a notice waits for a record that it may speak of. Default 24 hours. */
  readonly unmatchedMs: number;
  /** How long what was refused is kept, for another decision. Default 60 days. */
  readonly quarantineMs: number;
  /** Between two looks whether what a decision lacked is back. Default 15 minutes. */
  readonly reconsiderMs: number;
}

export const referenceTimers: HispTimers = {
  processedMs: 60 * 60_000,
  dispatchedMs: 60 * 60_000,
  undeterminedMs: 55 * 60_000,
  deliverMs: 2 * 60_000,
  forwardMs: 55 * 60_000,
  keepMs: 7 * 24 * 3_600_000,
  unmatchedMs: 24 * 3_600_000,
  quarantineMs: 60 * 24 * 3_600_000,
  reconsiderMs: 15 * 60_000,
};

export interface HispConfig {
  /** Unique in the store: the tenant. */
  readonly name: string;
  /**
   * Several machines may work on one store: each under a name of its own, and each looks for the work of the others
   * every 30 seconds. Left out: it is alone.
   */
  readonly node?: string;
  /** EHLO name and Reporting-MTA. */
  readonly hostname: string;
  readonly domains: Listed<HispDomain>;
  readonly addresses: Listed<HispAddress>;
  readonly keys: Listed<HispKey>;
  /** Whose organization leaves or has left, by the lower-case domain; undefined for all others. */
  readonly left?: (domain: string) => LeftDomain | undefined;
  /** A list that stays as it is, or a source that may change between two decisions, such as a subscriber of bundles. */
  readonly anchors: readonly AnchorEntry[] | AnchorSource;
  /** Every anchor that is known here and where it is from, whoever takes it: for the advice in notices. */
  readonly elsewhere?: () => readonly AnchorPlace[];
  readonly smtp: {
    readonly listen: readonly Addr[];
    readonly tls?: SecureServerOptions;
    readonly limits?: Partial<ReceiverLimits>;
  };
  /** For its users. Without any, mail comes in by `Hisp.submit` alone. */
  readonly edges?: HispEdges;
  /** Octets of all messages of one address; more is answered by a failure notice (5.2.2). Default 2 GiB. */
  readonly quotaOctets?: number;
  /** A file (or `:memory:`) of its own, or a store that is open and stays open. */
  readonly store: { readonly file: string } | Store;
  readonly timers?: Partial<HispTimers>;
  /** For AIA and revocation lists; names are resolved by the host's resolvers unless `resolve` says otherwise. */
  readonly fetch?: FetchLimits;
  /** Port of other HISPs' servers. Default 25. */
  readonly port?: number;
}
