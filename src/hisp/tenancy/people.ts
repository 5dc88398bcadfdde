/**
 * Accounts, their passwords and application passwords.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import {
  type Account,
  accountById,
  accountByName,
  endSessionsOf,
  listAccounts,
  listAppPasswords,
  putAccount,
  putAppPassword,
  revokeAppPassword,
} from '../../store/accounts.ts';
import { listAddresses, listDomains } from '../../store/organizations.ts';
import type { AppPasswordRow } from '../../store/tenancy-schema.ts';
import { type Actor, administers, mustAdminister, mustOperate, TenancyError } from './actor.ts';
import { change, type TenancyWorld } from './change.ts';
import type { accountChange, accountInput, appPasswordInput, ownPasswordInput } from './input.ts';
import { organization } from './organizations.ts';
import { appPasswordDigest, drawPassword, hashDrawn, hashPassword, isPassword } from './password.ts';

/** An account with a password that is told this once. */
export interface WithPassword {
  readonly account: Account;
  /** Missing when the caller gave it. */
  readonly password?: string;
}

/** Those that the actor administers. @throws {TenancyError} */
export async function accounts({ scope }: TenancyWorld, actor: Actor): Promise<Account[]> {
  mustAdminister(actor);
  return (await listAccounts(scope)).filter((one) => administers(actor, one.organization));
}

/** By id or name. One's own is always seen. @throws {TenancyError} `not-found` */
export async function account({ scope }: TenancyWorld, actor: Actor, which: string): Promise<Account> {
  const found = (await accountById(scope, which)) ?? (await accountByName(scope, which));
  if (!found || !(found.id === actor.account || administers(actor, found.organization))) {
    throw new TenancyError('not-found', `There is no account "${which}".`);
  }
  return found;
}

/** @throws {TenancyError} */
export async function addAccount(
  world: TenancyWorld,
  actor: Actor,
  input: z.output<typeof accountInput>,
): Promise<WithPassword> {
  mustAdminister(actor);
  // an administrator of one organization means that one
  const organization =
    input.role === 'operator' ? input.organization : (input.organization ?? actor.organization);
  await mustFit(world, actor, { ...input, organization });
  await mustNameOwn(world, input.name, organization, input.addresses);
  if (await accountByName(world.scope, input.name)) {
    throw new TenancyError('conflict', `There is an account "${input.name}" already.`);
  }
  const { kept, told } = await keep(world, input.password);
  const made: Account = {
    id: randomUUID(),
    name: input.name,
    display_name: input.displayName,
    role: input.role,
    organization,
    status: 'enabled',
    password: kept,
    created_at: world.host.now(),
    addresses: input.addresses,
  };
  await change(
    world,
    actor,
    { action: 'account.add', subject: made.name, organization: made.organization, after: toldOf(made) },
    (inside) => putAccount(inside, made),
  );
  return { account: made, ...told };
}

/** Ends the sessions of the account: what it may do is another thing now. @throws {TenancyError} */
export async function changeAccount(
  world: TenancyWorld,
  actor: Actor,
  which: string,
  input: z.output<typeof accountChange>,
): Promise<Account> {
  mustAdminister(actor);
  const before = await account(world, actor, which);
  const after: Account = {
    ...before,
    role: input.role ?? before.role,
    status: input.status ?? before.status,
    addresses: input.addresses ?? before.addresses,
    ...(input.displayName === undefined ? {} : { display_name: input.displayName }),
  };
  if (before.id === actor.account && (after.role !== before.role || after.status !== before.status)) {
    throw new TenancyError('invalid', 'Nobody changes his or her own role or status.');
  }
  await mustFit(world, actor, { ...after, organization: before.organization });
  await change(
    world,
    actor,
    {
      action: 'account.change',
      subject: before.name,
      organization: before.organization,
      before: toldOf(before),
      after: toldOf(after),
    },
    async (inside) => {
      await putAccount(inside, after);
      await endSessionsOf(inside, before.id);
    },
  );
  return after;
}

/** Gives an account a new password and ends its sessions. @throws {TenancyError} */
export async function resetPassword(
  world: TenancyWorld,
  actor: Actor,
  which: string,
  chosen?: string,
): Promise<WithPassword> {
  mustAdminister(actor);
  const before = await account(world, actor, which);
  const { kept, told } = await keep(world, chosen);
  await setPassword(world, actor, before, kept, 'password.reset');
  return { account: before, ...told };
}

/** Changes one's own password. @throws {TenancyError} `invalid` when the current one is wrong */
export async function changeOwnPassword(
  world: TenancyWorld,
  actor: Actor,
  input: z.output<typeof ownPasswordInput>,
): Promise<void> {
  const own = await account(world, actor, actor.account ?? '');
  if (!(await isPassword(world.host, own.password, input.current))) {
    throw new TenancyError('invalid', 'The current password is not right.');
  }
  await setPassword(world, actor, own, await hashPassword(world.host, input.password), 'password.change');
}

function setPassword(
  world: TenancyWorld,
  actor: Actor,
  account: Account,
  password: string,
  action: string,
): Promise<void> {
  return change(
    world,
    actor,
    { action, subject: account.name, organization: account.organization },
    async (inside) => {
      await putAccount(inside, { ...account, password });
      await endSessionsOf(inside, account.id);
    },
  );
}

export async function appPasswords(
  world: TenancyWorld,
  actor: Actor,
  which: string,
): Promise<AppPasswordRow[]> {
  const { id } = await account(world, actor, which);
  return listAppPasswords(world.scope, id);
}

/** Draws an application password; it is told this once. Only for oneself. @throws {TenancyError} */
export async function addAppPassword(
  world: TenancyWorld,
  actor: Actor,
  which: string,
  input: z.output<typeof appPasswordInput>,
): Promise<{ readonly row: AppPasswordRow; readonly password: string }> {
  const own = await account(world, actor, which);
  if (own.id !== actor.account && actor.account !== undefined) {
    throw new TenancyError('forbidden', 'Application passwords are made by their owner.');
  }
  const password = drawPassword();
  const row: AppPasswordRow = {
    id: randomUUID(),
    account: own.id,
    label: input.label,
    edges: [...new Set(input.edges)].join(' '),
    digest: appPasswordDigest(password),
    created_at: world.host.now(),
    revoked_at: null,
  };
  const { label, edges } = row;
  await change(
    world,
    actor,
    {
      action: 'app-password.add',
      subject: own.name,
      organization: own.organization,
      after: { label, edges },
    },
    (inside) => putAppPassword(inside, row),
  );
  return { row, password };
}

/** @throws {TenancyError} */
export async function dropAppPassword(
  world: TenancyWorld,
  actor: Actor,
  which: string,
  id: string,
): Promise<void> {
  const own = await account(world, actor, which);
  const found = (await listAppPasswords(world.scope, own.id)).find((one) => one.id === id);
  if (!found || found.revoked_at !== null) {
    throw new TenancyError('not-found', 'There is no such application password.');
  }
  const { label } = found;
  await change(
    world,
    actor,
    { action: 'app-password.revoke', subject: own.name, organization: own.organization, before: { label } },
    (inside) => revokeAppPassword(inside, { account: own.id, id, at: world.host.now() }),
  );
}

/** Whether such an account may be: its role, its organization, its addresses. */
async function mustFit(
  world: TenancyWorld,
  actor: Actor,
  wanted: Pick<Account, 'role' | 'organization' | 'addresses'>,
): Promise<void> {
  const { role, organization: of } = wanted;
  if (role === 'operator') mustOperate(actor);
  if ((role === 'operator') !== (of === null)) {
    throw new TenancyError(
      'invalid',
      role === 'operator'
        ? 'An operator belongs to no organization.'
        : 'The account needs the organization that it is of: only operators have none.',
    );
  }
  if (of !== null) await organization(world, actor, of);
  const own = new Set(
    (await listDomains(world.scope))
      .filter((one) => of === null || one.organization === of)
      .map(({ name }) => name),
  );
  const known = new Set(
    (await listAddresses(world.scope)).filter(({ domain }) => own.has(domain)).map((one) => one.address),
  );
  const foreign = wanted.addresses.find((address) => !known.has(address));
  if (foreign !== undefined) {
    throw new TenancyError('invalid', `There is no address "${foreign}" in this organization. Add it first.`);
  }
}

/** Addresses are login names, too: a name that is the address of somebody else would stand in the way of its login. */
async function mustNameOwn(
  { scope }: TenancyWorld,
  name: string,
  of: string | null,
  addresses: readonly string[],
): Promise<void> {
  const written = name.toLowerCase();
  const domain = (await listDomains(scope)).find((one) => written.endsWith(`@${one.name}`));
  if (!domain) return;
  if (domain.organization !== of)
    throw new TenancyError(
      'invalid',
      `"${name}" is in a domain of another organization. Choose another name.`,
    );
  const taken = (await listAddresses(scope, domain.name)).some(({ address: one }) => one === written);
  if (taken && !addresses.some((one) => one.toLowerCase() === written))
    throw new TenancyError(
      'invalid',
      `"${name}" is an address that the account does not have. Choose another name.`,
    );
}

async function keep(
  { host }: TenancyWorld,
  chosen: string | undefined,
): Promise<{ kept: string; told: { password?: string } }> {
  if (chosen !== undefined) return { kept: await hashPassword(host, chosen), told: {} };
  const password = drawPassword();
  return { kept: hashDrawn(password), told: { password } };
}

/** What the log may have of an account: never its password. */
const toldOf = ({ password: _, ...rest }: Account) => rest;
