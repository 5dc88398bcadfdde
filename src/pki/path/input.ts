/**
 * What path validation takes and gives, and the shape of its checks.
 *
 * @module
 */
import type { KeyObject } from 'node:crypto';
import type { Cause } from '../../outcome/cause.ts';
import type { Certificate } from '../certificate.ts';
import type { Subtree } from '../extensions.ts';
import type { GeneralName } from '../general-name.ts';
import type { Name } from '../name.ts';
import { ANY_POLICY } from '../oids.ts';
import type { Anchor } from './anchor.ts';
import type { PolicyState } from './policy.ts';

/** Floors for keys and signatures: the Applicability Statement that counts, or whatever can be verified. */
export type Profile = '1.2' | '1.3' | 'permissive';

/** The inputs of RFC 5280 §6.1.1 that are policy and not facts. */
export interface PathPolicy {
  readonly profile: Profile;
  /** user-initial-policy-set. */
  readonly policies: readonly string[];
  readonly explicitPolicy: boolean;
  readonly inhibitMapping: boolean;
  readonly inhibitAny: boolean;
  /** initial-permitted-subtrees; a kind of name that is not listed is not restricted. */
  readonly permitted: readonly GeneralName[];
  /** initial-excluded-subtrees. */
  readonly excluded: readonly GeneralName[];
  /** Clocks may differ by this much. */
  readonly skewMs: number;
  /** Whether validity and constraints of the anchor's own certificate count (RFC 5937 §3). */
  readonly anchorConstraints: 'enforce' | 'ignore';
  /** What is asked of each certificate, in order. */
  readonly checks: readonly PathCheck[];
}

export interface PathInput extends PathPolicy {
  /** From the leaf upwards, without the anchor; at least one. */
  readonly path: readonly Certificate[];
  readonly anchor: Anchor;
  /** ms since 1970 UTC. */
  readonly at: number;
}

export type PathResult =
  | {
      readonly ok: true;
      readonly path: readonly Certificate[];
      readonly anchor: Anchor;
      /** user-constrained-policy-set (RFC 5280 §6.1.6). */
      readonly policies: readonly string[];
    }
  | {
      readonly ok: false;
      readonly cause: Cause;
      /** Position in the path that was given, leaf 0; its length means the anchor. */
      readonly at: number;
      readonly check: string;
    };

/** State variables of RFC 5280 §6.1.2, at one certificate. */
export interface PathState {
  readonly input: PathInput;
  readonly certificate: Certificate;
  /** Position in `input.path`. */
  readonly index: number;
  readonly isLeaf: boolean;
  readonly selfIssued: boolean;
  readonly issuerName: Name;
  readonly issuerKey: KeyObject;
  maxPathLength: number;
  /** One group for each source of permitted subtrees: a name has to fit into every group. */
  readonly permitted: (readonly Subtree[])[];
  readonly excluded: Subtree[];
  readonly policy: PolicyState;
}

/**
 * One named question. `certificate` is asked of each certificate, from the anchor's side down to the leaf; `issuer` of
 * all but the leaf, after that (RFC 5280 §6.1.3 and §6.1.4). A cause refuses the path.
 */
export interface PathCheck {
  readonly name: string;
  readonly certificate?: (state: PathState) => Cause | undefined;
  readonly issuer?: (state: PathState) => Cause | undefined;
}

/** Nothing restricted beyond what the certificates say. */
export const UNRESTRICTED: Omit<PathPolicy, 'profile' | 'checks'> = {
  policies: [ANY_POLICY],
  explicitPolicy: false,
  inhibitMapping: false,
  inhibitAny: false,
  permitted: [],
  excluded: [],
  skewMs: 300_000,
  anchorConstraints: 'enforce',
};
