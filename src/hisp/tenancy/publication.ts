/**
 * What a HISP publishes: the certificates that are in force, of the domains and addresses that are enabled. DNS, LDAP,
 * zone files and LDIF all show this.
 *
 * @module
 */
import { addressToName } from '../../dns/names.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { readCertificates, type StoredCertificate } from '../../store/identities.ts';
import { listAddresses, listDomains, listOrganizations } from '../../store/organizations.ts';
import {
  type DomainPublication,
  defaultPublication,
  type PublicationLevel,
  type RevokedCertificate,
  readDomainPublications,
  readRevocations,
} from '../../store/publication.ts';
import type { Scope } from '../../store/scope.ts';
import type { Actor } from './actor.ts';
import type { TenancyWorld } from './change.ts';
import { domains } from './organizations.ts';

/** A certificate of ours, read. */
export interface HeldCertificate extends Omit<StoredCertificate, 'der'> {
  readonly certificate: Certificate;
}

/** An enabled domain of an enabled organization. */
export interface OpenDomain extends Pick<DomainPublication, 'certificates' | 'keys'> {
  readonly name: string;
  readonly organization: { readonly id: string; readonly name: string };
  /** Those that are enabled. */
  readonly addresses: readonly { readonly address: string; readonly title: string }[];
}

/** Who is served, and every certificate that is kept, whoever it is of. */
export interface Holdings {
  readonly domains: readonly OpenDomain[];
  readonly certificates: readonly HeldCertificate[];
  readonly revoked: readonly RevokedCertificate[];
}

export type ReadHoldings = (scope: Scope) => Promise<Holdings>;

/** Parses each certificate once. @throws {PkiError} a certificate that is damaged */
export function holdingsReader(): ReadHoldings {
  const parsed = new Map<string, Certificate>();
  const certificateOf = (sha256: string, der: Uint8Array): Certificate => {
    let known = parsed.get(sha256);
    if (!known) parsed.set(sha256, (known = parseCertificate(der)));
    return known;
  };
  return async (scope) => {
    const organizations = new Map(
      (await listOrganizations(scope))
        .filter(({ status }) => status === 'enabled')
        .map((one) => [one.id, one]),
    );
    const enabled = (await listDomains(scope)).filter(({ status }) => status === 'ENABLED');
    const byDomain = Map.groupBy(
      (await listAddresses(scope)).filter(({ status }) => status === 'enabled'),
      ({ domain }) => domain,
    );
    const said = await readDomainPublications(scope);
    return {
      domains: enabled.flatMap(({ name, organization }): OpenDomain[] => {
        const of = organizations.get(organization);
        if (!of) return [];
        const { certificates, keys } = said.get(name) ?? defaultPublication;
        const addresses = (byDomain.get(name) ?? []).map((row) => ({
          address: row.address,
          title: row.display_name ?? row.address,
        }));
        return [{ name, organization: { id: of.id, name: of.name }, certificates, keys, addresses }];
      }),
      certificates: (await readCertificates(scope)).map(({ der, ...row }) => ({
        ...row,
        certificate: certificateOf(row.sha256, der),
      })),
      revoked: await readRevocations(scope),
    };
  };
}

/** Whether the domain has one certificate for all its addresses. */
export const isByDomain = (level: PublicationLevel): boolean => level.startsWith('domain');

export interface PublishedOwner {
  /** Address or domain. */
  readonly owner: string;
  /** For people. */
  readonly title: string;
  /** Newest first. */
  readonly certificates: readonly Certificate[];
  /** Why senders do not find it: what is the case, and what helps. */
  readonly problem?: string;
}

export interface PublishedDomain {
  readonly name: string;
  /** For people. */
  readonly organization: string;
  readonly level: PublicationLevel;
  readonly owners: readonly PublishedOwner[];
}

/** So long a certificate stands beside the one that replaced it: 7 days, in milliseconds. */
export const OVERLAP = 7 * 86_400_000;

/**
 * What is in force at a moment. A certificate that was revoked, set aside, is for signatures only or has ended is no
 * longer given to those who want to encrypt. One that was replaced stands beside its successor for `OVERLAP`: others
 * who hold a copy see that it is still good, and both keys open.
 *
 * @param now ms since 1970 UTC
 */
export function publicationOf({ domains: open, certificates }: Holdings, now: number): PublishedDomain[] {
  const toEncrypt = Map.groupBy(
    certificates.filter(({ purpose }) => purpose !== 'sign'),
    ({ owner }) => owner,
  );
  const inForce = new Map(
    [...toEncrypt].map(([owner, all]) => {
      const shown = all.filter(
        (one) => one.certificate.notAfter > now && (one.state === 'active' || isReplaced(one, all, now)),
      );
      return [owner, shown] as const;
    }),
  );
  return open.map(({ name, organization, certificates: level, addresses }): PublishedDomain => {
    const published = (owner: string, title: string, wanted: boolean): PublishedOwner[] => {
      const found = (inForce.get(owner) ?? [])
        .map(({ certificate }) => certificate)
        .toSorted((a, b) => b.notBefore - a.notBefore);
      if (found.length === 0 && !wanted) return [];
      const problem = problemOf(owner, level, found.length);
      return [{ owner, title, certificates: found, ...(problem === undefined ? {} : { problem }) }];
    };
    return {
      name,
      organization: organization.name,
      level,
      owners: [
        ...published(name, name, isByDomain(level)),
        ...addresses.flatMap(({ address, title }) => published(address, title, !isByDomain(level))),
      ],
    };
  });
}

/** Whether it gave way to a newer one not long ago. What was set aside without a successor is not shown. */
function isReplaced(one: HeldCertificate, all: readonly HeldCertificate[], now: number): boolean {
  if (one.state !== 'decrypt-only') return false;
  const { notBefore } = one.certificate;
  const successors = all.filter(
    ({ state, certificate }) =>
      (state === 'active' && certificate.notBefore >= notBefore) ||
      (state === 'decrypt-only' && certificate.notBefore > notBefore),
  );
  const since = Math.min(...successors.map(({ certificate }) => certificate.notBefore));
  return all.some(({ state }) => state === 'active') && now - since < OVERLAP;
}

function problemOf(owner: string, level: PublicationLevel, count: number): string | undefined {
  if (count === 0) return 'no certificate is in force; issue one, or add one that was issued elsewhere';
  if (level.endsWith('dns') && owner.includes('@') && addressToName(owner) === undefined) {
    return 'the part before the @ cannot stand in a DNS name; publish the certificates of this domain by LDAP, or one for the whole domain';
  }
  return undefined;
}

/** Of the domains that the actor administers. @throws {TenancyError} */
export async function publication(world: TenancyWorld, actor: Actor): Promise<PublishedDomain[]> {
  const seen = new Set((await domains(world, actor)).map(({ name }) => name));
  const all = publicationOf(await holdingsReader()(world.scope), world.host.now());
  return all.filter(({ name }) => seen.has(name));
}
