/**
 * Certificates from the HISP's own authority: for whoever is enabled and has none, before one ends, and when an
 * administrator asks. What a certificate replaces still opens what was encrypted to it.
 *
 * @module
 */
import type { z } from 'zod';
import type { Certificate } from '../../pki/certificate.ts';
import { writeAudit } from '../../store/audit.ts';
import { putIdentity } from '../../store/identities.ts';
import { addKeyUses } from '../../store/key-use.ts';
import { atomically, type Scope } from '../../store/scope.ts';
import { domainOf } from '../members.ts';
import { type Actor, TenancyError } from './actor.ts';
import type { TenancyWorld } from './change.ts';
import type { keyOrder } from './input.ts';
import type { CertificateOrder, Issuer } from './issuer.ts';
import { domain } from './organizations.ts';
import {
  type HeldCertificate,
  type Holdings,
  holdingsReader,
  isByDomain,
  type OpenDomain,
  type ReadHoldings,
} from './publication.ts';

/** With less than this left, a certificate is replaced: 30 days, in milliseconds. */
export const RENEWAL = 30 * 86_400_000;

/** Whether the authority issued it. */
export const isIssuedBy = (certificate: Certificate, authority: Certificate): boolean =>
  certificate.aki === authority.ski && Buffer.compare(certificate.issuerDer, authority.subjectDer) === 0;

interface Wanted {
  readonly domain: OpenDomain;
  readonly owner: string;
  readonly title: string;
}

const everybody = (domain: OpenDomain): Wanted[] =>
  isByDomain(domain.certificates)
    ? [{ domain, owner: domain.name, title: domain.name }]
    : domain.addresses.map(({ address, title }) => ({ domain, owner: address, title }));

/**
 * Who needs a certificate: whoever has none in force, or one of ours that ends soon. Not those whose certificate was
 * revoked, or comes from elsewhere and has ended: an administrator decides whether they get another.
 */
function owed({ domains, certificates }: Holdings, authority: Certificate, now: number): Wanted[] {
  const held = Map.groupBy(certificates, ({ owner }) => owner);
  return domains.flatMap(everybody).filter(({ owner }) => {
    const own = held.get(owner) ?? [];
    const active = own.filter(({ state, certificate }) => state === 'active' && certificate.notAfter > now);
    if (active.length === 0) {
      return !own.some(
        ({ state, certificate }) =>
          state === 'revoked' || (state === 'active' && !isIssuedBy(certificate, authority)),
      );
    }
    return (['sign', 'encrypt'] as const).some((use) => {
      const fit = active.filter(({ purpose }) => purpose === 'dual' || purpose === use);
      return (
        fit.length > 0 &&
        fit.every(
          ({ certificate }) => certificate.notAfter - now < RENEWAL && isIssuedBy(certificate, authority),
        )
      );
    });
  });
}

/**
 * Issues what is owed, each in a transaction of its own.
 *
 * @returns the owners that have a new certificate
 */
export async function issueMissing(
  { host, scope, seal }: Pick<TenancyWorld, 'host' | 'scope' | 'seal'>,
  issuer: Issuer,
  read: ReadHoldings,
): Promise<string[]> {
  const holdings = await read(scope);
  const owners: string[] = [];
  for (const wanted of owed(holdings, issuer.authority, host.now())) {
    await issueTo({ host, scope, seal }, issuer, wanted, holdings.certificates, 'authority');
    owners.push(wanted.owner);
  }
  return owners;
}

/**
 * Issues a new certificate to an enabled address or domain, by order of an administrator; also a renewal, and after a
 * revocation.
 *
 * @returns its certificates: one, or one to sign and one to encrypt
 * @throws {TenancyError} `conflict` when the HISP has no authority here, or the owner is not enabled
 */
export async function issueKey(
  world: TenancyWorld,
  actor: Actor,
  { owner }: z.output<typeof keyOrder>,
): Promise<HeldCertificate[]> {
  await domain(world, actor, domainOf(owner));
  const { issuer } = world;
  if (!issuer) throw new TenancyError('conflict', 'This HISP has no authority of its own here.');
  const { domains, certificates } = await holdingsReader()(world.scope);
  const of = domains.find(({ name }) => name === domainOf(owner));
  const person = of?.addresses.find(({ address }) => address === owner);
  if (!of || (owner.includes('@') && !person)) {
    throw new TenancyError('conflict', `${owner} is not enabled; only who is enabled gets a certificate.`);
  }
  const wanted = { domain: of, owner, title: person?.title ?? owner };
  const issued = await issueTo(world, issuer, wanted, certificates, actor.name);
  await world.changed();
  return issued;
}

/**
 * Makes sure that an owner has a certificate in force before its domain is shown, so that nobody finds the domain without
 * one.
 *
 * @returns what is in force or was issued
 * @throws {TenancyError} `conflict` when the HISP has no authority here
 */
export async function issueFirst(
  world: TenancyWorld,
  actor: Actor,
  { domain: of, owner, title, purpose }: Wanted & Partial<Pick<CertificateOrder, 'purpose'>>,
): Promise<Certificate[]> {
  const { issuer } = world;
  if (!issuer) throw new TenancyError('conflict', 'This HISP has no authority of its own here.');
  const { certificates } = await holdingsReader()(world.scope);
  const inForce = certificates.filter(
    (one) => one.owner === owner && one.state === 'active' && one.certificate.notAfter > world.host.now(),
  );
  if (inForce.length > 0) return inForce.map(({ certificate }) => certificate);
  const wanted = { domain: of, owner, title };
  const issued = await issueTo(world, issuer, wanted, certificates, actor.name, purpose);
  return issued.map(({ certificate }) => certificate);
}

async function issueTo(
  { host, scope, seal }: Pick<TenancyWorld, 'host' | 'scope' | 'seal'>,
  issuer: Issuer,
  { domain: of, owner, title }: Wanted,
  certificates: readonly HeldCertificate[],
  by: string,
  only?: CertificateOrder['purpose'],
): Promise<HeldCertificate[]> {
  const purposes = only ? [only] : of.keys === 'pair' ? (['sign', 'encrypt'] as const) : (['dual'] as const);
  const kind = owner.includes('@') ? 'address' : 'domain';
  const made: (Awaited<ReturnType<Issuer['issue']>> & Pick<CertificateOrder, 'purpose'>)[] = [];
  for (const purpose of purposes) {
    const order = { owner, kind, organization: of.organization.name, title, purpose } as const;
    made.push({ ...(await issuer.issue(order)), purpose });
  }
  const old = certificates.filter((one) => one.owner === owner && one.state === 'active');
  await atomically(scope, async (inside: Scope) => {
    for (const { purpose, certificate } of old) {
      await putIdentity(inside, seal, { owner, purpose, state: 'decrypt-only', der: certificate.der });
    }
    for (const { purpose, certificate, privateKey } of made) {
      await putIdentity(inside, seal, { owner, purpose, state: 'active', der: certificate.der, privateKey });
    }
    const use = { certificate_sha256: issuer.authority.sha256, operation: 'sign' } as const;
    await addKeyUses(
      inside,
      made.map(() => use),
      host.now(),
    );
    await writeAudit(inside, {
      at: host.now(),
      actor: by,
      action: 'key.issue',
      subject: owner,
      organization: of.organization.id,
      detail: {
        before: old.map(({ certificate }) => certificate.sha256),
        after: made.map(({ certificate, purpose }) => ({
          sha256: certificate.sha256,
          serial: certificate.serial,
          purpose,
          notAfter: certificate.notAfter,
        })),
      },
    });
  });
  return made.map(({ certificate, purpose }) => ({
    owner,
    purpose,
    state: 'active',
    sha256: certificate.sha256,
    hasKey: true,
    certificate,
  }));
}
