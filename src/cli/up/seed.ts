/**
 * What the network's file says of a HISP's members, brought into its store: what is missing is added, what an
 * administrator changed stays as it is.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { OrganizationDefinition } from '../../config/network.ts';
import { drawPassword, hashDrawn } from '../../hisp/tenancy/password.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { listAccounts, putAccount } from '../../store/accounts.ts';
import { writeAudit } from '../../store/audit.ts';
import { putIdentity, readCertificates, type StoredCertificate } from '../../store/identities.ts';
import {
  listAddresses,
  listDomains,
  listOrganizations,
  putAddress,
  putDomain,
  putOrganization,
} from '../../store/organizations.ts';
import { putDomainPublication, readDomainPublications } from '../../store/publication.ts';
import { atomically, type Scope } from '../../store/scope.ts';
import type { SealKey } from '../../store/seal.ts';
import type { Role } from '../../store/tenancy-schema.ts';
import type { HispMaterial } from '../demo/material.ts';
import type { OpenNetwork } from '../demo/open.ts';
import type { State } from '../demo/state.ts';

const PASSWORDS = 'passwords.json';
const passwordsSchema = z.record(z.string(), z.string());

/** The passwords that were drawn for the accounts of the network, by name. */
export function drawnPasswords(state: State): Record<string, string> {
  const text = state.read(PASSWORDS);
  return text === undefined ? {} : passwordsSchema.parse(JSON.parse(text));
}

/** Short name of an organization. */
export const organizationId = ({ name }: Pick<OrganizationDefinition, 'name'>): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 63);

interface SeededAccount {
  readonly name: string;
  readonly display_name: string;
  readonly role: Role;
  readonly organization: string | null;
  readonly addresses: readonly string[];
}

/** @param now ms since 1970 UTC */
export async function seed(
  { network, material, state }: OpenNetwork,
  id: string,
  scope: Scope,
  seal: SealKey,
  now: number,
): Promise<void> {
  const organizations = network.organizations.filter(({ hisp }) => hisp === id);
  const added = await atomically(scope, async (inside) => {
    const before = await known(inside);
    let count = 0;
    for (const one of organizations) count += await seedOrganization(inside, one, before, now);
    return count;
  });
  await atomically(scope, (inside) => seedLevels(inside, organizations));
  await atomically(scope, (inside) => seedKeys(inside, seal, material.get(id)!));
  const operator = `operator@${network.hisps[id]!.domain}`;
  const people = await seedAccounts(scope, state, now, [
    {
      name: operator,
      display_name: `Operator of ${network.hisps[id]!.title}`,
      role: 'operator',
      organization: null,
      addresses: [],
    },
    ...organizations.flatMap(accountsOf),
  ]);
  if (added + people > 0) {
    await writeAudit(scope, {
      at: now,
      actor: 'up',
      action: 'network.seed',
      subject: id,
      organization: null,
      detail: { organizations: added, accounts: people },
    });
  }
}

/** How each organization publishes, where nothing was said yet. */
async function seedLevels(inside: Scope, organizations: readonly OrganizationDefinition[]): Promise<void> {
  const said = await readDomainPublications(inside);
  for (const { domain, certificates } of organizations) {
    if (!said.has(domain)) await putDomainPublication(inside, { domain, certificates, keys: 'dual' });
  }
}

/**
 * Certificates of the network with their keys. A leaf that was renewed: what was encrypted to the old one still opens.
 * Who has a later one, by order of an administrator, keeps that; who had one revoked gets none without an order.
 */
async function seedKeys(inside: Scope, seal: SealKey, { leaves }: HispMaterial): Promise<void> {
  const held = await readCertificates(inside);
  const known = new Set(held.map(({ owner, sha256 }) => `${owner} ${sha256}`));
  for (const [owner, { certificate, key }] of leaves) {
    if (known.has(`${owner} ${certificate.sha256}`) || isReplaced(held, owner, certificate)) continue;
    for (const old of held) {
      if (old.owner !== owner || old.state !== 'active') continue;
      await putIdentity(inside, seal, { ...bare(old), state: 'decrypt-only' });
    }
    const fresh = { owner, purpose: 'dual', state: 'active', der: certificate.der } as const;
    await putIdentity(inside, seal, { ...fresh, privateKey: key.privateKey });
  }
}

const isReplaced = (
  held: readonly StoredCertificate[],
  owner: string,
  { notAfter }: Pick<Certificate, 'notAfter'>,
): boolean =>
  held.some(
    (one) =>
      one.owner === owner &&
      (one.state === 'revoked' || (one.state === 'active' && parseCertificate(one.der).notAfter >= notAfter)),
  );

const bare = ({ sha256: _, hasKey: __, ...row }: Awaited<ReturnType<typeof readCertificates>>[number]) => row;

async function known(scope: Scope): Promise<ReadonlySet<string>> {
  return new Set([
    ...(await listOrganizations(scope)).map(({ id }) => `organization ${id}`),
    ...(await listDomains(scope)).map(({ name }) => `domain ${name}`),
    ...(await listAddresses(scope)).map(({ address }) => `address ${address}`),
  ]);
}

async function seedOrganization(
  scope: Scope,
  one: OrganizationDefinition,
  before: ReadonlySet<string>,
  created_at: number,
): Promise<number> {
  const organization = organizationId(one);
  const isNew = !before.has(`organization ${organization}`);
  if (isNew) {
    await putOrganization(scope, {
      id: organization,
      name: one.name,
      status: 'enabled',
      connected_hisp: null,
      created_at,
    });
  }
  if (!before.has(`domain ${one.domain}`)) {
    await putDomain(scope, {
      name: one.domain,
      organization,
      status: 'ENABLED',
      profile: '1.3',
      postmaster: null,
      unwrapped: null,
      revocation: null,
      processed_ms: null,
      dispatched_ms: null,
      created_at,
    });
  }
  for (const person of one.addresses) {
    const address = `${person.local}@${one.domain}`;
    if (before.has(`address ${address}`)) continue;
    await putAddress(scope, {
      address,
      domain: one.domain,
      status: 'enabled',
      alias_of: null,
      display_name: person.name,
      plus_tags: 'accept',
      created_at,
    });
  }
  return isNew ? 1 : 0;
}

/** An administrator, who reads the mail of nobody, and everybody with an address. */
function accountsOf(one: OrganizationDefinition): SeededAccount[] {
  const organization = organizationId(one);
  return [
    {
      name: `admin@${one.domain}`,
      display_name: `Administrator of ${one.name}`,
      role: 'organization-administrator',
      organization,
      addresses: [],
    },
    ...one.addresses.map((person): SeededAccount => {
      const address = `${person.local}@${one.domain}`;
      return { name: address, display_name: person.name, role: 'user', organization, addresses: [address] };
    }),
  ];
}

/** Passwords are written down before the accounts exist: none can be lost in between. */
async function seedAccounts(
  scope: Scope,
  state: State,
  created_at: number,
  wanted: readonly SeededAccount[],
): Promise<number> {
  const existing = new Set((await listAccounts(scope)).map(({ name }) => name));
  const missing = wanted.filter(({ name }) => !existing.has(name));
  if (missing.length === 0) return 0;
  const passwords = drawnPasswords(state);
  for (const { name } of missing) passwords[name] = drawPassword();
  state.write(PASSWORDS, `${JSON.stringify(passwords, null, 2)}\n`, 'owner');
  await atomically(scope, async (inside) => {
    for (const one of missing) {
      await putAccount(inside, {
        ...one,
        id: randomUUID(),
        status: 'enabled',
        password: hashDrawn(passwords[one.name]!),
        created_at,
      });
    }
  });
  return missing.length;
}
