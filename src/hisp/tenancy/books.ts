/**
 * Settings, audit log, queue, quarantine and report: seen by those who administer them.
 *
 * @module
 */
import { type AuditVerdict, readAudit, verifyAudit } from '../../store/audit.ts';
import { type QueueRow, queueRows, trafficSince } from '../../store/correspondence.ts';
import { listQuarantine } from '../../store/mailbox.ts';
import { listAddresses, listDomains, listOrganizations } from '../../store/organizations.ts';
import type { QuarantineTable } from '../../store/schema.ts';
import type { AuditEntry } from '../../store/tenancy-schema.ts';
import { domainOf } from '../members.ts';
import { type Actor, mustAdminister, mustOperate, TenancyError } from './actor.ts';
import { change, type TenancyWorld } from './change.ts';
import { plainIssue } from './input.ts';
import { domains } from './organizations.ts';
import {
  defaultSettings,
  isSettingKey,
  readSettings,
  removeSetting,
  SETTING_KEYS,
  type SettingKey,
  settingsSchema,
  settingText,
  writeSetting,
} from './settings.ts';

export interface SettingView {
  readonly key: SettingKey;
  readonly value: string | number | boolean;
  readonly default: string | number | boolean;
  readonly meaning: string;
}

/** @throws {TenancyError} */
export async function settings({ scope }: TenancyWorld, actor: Actor): Promise<SettingView[]> {
  mustOperate(actor);
  const now = await readSettings(scope);
  return SETTING_KEYS.map((key) => ({
    key,
    value: now[key],
    default: defaultSettings[key],
    meaning: settingText(key),
  }));
}

/** @param given text as a person typed it, or the value itself @throws {TenancyError} */
export async function changeSetting(
  world: TenancyWorld,
  actor: Actor,
  key: string,
  given: unknown,
): Promise<void> {
  mustOperate(actor);
  mustBeSetting(key);
  const value = typeof given === 'string' ? typed(given) : given;
  const read = settingsSchema.shape[key].safeParse(value);
  if (!read.success) {
    const why = read.error.issues.map(({ message }) => plainIssue(message)).join('; ');
    throw new TenancyError('invalid', `${key}: found ${JSON.stringify(value)}, ${why}.`);
  }
  const before = (await readSettings(world.scope))[key];
  await change(
    world,
    actor,
    { action: 'setting.change', subject: key, organization: null, before, after: read.data },
    (inside) => writeSetting(inside, key, read.data),
  );
}

/** Gives a setting its default again. @throws {TenancyError} */
export async function resetSetting(world: TenancyWorld, actor: Actor, key: string): Promise<void> {
  mustOperate(actor);
  mustBeSetting(key);
  const before = (await readSettings(world.scope))[key];
  await change(
    world,
    actor,
    { action: 'setting.reset', subject: key, organization: null, before, after: defaultSettings[key] },
    (inside) => removeSetting(inside, key),
  );
}

function mustBeSetting(key: string): asserts key is SettingKey {
  if (isSettingKey(key)) return;
  const all = SETTING_KEYS.join(', ');
  throw new TenancyError('not-found', `There is no setting "${key}". The settings are ${all}.`);
}

/**
 * Forgets what others said (DNS, revocation lists, issuers), so that the next message asks anew.
 *
 * @throws {TenancyError} `conflict` when the HISP does not run: then nothing is remembered
 */
export async function forgetAnswers(
  world: TenancyWorld,
  actor: Actor,
  hisp: { readonly flush?: () => void },
): Promise<void> {
  mustOperate(actor);
  const { flush } = hisp;
  if (!flush) throw new TenancyError('conflict', 'This HISP does not run here, so it remembers nothing.');
  const said = { action: 'answers.forget', subject: world.scope.tenant, organization: null };
  await change(world, actor, said, async () => flush());
}

function typed(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  return /^\d{1,9}$/.test(trimmed) ? Number(trimmed) : trimmed;
}

/** The newest first; for administrators of an organization, what concerns it. @throws {TenancyError} */
export async function audit(
  { scope }: TenancyWorld,
  actor: Actor,
  page: { readonly before?: number; readonly limit: number },
): Promise<AuditEntry[]> {
  mustAdminister(actor);
  return readAudit(scope, {
    ...page,
    ...(actor.role === 'operator' ? {} : { organization: actor.organization ?? '' }),
  });
}

/** @throws {TenancyError} */
export async function auditVerdict({ scope }: TenancyWorld, actor: Actor): Promise<AuditVerdict> {
  mustOperate(actor);
  return verifyAudit(scope);
}

const MOST = 1000;

/** What is under way for the domains that the actor administers, the oldest first. @throws {TenancyError} */
export async function queue(world: TenancyWorld, actor: Actor): Promise<QueueRow[]> {
  const own = await administeredDomains(world, actor);
  const rows = await queueRows(world.scope, MOST);
  return rows.filter(({ address, envelope_from, direction }) =>
    own.has(domainOf(direction === 'in' ? address : envelope_from)),
  );
}

export type Refused = Omit<QuarantineTable, 'tenant'>;

/** What was refused at the domains that the actor administers. @throws {TenancyError} */
export async function quarantine(world: TenancyWorld, actor: Actor): Promise<Refused[]> {
  const own = await administeredDomains(world, actor);
  return (await listQuarantine(world.scope)).filter(({ address }) => own.has(domainOf(address))).reverse();
}

/** An operator sees what is addressed to domains that are gone as well. */
async function administeredDomains(
  world: TenancyWorld,
  actor: Actor,
): Promise<{ has(name: string): boolean }> {
  const own = new Set((await domains(world, actor)).map(({ name }) => name));
  return actor.role === 'operator' ? { has: () => true } : own;
}

/** Notes that somebody had refused messages judged again. @throws {TenancyError} `not-found` */
export async function mayReprocess(
  world: TenancyWorld,
  actor: Actor,
  which: { readonly messageId: string; readonly address: string },
): Promise<void> {
  const found = (await quarantine(world, actor)).some(
    (one) => one.message_id === which.messageId && one.address === which.address.toLowerCase(),
  );
  if (!found) throw new TenancyError('not-found', 'There is no such message in the quarantine.');
  const organization =
    (await listDomains(world.scope)).find(({ name }) => name === domainOf(which.address))?.organization ??
    null;
  await change(
    world,
    actor,
    {
      action: 'quarantine.reprocess',
      subject: which.address,
      organization,
      after: { message: which.messageId },
    },
    async () => undefined,
  );
}

export interface MemberCounts {
  readonly organizations: number;
  readonly domains: number;
  readonly addresses: number;
  readonly sent: number;
  readonly failed: number;
  readonly received: number;
}

/** Our own members apart from those of HISPs that are connected through us. */
export interface MemberReport {
  /** ms since 1970 UTC: messages from then on are counted. */
  readonly since: number;
  readonly own: MemberCounts;
  readonly connected: readonly (MemberCounts & { readonly hisp: string })[];
}

/** @throws {TenancyError} */
export async function report(world: TenancyWorld, actor: Actor, since: number): Promise<MemberReport> {
  mustOperate(actor);
  const { scope } = world;
  const [all, names, addresses, traffic] = [
    await listOrganizations(scope),
    await listDomains(scope),
    await listAddresses(scope),
    new Map((await trafficSince(scope, since)).map((one) => [one.domain, one])),
  ];
  const counts = (hisp: string | null): MemberCounts => {
    const ids = new Set(all.filter((one) => one.connected_hisp === hisp).map(({ id }) => id));
    const own = names.filter(({ organization }) => ids.has(organization)).map(({ name }) => name);
    const sum = (what: 'sent' | 'failed' | 'received') =>
      own.reduce((total, name) => total + (traffic.get(name)?.[what] ?? 0), 0);
    return {
      organizations: ids.size,
      domains: own.length,
      addresses: addresses.filter(({ domain, status }) => status === 'enabled' && own.includes(domain))
        .length,
      sent: sum('sent'),
      failed: sum('failed'),
      received: sum('received'),
    };
  };
  const hisps = [...new Set(all.flatMap(({ connected_hisp }) => connected_hisp ?? []))].sort();
  return {
    since,
    own: counts(null),
    connected: hisps.map((hisp) => ({ hisp, ...counts(hisp) })),
  };
}
