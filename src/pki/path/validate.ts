/**
 * Path validation, RFC 5280 §6.1: pure, synchronous, with its whole input. Revocation is asked apart, because it needs
 * the network (`revocation.ts`).
 *
 * @module
 */
import { type Cause, cause } from '../../outcome/cause.ts';
import { PkiError, reading } from '../error.ts';
import type { Subtree } from '../extensions.ts';
import type { GeneralName } from '../general-name.ts';
import { completeKey, inheritsKey } from '../inherited-key.ts';
import { readKeyFacts } from '../key-facts.ts';
import { loadPublicKey } from '../keys.ts';
import { formatName, sameName } from '../name.ts';
import { type Anchor, isPinned } from './anchor.ts';
import { constraint, PATH_CHECKS } from './checks.ts';
import { type PathInput, type PathPolicy, type PathResult, type PathState, UNRESTRICTED } from './input.ts';
import { finishPolicies, initialPolicy } from './policy.ts';
import { keyIsStrong, keyName } from './strength.ts';

/** The reference: every check, nothing restricted beyond what the certificates say. */
export const referencePolicy = (profile: PathPolicy['profile']): PathPolicy => ({
  ...UNRESTRICTED,
  profile,
  checks: PATH_CHECKS,
});

/**
 * Whether the certificates lead from the leaf to the anchor. The first cause is the one nearest to the anchor.
 *
 * Names match by content (§7.1), never by key identifier. A pinned end entity is good as it stands, if its time,
 * strength and critical extensions are.
 */
export function validatePath(input: PathInput): PathResult {
  const { path, anchor } = input;
  const leaf = path[0];
  if (!leaf) throw new RangeError('a path has at least one certificate');
  try {
    if (path.length === 1 && isPinned(leaf, anchor)) return pinned(input);
    const wrongAnchor = anchorCause(input);
    return wrongAnchor ? { ok: false, cause: wrongAnchor, at: path.length, check: 'anchor' } : walk(input);
  } catch (error) {
    // a key that cannot be loaded: no signature verifies with it
    if (!(error instanceof PkiError)) throw error;
    const index = path.findIndex((certificate) => !loads(() => certificate.publicKey));
    const why = constraint(path[index] ?? leaf, error.message);
    return { ok: false, cause: why, at: Math.max(0, index), check: 'key' };
  }
}

function walk(input: PathInput): PathResult {
  const { path, anchor } = input;
  const enforced = input.anchorConstraints === 'enforce' ? anchor.certificate : undefined;
  const shared = {
    input,
    permitted: [
      ...groups(input.permitted),
      ...(enforced?.nameConstraints ? [enforced.nameConstraints.permitted] : []),
    ],
    excluded: [...input.excluded.map(plain), ...(enforced?.nameConstraints?.excluded ?? [])],
    policy: initialPolicy(path.length, input),
  };
  let maxPathLength = Math.min(path.length, enforced?.pathLen ?? path.length);
  let issuerName = anchor.name;
  let issuerSpki = anchor.spki;
  let issuerKey = loadPublicKey(issuerSpki);
  for (let index = path.length - 1; index >= 0; index--) {
    const certificate = path[index]!;
    const selfIssued = sameName(certificate.subject, certificate.issuer);
    const state: PathState = {
      ...shared,
      certificate,
      index,
      isLeaf: index === 0,
      selfIssued,
      issuerName,
      issuerKey,
      maxPathLength,
    };
    for (const check of input.checks) {
      const found = check.certificate?.(state);
      if (found) return { ok: false, cause: found, at: index, check: check.name };
    }
    if (state.isLeaf) continue;
    for (const check of input.checks) {
      const found = check.issuer?.(state);
      if (found) return { ok: false, cause: found, at: index, check: check.name };
    }
    maxPathLength = state.maxPathLength;
    issuerName = certificate.subject;
    issuerSpki = completeKey(certificate.spki, issuerSpki);
    issuerKey = inheritsKey(certificate.spki) ? loadPublicKey(issuerSpki) : certificate.publicKey;
  }
  return finish(input, shared.policy);
}

function finish(input: PathInput, state: PathState['policy']): PathResult {
  const { path, anchor } = input;
  const leaf = path[0]!;
  if (!asks(input, 'policies')) return { ok: true, path, anchor, policies: leaf.policies };
  const result = finishPolicies(state, leaf, input.policies);
  return 'wrong' in result
    ? { ok: false, cause: constraint(leaf, result.wrong), at: 0, check: 'policies' }
    : { ok: true, path, anchor, policies: result.policies };
}

/** What is wrong with the anchor itself: its time, its key, and what its certificate lets it do (RFC 5937 §3). */
function anchorCause(input: PathInput): Cause | undefined {
  const { anchor, at, skewMs, profile } = input;
  const name = formatName(anchor.name);
  const not = (which: string): Cause => cause('trust.constraint', { which, subject: name });
  if (!loads(() => loadPublicKey(anchor.spki))) return not('the key of the anchor cannot be loaded');
  const key = reading('anchor key', 'key', () => readKeyFacts(anchor.spki));
  if (asks(input, 'strength') && !keyIsStrong(key, profile))
    return not(`the key of the anchor is weak: ${keyName(key)} ${key.bits} bits`);
  if (anchor.pinned) return not('the anchor is a pinned end entity, which issues nothing');
  const { certificate } = anchor;
  if (!certificate || input.anchorConstraints === 'ignore') return undefined;
  if (asks(input, 'validity') && at > certificate.notAfter + skewMs)
    return cause('trust.anchor-expired', {
      anchor: name,
      notAfter: new Date(certificate.notAfter).toISOString(),
    });
  if (asks(input, 'validity') && at < certificate.notBefore - skewMs)
    return not(
      `the anchor is not valid before ${new Date(certificate.notBefore).toISOString().slice(0, 10)}`,
    );
  return caCause(anchor, input, not);
}

/** A version 1 certificate can say nothing about itself: the operator's word stands (RFC 5280 §6.1.4 k). */
function caCause(anchor: Anchor, input: PathInput, not: (which: string) => Cause): Cause | undefined {
  const { certificate } = anchor;
  if (!certificate || certificate.version < 3) return undefined;
  if (asks(input, 'basic-constraints') && !certificate.isCa)
    return not('the anchor is no CA (basicConstraints)');
  if (asks(input, 'key-usage') && certificate.keyUsage && !certificate.keyUsage.has('keyCertSign'))
    return not('the key of the anchor may not sign certificates (keyUsage)');
  return undefined;
}

const PINNED_CHECKS: ReadonlySet<string> = new Set(['validity', 'strength', 'critical-extensions']);

function pinned(input: PathInput): PathResult {
  const { path, anchor } = input;
  const certificate = path[0]!;
  const state: PathState = {
    input,
    certificate,
    index: 0,
    isLeaf: true,
    selfIssued: false,
    issuerName: certificate.issuer,
    issuerKey: certificate.publicKey,
    maxPathLength: 0,
    permitted: [],
    excluded: [],
    policy: initialPolicy(1, input),
  };
  for (const check of input.checks) {
    if (!PINNED_CHECKS.has(check.name)) continue;
    const found = check.certificate?.(state);
    if (found) return { ok: false, cause: found, at: 0, check: check.name };
  }
  return { ok: true, path, anchor, policies: certificate.policies };
}

const asks = (input: PathInput, name: string): boolean => input.checks.some((check) => check.name === name);

function loads(load: () => unknown): boolean {
  try {
    load();
    return true;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

const plain = (base: GeneralName): Subtree => ({ base, plain: true });

const groups = (names: readonly GeneralName[]): Subtree[][] => (names.length ? [names.map(plain)] : []);
