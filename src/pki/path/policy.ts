/**
 * Certificate policies along a path (RFC 5280 §6.1), computed as RFC 9618 asks: on a graph instead of a tree, so that
 * mappings cannot make it grow without bound. Only the lowest level is kept; each node knows which policies of the
 * anchor's domain it stands for.
 *
 * @module
 */
import type { Certificate } from '../certificate.ts';
import { ANY_POLICY } from '../oids.ts';

interface PolicyNode {
  expected: ReadonlySet<string>;
  readonly roots: ReadonlySet<string>;
}

export interface PolicyState {
  /** valid_policy → node at this depth; undefined is the NULL of the standard. */
  level: Map<string, PolicyNode> | undefined;
  explicitPolicy: number;
  policyMapping: number;
  inhibitAnyPolicy: number;
}

/** Policies and mappings of one certificate; more is refused. */
const LIMIT = 500;

/** @param n certificates in the path */
export function initialPolicy(
  n: number,
  input: { readonly explicitPolicy: boolean; readonly inhibitMapping: boolean; readonly inhibitAny: boolean },
): PolicyState {
  return {
    level: new Map([[ANY_POLICY, { expected: new Set([ANY_POLICY]), roots: new Set([ANY_POLICY]) }]]),
    explicitPolicy: input.explicitPolicy ? 0 : n + 1,
    policyMapping: input.inhibitMapping ? 0 : n + 1,
    inhibitAnyPolicy: input.inhibitAny ? 0 : n + 1,
  };
}

/** RFC 5280 §6.1.3 d–f. @returns what is wrong */
export function processPolicies(
  state: PolicyState,
  certificate: Certificate,
  place: { readonly isLeaf: boolean; readonly selfIssued: boolean },
): string | undefined {
  if (certificate.policies.length + certificate.policyMappings.length > LIMIT) return 'too many policies';
  if (certificate.policies.length === 0) state.level = undefined;
  else if (state.level) {
    const anyCounts = state.inhibitAnyPolicy > 0 || (!place.isLeaf && place.selfIssued);
    const next = nextLevel(state.level, certificate.policies, anyCounts);
    state.level = next.size > 0 ? next : undefined;
  }
  return state.explicitPolicy > 0 || state.level ? undefined : 'no policy is valid along the path';
}

function nextLevel(
  level: ReadonlyMap<string, PolicyNode>,
  policies: readonly string[],
  anyCounts: boolean,
): Map<string, PolicyNode> {
  const expecting = new Map<string, PolicyNode[]>();
  for (const node of level.values())
    for (const policy of node.expected) expecting.set(policy, [...(expecting.get(policy) ?? []), node]);
  const next = new Map<string, PolicyNode>();
  const add = (policy: string, parents: readonly PolicyNode[]): void => {
    const roots = new Set(parents.flatMap((parent) => [...parent.roots]));
    next.set(policy, { expected: new Set([policy]), roots });
  };
  for (const policy of policies) {
    if (policy === ANY_POLICY) continue;
    const parents = expecting.get(policy);
    if (parents) add(policy, parents);
    else if (level.has(ANY_POLICY))
      next.set(policy, { expected: new Set([policy]), roots: new Set([policy]) });
  }
  if (policies.includes(ANY_POLICY) && anyCounts) {
    for (const [policy, parents] of expecting) if (!next.has(policy)) add(policy, parents);
  }
  return next;
}

/** RFC 5280 §6.1.4 a, b, h, i, j: towards the next certificate. @returns what is wrong */
export function preparePolicies(
  state: PolicyState,
  certificate: Certificate,
  selfIssued: boolean,
): string | undefined {
  const mapped = new Map<string, Set<string>>();
  for (const { issuer, subject } of certificate.policyMappings) {
    if (issuer === ANY_POLICY || subject === ANY_POLICY) return 'it maps anyPolicy';
    mapped.set(issuer, (mapped.get(issuer) ?? new Set()).add(subject));
  }
  for (const [policy, subjects] of mapped) {
    if (state.policyMapping === 0) {
      state.level?.delete(policy);
      continue;
    }
    const node = state.level?.get(policy);
    if (node) node.expected = subjects;
    else if (state.level?.has(ANY_POLICY))
      state.level.set(policy, { expected: subjects, roots: new Set([policy]) });
  }
  if (state.level?.size === 0) state.level = undefined;
  if (!selfIssued) {
    state.explicitPolicy = Math.max(0, state.explicitPolicy - 1);
    state.policyMapping = Math.max(0, state.policyMapping - 1);
    state.inhibitAnyPolicy = Math.max(0, state.inhibitAnyPolicy - 1);
  }
  const { requireExplicit, inhibitMapping } = certificate.policyConstraints ?? {};
  state.explicitPolicy = Math.min(state.explicitPolicy, requireExplicit ?? Number.POSITIVE_INFINITY);
  state.policyMapping = Math.min(state.policyMapping, inhibitMapping ?? Number.POSITIVE_INFINITY);
  state.inhibitAnyPolicy = Math.min(
    state.inhibitAnyPolicy,
    certificate.inhibitAnyPolicy ?? Number.POSITIVE_INFINITY,
  );
  return undefined;
}

/**
 * RFC 5280 §6.1.5 a, b, g, at the leaf.
 *
 * @returns the user-constrained-policy-set, or what is wrong
 */
export function finishPolicies(
  state: PolicyState,
  certificate: Certificate,
  wanted: readonly string[],
): { readonly policies: readonly string[] } | { readonly wrong: string } {
  state.explicitPolicy = Math.max(0, state.explicitPolicy - 1);
  if (certificate.policyConstraints?.requireExplicit === 0) state.explicitPolicy = 0;
  const policies = constrained(state.level, wanted);
  if (policies.length === 0 && state.explicitPolicy === 0)
    return { wrong: 'no policy that is asked for is valid along the path' };
  return { policies };
}

function constrained(level: PolicyState['level'], wanted: readonly string[]): readonly string[] {
  if (!level) return [];
  const valid = new Set([...level.values()].flatMap((node) => [...node.roots]));
  if (wanted.includes(ANY_POLICY)) return [...valid];
  return wanted.filter((policy) => valid.has(policy) || valid.has(ANY_POLICY));
}
