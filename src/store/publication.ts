/**
 * How each domain publishes its certificates, what the HISP's own authority revoked, and the serials of the zones.
 *
 * @module
 */
import type { Selectable } from 'kysely';
import type { CrlReason } from '../pki/crl.ts';
import type { Scope } from './scope.ts';

/** Whom certificates are for, and where they stand. */
export type PublicationLevel = 'address-dns' | 'domain-dns' | 'address-ldap' | 'domain-ldap';

export interface DomainPublicationTable {
  tenant: string;
  domain: string;
  certificates: PublicationLevel;
  /** One certificate for both uses, or one to sign and one to encrypt. */
  keys: 'dual' | 'pair';
}

export interface RevokedCertificateTable {
  tenant: string;
  sha256: string;
  /** Hex. */
  serial: string;
  /** ms since 1970 UTC. */
  at: number;
  reason: CrlReason;
}

export interface ZoneSerialTable {
  tenant: string;
  origin: string;
  serial: number;
  /** SHA-256 of the records that the serial stands for. */
  digest: string;
}

export interface PublicationSchema {
  domain_publication: DomainPublicationTable;
  revoked_certificate: RevokedCertificateTable;
  zone_serial: ZoneSerialTable;
}

export type DomainPublication = Omit<Selectable<DomainPublicationTable>, 'tenant'>;
export type RevokedCertificate = Omit<Selectable<RevokedCertificateTable>, 'tenant'>;

/** Of a domain that says nothing. */
export const defaultPublication = { certificates: 'address-dns', keys: 'dual' } as const;

/** By domain; those that say nothing are missing. */
export async function readDomainPublications({ db, tenant }: Scope): Promise<Map<string, DomainPublication>> {
  const rows = await db
    .selectFrom('domain_publication')
    .select(['domain', 'certificates', 'keys'])
    .where('tenant', '=', tenant)
    .execute();
  return new Map(rows.map((row) => [row.domain, row]));
}

export async function putDomainPublication({ db, tenant }: Scope, row: DomainPublication): Promise<void> {
  await db
    .insertInto('domain_publication')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'domain']).doUpdateSet(row))
    .execute();
}

/** Keeps a revocation; the first one stands. */
export async function putRevocation({ db, tenant }: Scope, row: RevokedCertificate): Promise<void> {
  await db
    .insertInto('revoked_certificate')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'sha256']).doNothing())
    .execute();
}

/** The oldest first. */
export const readRevocations = ({ db, tenant }: Scope): Promise<RevokedCertificate[]> =>
  db
    .selectFrom('revoked_certificate')
    .select(['sha256', 'serial', 'at', 'reason'])
    .where('tenant', '=', tenant)
    .orderBy('at')
    .orderBy('sha256')
    .execute();

/** What each zone had last, by origin; also of zones that are no longer served. */
export async function readZoneSerials({
  db,
  tenant,
}: Scope): Promise<Map<string, Omit<ZoneSerialTable, 'tenant'>>> {
  const rows = await db
    .selectFrom('zone_serial')
    .select(['origin', 'serial', 'digest'])
    .where('tenant', '=', tenant)
    .execute();
  return new Map(rows.map((row) => [row.origin, row]));
}

export async function putZoneSerial(
  { db, tenant }: Scope,
  row: Omit<ZoneSerialTable, 'tenant'>,
): Promise<void> {
  await db
    .insertInto('zone_serial')
    .values({ ...row, tenant })
    .onConflict((conflict) => conflict.columns(['tenant', 'origin']).doUpdateSet(row))
    .execute();
}
