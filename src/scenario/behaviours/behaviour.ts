/**
 * Misbehaviour on purpose. A behaviour is a pure change of one named element of what a HISP, or a publisher, is made
 * of; the reference knows nothing of it.
 *
 * @module
 */
import type { Opening } from '../../agent/opening.ts';
import type { NamedStage } from '../../agent/parts.ts';
import type { CertParts, DiscoveryParts, LdapParts } from '../../discovery/parts.ts';
import type { ResourceRecord } from '../../dns/records.ts';
import type { HispParts } from '../../hisp/parts.ts';
import type { Random } from '../../net/host.ts';
import type { NamedCheck } from '../../trust/check.ts';
import { replaced } from '../../trust/named.ts';
import type { PublisherParts } from '../publisher-parts.ts';
import type { Network } from '../schema.ts';

interface Switch {
  /** Stable: `disc.first-rr-only`. */
  readonly id: string;
  readonly title: string;
  /** Whether a peer may do so without breaking a rule. */
  readonly legal: boolean;
}

/** What a HISP does wrong with messages. */
export interface Behaviour extends Switch {
  apply(parts: HispParts, random: Random): HispParts;
}

/** What is wrong with what a domain publishes, and with the servers that publish it. */
export interface PublisherBehaviour extends Switch {
  publish(parts: PublisherParts): PublisherParts;
}

export type AnyBehaviour = Behaviour | PublisherBehaviour;

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
export function staged<C>(
  stages: readonly NamedStage<C>[],
  name: string,
  run: (context: C, reference: NamedStage<C>['run']) => C | Promise<C>,
): NamedStage<C>[] {
  const stage = stages.find((candidate) => candidate.name === name);
  if (!stage) throw new RangeError(`there is no stage '${name}'`);
  return replaced(stages, name, { ...stage, run: (context) => run(context, stage.run) });
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

type Publish = PublisherBehaviour['publish'];

/** One element of a publisher, done in another way. */
export const publishing =
  (change: (parts: PublisherParts) => Partial<PublisherParts>): Publish =>
  (parts) => ({ ...parts, ...change(parts) });

/** The records of the domain, changed before they are loaded. */
export const inRecords = (
  change: (records: readonly ResourceRecord[]) => readonly ResourceRecord[],
): Publish => publishing(({ records }) => ({ records: (own) => change(records(own)) }));

type Certificates = Network['certificates'];

/** Every certificate of the domain, issued in another way. */
export const inCertificates = (
  change: (certificate: Certificates[string], domain: string) => Certificates[string],
): Publish =>
  publishing(({ fixture }) => ({
    fixture: (own, domain) => {
      const network = fixture(own, domain);
      const certificates = Object.entries(network.certificates).map(
        ([role, certificate]) => [role, change(certificate, domain)] as const,
      );
      return { ...network, certificates: Object.fromEntries(certificates) };
    },
  }));

/** The LDAP servers, answering a search in another way. */
export const inSearches = (change: PublisherParts['search']): Publish =>
  publishing(({ search }) => ({
    search: (asked, reference, server) => change(asked, search(asked, reference, server), server),
  }));
