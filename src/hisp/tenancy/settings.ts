/**
 * The settings of a HISP: every one with its default, its bounds and what it means. Only what differs is stored.
 *
 * @module
 */
import { z } from 'zod';
import type { Scope } from '../../store/scope.ts';

const minutes = (most: number) => z.int().min(1).max(most);

export const settingsSchema = z.strictObject({
  'login.failures-per-name': z
    .int()
    .min(3)
    .max(1000)
    .default(10)
    .describe('Wrong passwords for one name before it is locked'),
  'login.failures-per-peer': z
    .int()
    .min(3)
    .max(100_000)
    .default(100)
    .describe('Wrong passwords from one address before it is locked'),
  'login.window-minutes': minutes(1440).default(15).describe('Time within which wrong passwords are counted'),
  'login.lock-minutes': minutes(1440).default(15).describe('How long a lock lasts'),
  'login.account-password-on-edges': z
    .boolean()
    .default(true)
    .describe('Mail programs may use the password of the account; false: application passwords only'),
  'session.idle-minutes': minutes(1440)
    .default(30)
    .describe('A session ends when it is not used for so long'),
  'session.hours': z.int().min(1).max(168).default(12).describe('A session ends after so long in any case'),
  'notify.processed-minutes': minutes(1440)
    .default(60)
    .describe('T1: a message without a processed notice has failed after this time'),
  'notify.dispatched-minutes': minutes(1440)
    .default(60)
    .describe('T2: the same for a dispatched notice that was asked for, from the submission on'),
  'notify.lenient-dispatch': z
    .boolean()
    .default(false)
    .describe('A dispatched notice counts although it lacks the final-delivery field'),
  'trust.revocation': z
    .enum(['require', 'soft'])
    .default('require')
    .describe('What an unknown revocation status means: require refuses, soft accepts and says so'),
  'trust.unwrapped': z
    .enum(['refuse', 'accept'])
    .default('refuse')
    .describe('What becomes of a signed message that is not wrapped'),
  'crypto.cipher': z
    .enum(['aes128-cbc', 'aes192-cbc', 'aes256-cbc'])
    .default('aes256-cbc')
    .describe('Cipher of messages that leave'),
  'crypto.key-transport': z
    .enum(['oaep-sha1', 'oaep-sha256', 'pkcs1'])
    .default('oaep-sha1')
    .describe('How the key of a message that leaves is encrypted'),
  'enrollment.open': z.boolean().default(true).describe('Organizations may ask to join on the page'),
  'enrollment.two-persons': z
    .boolean()
    .default(false)
    .describe('An organization is accepted when two operators said so'),
  'enrollment.requests-per-peer': z
    .int()
    .min(1)
    .max(10_000)
    .default(20)
    .describe('Requests to join from one address within 15 minutes, before it has to wait for an hour'),
  'enrollment.draft-days': z
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe('A request that was not sent is removed after this time'),
  'enrollment.refused-days': z
    .int()
    .min(1)
    .max(3650)
    .default(365)
    .describe('A request that was declined or withdrawn is removed, with its evidence, after this time'),
  'departure.export-days': z
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe('The exported mailboxes of who left are removed after this time'),
});

export type Settings = Readonly<z.output<typeof settingsSchema>>;
export type SettingKey = keyof Settings;

export const defaultSettings: Settings = settingsSchema.parse({});
export const SETTING_KEYS = Object.keys(settingsSchema.shape) as readonly SettingKey[];

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(settingsSchema.shape, key);

export const settingText = (key: SettingKey): string => settingsSchema.shape[key].description ?? '';

/** What counts now. A stored value that no longer fits is as the default. */
export async function readSettings({ db, tenant }: Scope): Promise<Settings> {
  const rows = await db.selectFrom('setting').select(['key', 'value']).where('tenant', '=', tenant).execute();
  if (rows.length === 0) return defaultSettings;
  const fitting = rows.flatMap(({ key, value }) => {
    if (!isSettingKey(key)) return [];
    const read = settingsSchema.shape[key].safeParse(JSON.parse(value));
    return read.success ? [[key, read.data] as const] : [];
  });
  return settingsSchema.parse(Object.fromEntries(fitting));
}

/** @throws {z.ZodError} when the value does not fit */
export async function writeSetting({ db, tenant }: Scope, key: SettingKey, value: unknown): Promise<void> {
  const fitting = JSON.stringify(settingsSchema.shape[key].parse(value));
  await db
    .insertInto('setting')
    .values({ tenant, key, value: fitting })
    .onConflict((conflict) => conflict.columns(['tenant', 'key']).doUpdateSet({ value: fitting }))
    .execute();
}

/** From then on its default counts, also when a later version has another. */
export async function removeSetting({ db, tenant }: Scope, key: SettingKey): Promise<void> {
  await db.deleteFrom('setting').where('tenant', '=', tenant).where('key', '=', key).execute();
}
