/**
 * What the HTTP API gives: shapes that only grow. Times are ISO 8601 UTC.
 *
 * @module
 */
import { z } from 'zod';
import type { RecipientFate, SentLetter } from '../../src/hisp/tenancy/mailroom.ts';
import type { MemberDomain } from '../../src/hisp/tenancy/organizations.ts';
import type { PublishedDomain } from '../../src/hisp/tenancy/publication.ts';
import type { HeldAnchor, HeldKey } from '../../src/hisp/tenancy/trust.ts';
import { formatName } from '../../src/pki/name.ts';
import type { Account } from '../../src/store/accounts.ts';
import type { QueueRow } from '../../src/store/correspondence.ts';
import type { MailboxItem } from '../../src/store/mailbox.ts';
import type { StoredSubscription } from '../../src/store/subscriptions.ts';
import type {
  AppPasswordRow,
  AuditEntry,
  DirectAddress,
  Organization,
} from '../../src/store/tenancy-schema.ts';

export const iso = (ms: number): string => new Date(ms).toISOString();
const time = z.iso.datetime();
const orNull = z.string().nullable();

export const organizationView = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(['enabled', 'disabled']),
  connectedHisp: orNull,
});
export const toOrganization = (row: Organization): z.output<typeof organizationView> => ({
  id: row.id,
  name: row.name,
  status: row.status,
  connectedHisp: row.connected_hisp,
});

export const domainView = z.strictObject({
  name: z.string(),
  organization: z.string(),
  status: z.enum(['NEW', 'ENABLED', 'DISABLED']),
  certificates: z.enum(['address-dns', 'domain-dns', 'address-ldap', 'domain-ldap']),
  keys: z.enum(['dual', 'pair']),
  profile: z.enum(['1.2', '1.3']),
  postmaster: orNull,
  unwrapped: z.enum(['refuse', 'accept']).nullable(),
  revocation: z.enum(['require', 'soft']).nullable(),
  processedMinutes: z.number().nullable(),
  dispatchedMinutes: z.number().nullable(),
});
const minutes = (ms: number | null): number | null => (ms === null ? null : ms / 60_000);
export const toDomain = (row: MemberDomain): z.output<typeof domainView> => ({
  name: row.name,
  organization: row.organization,
  status: row.status,
  certificates: row.certificates,
  keys: row.keys,
  profile: row.profile,
  postmaster: row.postmaster,
  unwrapped: row.unwrapped,
  revocation: row.revocation,
  processedMinutes: minutes(row.processed_ms),
  dispatchedMinutes: minutes(row.dispatched_ms),
});

export const addressView = z.strictObject({
  address: z.string(),
  domain: z.string(),
  displayName: orNull,
  status: z.enum(['enabled', 'disabled']),
  aliasOf: orNull,
  plusTags: z.enum(['accept', 'refuse']),
});
export const toAddress = (row: DirectAddress): z.output<typeof addressView> => ({
  address: row.address,
  domain: row.domain,
  displayName: row.display_name,
  status: row.status,
  aliasOf: row.alias_of,
  plusTags: row.plus_tags,
});

export const accountView = z.strictObject({
  id: z.string(),
  name: z.string(),
  displayName: orNull,
  role: z.enum(['operator', 'organization-administrator', 'user']),
  organization: orNull,
  status: z.enum(['enabled', 'disabled']),
  addresses: z.array(z.string()),
});
export const toAccount = (row: Account): z.output<typeof accountView> => ({
  id: row.id,
  name: row.name,
  displayName: row.display_name,
  role: row.role,
  organization: row.organization,
  status: row.status,
  addresses: [...row.addresses],
});
export const accountWithPassword = z.strictObject({
  account: accountView,
  password: z.string().optional().describe('Told this once; missing when it was given'),
});

export const appPasswordView = z.strictObject({
  id: z.string(),
  label: z.string(),
  edges: z.array(z.string()),
  created: time,
  revoked: time.nullable(),
});
export const toAppPassword = (row: AppPasswordRow): z.output<typeof appPasswordView> => ({
  id: row.id,
  label: row.label,
  edges: row.edges.split(' '),
  created: iso(row.created_at),
  revoked: row.revoked_at === null ? null : iso(row.revoked_at),
});

export const keyView = z.strictObject({
  owner: z.string(),
  sha256: z.string(),
  subject: z.string(),
  notBefore: time,
  notAfter: time,
  purpose: z.enum(['sign', 'encrypt', 'dual']),
  state: z.enum(['active', 'decrypt-only', 'revoked']),
  hasKey: z.boolean(),
});
export const toKey = ({ certificate, ...row }: HeldKey): z.output<typeof keyView> => ({
  ...row,
  subject: formatName(certificate.subject),
  notBefore: iso(certificate.notBefore),
  notAfter: iso(certificate.notAfter),
});

export const publishedView = z.strictObject({
  owner: z.string(),
  domain: z.string(),
  where: z.enum(['dns', 'ldap']),
  certificates: z.array(z.strictObject({ sha256: z.string(), notAfter: time })),
  problem: orNull.describe('Why senders do not find it, and what helps'),
});
export const toPublished = (of: PublishedDomain): z.output<typeof publishedView>[] =>
  of.owners.map(({ owner, certificates, problem }) => ({
    owner,
    domain: of.name,
    where: of.level.endsWith('dns') ? 'dns' : 'ldap',
    certificates: certificates.map(({ sha256, notAfter }) => ({ sha256, notAfter: iso(notAfter) })),
    problem: problem ?? null,
  }));

export const anchorView = z.strictObject({
  domain: z.string(),
  sha256: z.string(),
  subject: z.string(),
  notAfter: time,
  incoming: z.boolean(),
  outgoing: z.boolean(),
});
export const toAnchor = (row: HeldAnchor): z.output<typeof anchorView> => ({
  domain: row.domain,
  sha256: row.sha256,
  subject: formatName(row.certificate.subject),
  notAfter: iso(row.certificate.notAfter),
  incoming: row.incoming === 1,
  outgoing: row.outgoing === 1,
});

export const subscriptionView = z.strictObject({
  id: z.string(),
  title: z.string(),
  url: z.string(),
  intervalMinutes: z.number(),
  unauthenticated: z.boolean(),
  domains: z.array(z.strictObject({ domain: z.string(), incoming: z.boolean(), outgoing: z.boolean() })),
});
export const toSubscription = (row: StoredSubscription): z.output<typeof subscriptionView> => ({
  id: row.id,
  title: row.title,
  url: row.url,
  intervalMinutes: row.interval_ms / 60_000,
  unauthenticated: row.unauthenticated === 1,
  domains: row.domains.map(({ domain, incoming, outgoing }) => ({
    domain,
    incoming: incoming === 1,
    outgoing: outgoing === 1,
  })),
});

export const settingView = z.strictObject({
  key: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
  default: z.union([z.string(), z.number(), z.boolean()]),
  meaning: z.string(),
});

export const auditView = z.strictObject({
  n: z.number(),
  at: time,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  organization: orNull,
  detail: z.unknown(),
  previous: z.string(),
  hash: z.string(),
});
export const toAudit = ({ at, detail, ...row }: AuditEntry): z.output<typeof auditView> => ({
  ...row,
  at: iso(at),
  detail: JSON.parse(detail),
});

const causes = z.array(z.looseObject({ code: z.string() }));
export const quarantineView = z.strictObject({
  message: z.string(),
  address: z.string(),
  at: time,
  causes,
});
export const queueView = z.strictObject({
  message: z.string(),
  direction: z.enum(['in', 'out']),
  kind: z.string(),
  from: z.string(),
  to: z.string(),
  stage: z.string(),
  since: time,
  attempts: z.number(),
  next: time.nullable(),
  causes,
});
export const toQueue = (row: QueueRow): z.output<typeof queueView> => ({
  message: row.message_id,
  direction: row.direction,
  kind: row.kind,
  from: row.envelope_from,
  to: row.address,
  stage: row.stage,
  since: iso(row.received_at),
  attempts: row.attempts,
  next: row.next_at === null ? null : iso(row.next_at),
  causes: row.causes === null ? [] : JSON.parse(row.causes),
});

const counts = {
  organizations: z.number(),
  domains: z.number(),
  addresses: z.number(),
  sent: z.number(),
  failed: z.number(),
  received: z.number(),
};
export const reportView = z.strictObject({
  since: time,
  own: z.strictObject(counts),
  connected: z.array(z.strictObject({ hisp: z.string(), ...counts })),
});

export const itemView = z.strictObject({
  id: z.number(),
  mailbox: z.string(),
  kind: z.enum(['message', 'mdn', 'dsn']),
  from: z.string(),
  subject: z.string(),
  messageId: orNull,
  at: time,
  octets: z.number(),
  seen: z.boolean(),
});
export const toItem = (item: MailboxItem): z.output<typeof itemView> => ({
  id: item.id,
  mailbox: item.address,
  kind: item.kind,
  from: item.sender,
  subject: item.subject,
  messageId: item.internet_id,
  at: iso(item.received_at),
  octets: item.size,
  seen: item.flags.split(' ').includes('\\Seen'),
});
export const letterView = z.strictObject({
  ...itemView.shape,
  to: z.array(z.string()),
  text: z.string(),
  attachments: z.array(
    z.strictObject({ name: z.string(), type: z.string(), octets: z.number(), content: z.base64() }),
  ),
});

const fateView = z.strictObject({
  address: z.string(),
  state: z.string(),
  ended: z.boolean().describe('No more comes, but a late negative notice'),
  attempts: z.number(),
  again: z
    .strictObject({ at: time.nullable(), until: time })
    .optional()
    .describe('While it is under way: when it is tried again, and when that ends'),
  cause: z
    .strictObject({ code: z.string(), sentence: z.string(), advice: z.string().optional() })
    .optional()
    .describe('`advice`: what the sender can do, once it has failed'),
  timeline: z.array(z.strictObject({ at: time, event: z.string(), detail: z.string() })),
});
export const sentView = z.strictObject({
  id: z.string(),
  from: z.string(),
  messageId: orNull,
  subject: z.string(),
  at: time,
  recipients: z.array(fateView),
});
const toFate = ({ stage: _, timeline, again, ...row }: RecipientFate): z.output<typeof fateView> => ({
  ...row,
  ...(again
    ? { again: { at: again.nextAt === null ? null : iso(again.nextAt), until: iso(again.until) } }
    : {}),
  ended: row.state !== 'open',
  timeline: timeline.map((one) => ({ ...one, at: iso(one.at) })),
});
export const toSent = (letter: SentLetter): z.output<typeof sentView> => ({
  ...letter,
  at: iso(letter.at),
  recipients: letter.recipients.map(toFate),
});
