/**
 * Organizations, Health Domain Names and addresses: seen and changed by those who administer them.
 *
 * @module
 */
import type { z } from 'zod';
import {
  listAddresses,
  listDomains,
  listOrganizations,
  putAddress,
  putDomain,
  putOrganization,
} from '../../store/organizations.ts';
import {
  type DomainPublication,
  defaultPublication,
  putDomainPublication,
  readDomainPublications,
} from '../../store/publication.ts';
import type { DirectAddress, HealthDomain, Organization } from '../../store/tenancy-schema.ts';
import { domainOf } from '../members.ts';
import { type Actor, administers, mustAdminister, mustOperate, TenancyError, visible } from './actor.ts';
import { change, type TenancyWorld } from './change.ts';
import type {
  addressChange,
  addressInput,
  domainChange,
  domainInput,
  organizationChange,
  organizationInput,
} from './input.ts';

const MINUTE = 60_000;
const ms = (minutes: number | null): number | null => (minutes === null ? null : minutes * MINUTE);

/** Those that the actor administers. @throws {TenancyError} */
export async function organizations({ scope }: TenancyWorld, actor: Actor): Promise<Organization[]> {
  mustAdminister(actor);
  return (await listOrganizations(scope)).filter(({ id }) => administers(actor, id));
}

/** @throws {TenancyError} `not-found` when the actor does not administer it */
export async function organization(world: TenancyWorld, actor: Actor, id: string): Promise<Organization> {
  const found = (await listOrganizations(world.scope)).find((one) => one.id === id);
  return visible(actor, found, (one) => one.id, `organization "${id}"`);
}

/** @throws {TenancyError} */
export async function addOrganization(
  world: TenancyWorld,
  actor: Actor,
  input: z.output<typeof organizationInput>,
): Promise<Organization> {
  mustOperate(actor);
  if ((await listOrganizations(world.scope)).some(({ id }) => id === input.id)) {
    throw new TenancyError('conflict', `There is an organization "${input.id}" already.`);
  }
  const { connectedHisp, ...rest } = input;
  const row = { ...rest, connected_hisp: connectedHisp, created_at: world.host.now() };
  await change(
    world,
    actor,
    { action: 'organization.add', subject: input.id, organization: input.id, after: input },
    (inside) => putOrganization(inside, row),
  );
  return row;
}

/** @throws {TenancyError} */
export async function changeOrganization(
  world: TenancyWorld,
  actor: Actor,
  id: string,
  input: z.output<typeof organizationChange>,
): Promise<Organization> {
  mustOperate(actor);
  const before = await organization(world, actor, id);
  const row: Organization = {
    ...before,
    name: input.name ?? before.name,
    status: input.status ?? before.status,
    connected_hisp: input.connectedHisp === undefined ? before.connected_hisp : input.connectedHisp,
  };
  await change(
    world,
    actor,
    { action: 'organization.change', subject: id, organization: id, before, after: row },
    (inside) => putOrganization(inside, row),
  );
  return row;
}

/** A domain with how it publishes. */
export interface MemberDomain extends HealthDomain, Pick<DomainPublication, 'certificates' | 'keys'> {}

/** Those that the actor administers. @throws {TenancyError} */
export async function domains({ scope }: TenancyWorld, actor: Actor): Promise<MemberDomain[]> {
  mustAdminister(actor);
  const said = await readDomainPublications(scope);
  return (await listDomains(scope))
    .filter((one) => administers(actor, one.organization))
    .map((one) => {
      const { certificates, keys } = said.get(one.name) ?? defaultPublication;
      return { ...one, certificates, keys };
    });
}

/** @throws {TenancyError} `not-found` when the actor does not administer it */
export async function domain(world: TenancyWorld, actor: Actor, name: string): Promise<MemberDomain> {
  mustAdminister(actor);
  const found = (await domains(world, actor)).find((one) => one.name === name.toLowerCase());
  return visible(actor, found, (one) => one.organization, `domain "${name}"`);
}

/** @throws {TenancyError} */
export async function addDomain(
  world: TenancyWorld,
  actor: Actor,
  input: z.output<typeof domainInput>,
): Promise<MemberDomain> {
  mustOperate(actor);
  await organization(world, actor, input.organization);
  if ((await listDomains(world.scope)).some(({ name }) => name === input.name)) {
    throw new TenancyError('conflict', `There is a domain "${input.name}" already.`);
  }
  const { processedMinutes, dispatchedMinutes, certificates, keys, ...rest } = input;
  const row = {
    ...rest,
    processed_ms: ms(processedMinutes),
    dispatched_ms: ms(dispatchedMinutes),
    created_at: world.host.now(),
  };
  await change(
    world,
    actor,
    { action: 'domain.add', subject: input.name, organization: input.organization, after: input },
    async (inside) => {
      await putDomain(inside, row);
      await putDomainPublication(inside, { domain: row.name, certificates, keys });
    },
  );
  return { ...row, certificates, keys };
}

/** @throws {TenancyError} */
export async function changeDomain(
  world: TenancyWorld,
  actor: Actor,
  name: string,
  input: z.output<typeof domainChange>,
): Promise<MemberDomain> {
  mustOperate(actor);
  const before = await domain(world, actor, name);
  const { processedMinutes, dispatchedMinutes, ...rest } = input;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const after: MemberDomain = {
    ...before,
    ...given,
    ...(processedMinutes === undefined ? {} : { processed_ms: ms(processedMinutes) }),
    ...(dispatchedMinutes === undefined ? {} : { dispatched_ms: ms(dispatchedMinutes) }),
  };
  await change(
    world,
    actor,
    { action: 'domain.change', subject: after.name, organization: after.organization, before, after },
    async (inside) => {
      const { certificates, keys, ...row } = after;
      await putDomain(inside, row);
      await putDomainPublication(inside, { domain: row.name, certificates, keys });
    },
  );
  return after;
}

/** Of one domain, or of all that the actor administers. @throws {TenancyError} */
export async function addresses(
  world: TenancyWorld,
  actor: Actor,
  inDomain?: string,
): Promise<DirectAddress[]> {
  const seen = inDomain === undefined ? await domains(world, actor) : [await domain(world, actor, inDomain)];
  const names = new Set(seen.map(({ name }) => name));
  return (await listAddresses(world.scope, inDomain)).filter((one) => names.has(one.domain));
}

/** @throws {TenancyError} `not-found` when the actor does not administer it */
export async function address(world: TenancyWorld, actor: Actor, written: string): Promise<DirectAddress> {
  const key = written.toLowerCase();
  const all = await addresses(world, actor);
  const found = all.find((one) => one.address === key);
  if (!found) throw new TenancyError('not-found', `There is no address "${written}".`);
  return found;
}

/** @throws {TenancyError} */
export async function addAddress(
  world: TenancyWorld,
  actor: Actor,
  input: z.output<typeof addressInput>,
): Promise<DirectAddress> {
  const owner = await domain(world, actor, domainOf(input.address));
  if ((await listAddresses(world.scope, owner.name)).some((one) => one.address === input.address)) {
    throw new TenancyError('conflict', `There is an address "${input.address}" already.`);
  }
  await mustLead(world, actor, input.address, input.aliasOf);
  const row: DirectAddress = {
    address: input.address,
    domain: owner.name,
    status: input.status,
    alias_of: input.aliasOf,
    display_name: input.displayName,
    plus_tags: input.plusTags,
    created_at: world.host.now(),
  };
  await change(
    world,
    actor,
    { action: 'address.add', subject: row.address, organization: owner.organization, after: input },
    (inside) => putAddress(inside, row),
  );
  return row;
}

/** @throws {TenancyError} */
export async function changeAddress(
  world: TenancyWorld,
  actor: Actor,
  written: string,
  input: z.output<typeof addressChange>,
): Promise<DirectAddress> {
  const before = await address(world, actor, written);
  const { organization: owner } = await domain(world, actor, before.domain);
  if (input.aliasOf !== undefined) await mustLead(world, actor, before.address, input.aliasOf);
  const row: DirectAddress = {
    ...before,
    status: input.status ?? before.status,
    plus_tags: input.plusTags ?? before.plus_tags,
    ...(input.aliasOf === undefined ? {} : { alias_of: input.aliasOf }),
    ...(input.displayName === undefined ? {} : { display_name: input.displayName }),
  };
  await change(
    world,
    actor,
    { action: 'address.change', subject: row.address, organization: owner, before, after: row },
    (inside) => putAddress(inside, row),
  );
  return row;
}

/** An alias leads to another address that the actor administers, in the same organization, and no further. */
async function mustLead(
  world: TenancyWorld,
  actor: Actor,
  from: string,
  aliasOf: string | null,
): Promise<void> {
  if (aliasOf === null) return;
  const refused = (why: string) =>
    new TenancyError('invalid', `${from} cannot be an alias of ${aliasOf}: ${why}.`);
  const target = (await addresses(world, actor)).find((one) => one.address === aliasOf);
  if (!target || target.address === from) throw refused('there is no such other address');
  if (target.alias_of !== null) throw refused('that is an alias itself');
  const [own, other] = [
    await domain(world, actor, domainOf(from)),
    await domain(world, actor, target.domain),
  ];
  if (own.organization !== other.organization) throw refused('it belongs to another organization');
  const leading = (await listAddresses(world.scope)).find((one) => one.alias_of === from);
  if (leading) throw refused(`${leading.address} is an alias of ${from}`);
}
