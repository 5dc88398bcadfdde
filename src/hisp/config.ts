/**
 * What a HISP is set up with.
 *
 * @module
 */
import type { KeyObject } from 'node:crypto';
import type { DomainPolicy } from '../agent/types.ts';
import type { FetchLimits } from '../http/fetch.ts';
import type { Addr } from '../net/host.ts';
import type { SecureServerOptions } from '../net/tls.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { ReceiverLimits } from '../smtp/limits.ts';
import type { Store } from '../store/open.ts';
import type { AnchorEntry, AnchorSource } from '../trust/anchors.ts';

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
}

export interface HispAddress {
  readonly address: string;
  /** The address of the same HISP whose mailbox it is; its own by default. */
  readonly aliasOf?: string;
  /** Whether `name+tag@domain` is this address as well. Default `accept`. */
  readonly plusTags?: 'accept' | 'refuse';
  readonly displayName?: string;
}

export interface HispKey {
  /** An address or a domain. */
  readonly owner: string;
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
  /** Intermediates to send along. */
  readonly chain?: readonly Certificate[];
  /** Default `dual`. */
  readonly purpose?: 'sign' | 'encrypt' | 'dual';
  /** Default `active`; an old key still opens what was encrypted to it. */
  readonly state?: 'active' | 'decrypt-only';
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
}

export const referenceTimers: HispTimers = {
  processedMs: 60 * 60_000,
  dispatchedMs: 60 * 60_000,
  undeterminedMs: 55 * 60_000,
  deliverMs: 2 * 60_000,
};

export interface HispConfig {
  /** Unique in the store: the tenant. */
  readonly name: string;
  /** EHLO name and Reporting-MTA. */
  readonly hostname: string;
  readonly domains: Listed<HispDomain>;
  readonly addresses: Listed<HispAddress>;
  readonly keys: Listed<HispKey>;
  /** A list that stays as it is, or a source that may change between two decisions, such as a subscriber of bundles. */
  readonly anchors: readonly AnchorEntry[] | AnchorSource;
  readonly smtp: {
    readonly listen: readonly Addr[];
    readonly tls?: SecureServerOptions;
    readonly limits?: Partial<ReceiverLimits>;
  };
  /** For its users. Without any, mail comes in by `Hisp.submit` alone. */
  readonly edges?: HispEdges;
  /** A file (or `:memory:`) of its own, or a store that is open and stays open. */
  readonly store: { readonly file: string } | Store;
  readonly timers?: Partial<HispTimers>;
  /** For AIA and revocation lists; names are resolved by the host's resolvers unless `resolve` says otherwise. */
  readonly fetch?: FetchLimits;
  /** Port of other HISPs' servers. Default 25. */
  readonly port?: number;
}
