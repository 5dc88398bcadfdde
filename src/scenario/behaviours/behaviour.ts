/**
 * Misbehaviour on purpose. A behaviour is a pure change of one named element of what a HISP is made of; the reference
 * knows nothing of it.
 *
 * @module
 */
import type { Opening } from '../../agent/opening.ts';
import type { NamedStage } from '../../agent/parts.ts';
import type { CertParts, DiscoveryParts, LdapParts } from '../../discovery/parts.ts';
import type { HispParts } from '../../hisp/parts.ts';
import type { Random } from '../../net/host.ts';
import type { NamedCheck } from '../../trust/check.ts';
import { replaced } from '../../trust/named.ts';

export interface Behaviour {
  /** Stable: `disc.first-rr-only`. */
  readonly id: string;
  readonly title: string;
  /** Whether a peer may do so without breaking a rule. */
  readonly legal: boolean;
  apply(parts: HispParts, random: Random): HispParts;
}

type Change<P> = (parts: P, random: Random) => Partial<P>;

export const inDiscovery =
  (change: Change<DiscoveryParts>): Behaviour['apply'] =>
  (parts, random) => ({
    ...parts,
    discovery: { ...parts.discovery, ...change(parts.discovery, random) },
  });

export const inCert = (change: Change<CertParts>): Behaviour['apply'] =>
  inDiscovery((parts, random) => ({ cert: { ...parts.cert, ...change(parts.cert, random) } }));

export const inLdap = (change: Change<LdapParts>): Behaviour['apply'] =>
  inDiscovery((parts, random) => ({ ldap: { ...parts.ldap, ...change(parts.ldap, random) } }));

/** The checks of certificates that were found. */
export const inCandidate =
  (change: (checks: readonly NamedCheck[]) => readonly NamedCheck[]): Behaviour['apply'] =>
  (parts) => ({ ...parts, candidate: change(parts.candidate) });

/** The checks of those who signed. */
export const inSigner =
  (change: (checks: readonly NamedCheck[]) => readonly NamedCheck[]): Behaviour['apply'] =>
  (parts) => ({ ...parts, signer: change(parts.signer) });

type Stage = NamedStage<Opening>;

/** The stages of opening a message. */
export const inOpening =
  (change: (stages: readonly Stage[]) => readonly Stage[]): Behaviour['apply'] =>
  (parts) => ({ ...parts, open: change(parts.open) });

/** One stage, done in another way. */
export function staged(
  stages: readonly Stage[],
  name: string,
  run: (opening: Opening, reference: Stage['run']) => Opening | Promise<Opening>,
): Stage[] {
  const stage = stages.find((candidate) => candidate.name === name);
  if (!stage) throw new RangeError(`there is no stage '${name}'`);
  return replaced(stages, name, { ...stage, run: (opening) => run(opening, stage.run) });
}

/** One check, asked in another way. */
export function asking(
  checks: readonly NamedCheck[],
  name: string,
  ask: (check: NamedCheck['check']) => NamedCheck['check'],
): NamedCheck[] {
  const check = checks.find((candidate) => candidate.name === name);
  if (!check) throw new RangeError(`there is no check '${name}'`);
  return replaced(checks, name, { ...check, check: ask(check.check) });
}
