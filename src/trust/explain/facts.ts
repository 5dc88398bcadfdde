/**
 * What has to be found out before it can be explained whether mail goes from one address to another and its
 * confirmation comes back. Facts only; `explain` makes sense of them.
 *
 * @module
 */
import type { Discovery } from '../../discovery/types.ts';
import type { Cause } from '../../outcome/cause.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { Anchor } from '../../pki/path/anchor.ts';
import type { AnchorDirection } from '../anchors.ts';
import type { TrustDecision } from '../decision.ts';

/** A fact that one side keeps to itself when it is not ours. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false };

export interface SigningFacts {
  /** The certificates of the keys that the sender would sign with. */
  readonly certificates: readonly Certificate[];
  /** Keys that it has, and may not use now. */
  readonly idle: readonly Certificate[];
  /** Why there is none to use. */
  readonly missing?: Cause;
}

export type RoutingFacts =
  | {
      readonly outcome: 'found';
      readonly exchangers: readonly { readonly name: string; readonly addresses: readonly string[] }[];
    }
  | { readonly outcome: 'none' }
  | { readonly outcome: 'unknown'; readonly why: string };

/** How what is sent is encrypted, by the sender's policy. */
export interface TransportFacts {
  readonly cipher: string;
  readonly keyTransport: string;
}

/** Who else trusts an anchor, or which bundle has it: for the advice. */
export interface AnchorPlace {
  readonly anchor: Anchor;
  /** `the Prairie Trust Community bundle`. */
  readonly source: string;
  /** It does not count for those who take it from there. */
  readonly inactive?: { readonly domains: readonly string[]; readonly cause: Cause };
}

/** One message on its way: from finding the recipient's certificate to trusting the signature. */
export interface WayFacts {
  readonly id: 'there' | 'back';
  readonly from: string;
  readonly to: string;
  /** The search for the certificates of `to`. */
  readonly discovery: Discovery;
  /** Whether `from` may encrypt to them. */
  readonly encrypt: Known<TrustDecision>;
  readonly signing: Known<SigningFacts>;
  readonly transport: Known<TransportFacts>;
  /** Where mail for the domain of `to` goes. */
  readonly routing: RoutingFacts;
  /** Whether `to` has a mailbox. */
  readonly mailbox: Known<boolean>;
  /** SHA-256 of the certificates that `to` has a private key for. */
  readonly opens: Known<readonly string[]>;
  /** Whether `to` trusts the signature; missing when nothing would be signed. */
  readonly accept: Known<TrustDecision | undefined>;
  /** `published`: `from` is not ours, so the certificates it publishes stood in for those it signs with. */
  readonly signedWith: 'keys' | 'published';
  /** The anchors that decided, of the sender's domain and of the recipient's. */
  readonly anchors: Readonly<Record<AnchorDirection, readonly Anchor[]>>;
  /** Anchors that the same domain trusts in the other direction only. */
  readonly otherDirection: Readonly<Record<AnchorDirection, readonly Anchor[]>>;
}

export interface ExplainFacts {
  readonly from: string;
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How long it took to find out. */
  readonly ms: number;
  readonly there: WayFacts;
  readonly back: WayFacts;
  /** Anchors of bundles that are known here, whoever takes them. */
  readonly elsewhere: readonly AnchorPlace[];
}
