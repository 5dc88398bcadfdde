/**
 * The tables of tenancy and administration. As everywhere: a tenant in every row, whole milliseconds, flags 0 or 1,
 * names that are compared in lower case.
 *
 * @module
 */
import type { Selectable } from 'kysely';

export interface OrganizationTable {
  tenant: string;
  /** Short name of a-z, 0-9 and hyphen. */
  id: string;
  name: string;
  status: 'enabled' | 'disabled';
  /** The connected HISP that the organization is with; null for a member of our own. */
  connected_hisp: string | null;
  created_at: number;
}

/** Health Domain Names (hisp-behaviour §1). What is null is as the settings say. */
export interface HealthDomainTable {
  tenant: string;
  name: string;
  organization: string;
  /** `NEW`: set up, takes and sends nothing yet. */
  status: 'NEW' | 'ENABLED' | 'DISABLED';
  profile: '1.2' | '1.3';
  postmaster: string | null;
  unwrapped: 'refuse' | 'accept' | null;
  revocation: 'require' | 'soft' | null;
  processed_ms: number | null;
  dispatched_ms: number | null;
  created_at: number;
}

export interface DirectAddressTable {
  tenant: string;
  address: string;
  domain: string;
  status: 'enabled' | 'disabled';
  /** Mail goes to the mailbox of this address instead. */
  alias_of: string | null;
  display_name: string | null;
  /** Whether `name+tag@domain` is this address. */
  plus_tags: 'accept' | 'refuse';
  created_at: number;
}

export type Role = 'operator' | 'organization-administrator' | 'user';

export interface AccountTable {
  tenant: string;
  id: string;
  /** What is typed to sign in; unique in the tenant. */
  name: string;
  display_name: string | null;
  role: Role;
  /** Null for an operator. */
  organization: string | null;
  status: 'enabled' | 'disabled';
  /** See `hisp/tenancy/password.ts`. */
  password: string;
  created_at: number;
}

export interface AccountAddressTable {
  tenant: string;
  account: string;
  address: string;
  /** The first one is meant where one is. */
  position: number;
}

export interface AppPasswordTable {
  tenant: string;
  id: string;
  account: string;
  label: string;
  /** The ways in, with blanks between. */
  edges: string;
  /** SHA-256 of the password, which is random: there is nothing to guess. */
  digest: string;
  created_at: number;
  revoked_at: number | null;
}

export interface SessionTable {
  tenant: string;
  /** SHA-256 of the token that the browser has. */
  digest: string;
  account: string;
  created_at: number;
  seen_at: number;
}

/** Failed attempts to sign in, by `name:` or `peer:`. */
export interface LoginFailureTable {
  tenant: string;
  key: string;
  failures: number;
  first_at: number;
  locked_until: number | null;
}

/** Values that differ from the defaults; JSON. */
export interface SettingTable {
  tenant: string;
  key: string;
  value: string;
}

export interface AuditTable {
  tenant: string;
  /** Counts up by one in each tenant, from 1. */
  n: number;
  at: number;
  /** Name of the account, or what acted instead. */
  actor: string;
  action: string;
  /** What it was done to. */
  subject: string;
  /** The organization that it concerns; null for what concerns the HISP. */
  organization: string | null;
  /** JSON: before, after. Never a secret. */
  detail: string;
  previous: string;
  hash: string;
}

/** A trust bundle that the HISP fetches (hisp-behaviour §1). */
export interface BundleSubscriptionTable {
  tenant: string;
  id: string;
  title: string;
  url: string;
  interval_ms: number;
  /** JSON list of the SHA-256 of signers. */
  pins: string;
  /** Plain HTTP without a pin is allowed: for test networks. */
  unauthenticated: number;
  replay: 'hold' | 'alarm';
}

export interface BundleDomainTable {
  tenant: string;
  bundle: string;
  domain: string;
  incoming: number;
  outgoing: number;
}

export interface TenancySchema {
  organization: OrganizationTable;
  health_domain: HealthDomainTable;
  direct_address: DirectAddressTable;
  account: AccountTable;
  account_address: AccountAddressTable;
  app_password: AppPasswordTable;
  session: SessionTable;
  login_failure: LoginFailureTable;
  setting: SettingTable;
  audit: AuditTable;
  bundle_subscription: BundleSubscriptionTable;
  bundle_domain: BundleDomainTable;
}

export type Organization = Omit<Selectable<OrganizationTable>, 'tenant'>;
export type HealthDomain = Omit<Selectable<HealthDomainTable>, 'tenant'>;
export type DirectAddress = Omit<Selectable<DirectAddressTable>, 'tenant'>;
export type AccountRow = Omit<Selectable<AccountTable>, 'tenant'>;
export type AppPasswordRow = Omit<Selectable<AppPasswordTable>, 'tenant'>;
export type SessionRow = Omit<Selectable<SessionTable>, 'tenant'>;
export type AuditEntry = Omit<Selectable<AuditTable>, 'tenant'>;
