/**
 * What may be asked of tenancy: the forms that pages, the HTTP API and the command line share.
 *
 * @module
 */
import { z } from 'zod';
import { parseAddress } from '../../mail/address.ts';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './password.ts';

const id = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'expected a short name of a-z, 0-9 and hyphen, such as lakeside',
  )
  .describe('Short name of a-z, 0-9 and hyphen');
const text = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'expected some text')
    .max(most)
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'expected one line of text');
const domainName = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'expected a domain name, such as direct.clinic.example',
  );
const address = z
  .string()
  .trim()
  .toLowerCase()
  .max(320)
  .refine((value) => {
    const parsed = parseAddress(value);
    return parsed !== undefined && parsed.address.toLowerCase() === value && value.includes('@');
  }, 'expected a Direct address, such as name@direct.clinic.example');
const minutes = z.int().min(1).max(1440);
const password = z
  .string()
  .min(SHORTEST_PASSWORD, `expected at least ${SHORTEST_PASSWORD} characters`)
  .max(LONGEST_PASSWORD);
const accountName = z
  .string()
  .trim()
  .toLowerCase()
  .min(2)
  .max(320)
  .regex(/^[^\s:\u0000-\u001f]+$/, 'expected a name without blanks and colons');

export const organizationInput = z.strictObject({
  id,
  name: text(200),
  status: z.enum(['enabled', 'disabled']).default('enabled'),
  connectedHisp: text(200)
    .nullable()
    .default(null)
    .describe('The connected HISP it is with; null: a member of our own'),
});
export const organizationChange = z.strictObject({
  name: text(200).optional(),
  status: z.enum(['enabled', 'disabled']).optional(),
  connectedHisp: text(200).nullable().optional(),
});

const level = z
  .enum(['address-dns', 'domain-dns', 'address-ldap', 'domain-ldap'])
  .describe('One certificate for each address or for the domain, and where they are published');
const keyKinds = z
  .enum(['dual', 'pair'])
  .describe('One certificate for both uses, or one to sign and one to encrypt');

export const domainInput = z.strictObject({
  name: domainName,
  organization: id,
  status: z.enum(['NEW', 'ENABLED', 'DISABLED']).default('NEW'),
  certificates: level.default('address-dns'),
  keys: keyKinds.default('dual'),
  profile: z.enum(['1.2', '1.3']).default('1.3'),
  postmaster: address.nullable().default(null).describe('Default postmaster@ the domain'),
  unwrapped: z.enum(['refuse', 'accept']).nullable().default(null).describe('Null: as the settings'),
  revocation: z.enum(['require', 'soft']).nullable().default(null).describe('Null: as the settings'),
  processedMinutes: minutes.nullable().default(null).describe('Null: as the settings'),
  dispatchedMinutes: minutes.nullable().default(null).describe('Null: as the settings'),
});
export const domainChange = z.strictObject({
  status: z.enum(['NEW', 'ENABLED', 'DISABLED']).optional(),
  certificates: level.optional(),
  keys: keyKinds.optional(),
  profile: z.enum(['1.2', '1.3']).optional(),
  postmaster: address.nullable().optional(),
  unwrapped: z.enum(['refuse', 'accept']).nullable().optional(),
  revocation: z.enum(['require', 'soft']).nullable().optional(),
  processedMinutes: minutes.nullable().optional(),
  dispatchedMinutes: minutes.nullable().optional(),
});

export const addressInput = z.strictObject({
  address,
  displayName: text(200).nullable().default(null),
  status: z.enum(['enabled', 'disabled']).default('enabled'),
  aliasOf: address.nullable().default(null).describe('Mail goes to the mailbox of this address instead'),
  plusTags: z
    .enum(['accept', 'refuse'])
    .default('accept')
    .describe('Whether name+tag@domain is this address'),
});
export const addressChange = z.strictObject({
  displayName: text(200).nullable().optional(),
  status: z.enum(['enabled', 'disabled']).optional(),
  aliasOf: address.nullable().optional(),
  plusTags: z.enum(['accept', 'refuse']).optional(),
});

const role = z.enum(['operator', 'organization-administrator', 'user']);
export const accountInput = z.strictObject({
  name: accountName.describe('What is typed to sign in; often the address'),
  displayName: text(200).nullable().default(null),
  role: role.default('user'),
  organization: id.nullable().default(null).describe('Null for operators only'),
  addresses: z
    .array(address)
    .max(100)
    .default([])
    .describe('May be sent from and read; the first one is meant where one is'),
  password: password.optional().describe('Without it one is drawn, and told once'),
});
export const accountChange = z.strictObject({
  displayName: text(200).nullable().optional(),
  role: role.optional(),
  status: z.enum(['enabled', 'disabled']).optional(),
  addresses: z.array(address).max(100).optional(),
});
export const passwordInput = z.strictObject({
  password: password.optional().describe('Without it one is drawn, and told once'),
});
export const ownPasswordInput = z.strictObject({
  current: z.string().max(LONGEST_PASSWORD),
  password,
});

export const APP_EDGES = ['submission', 'pop3', 'imap', 'rest'] as const;
export const appPasswordInput = z.strictObject({
  label: text(100).describe('What it is for, such as the name of a program'),
  edges: z.array(z.enum(APP_EDGES)).min(1).max(APP_EDGES.length).describe('The ways in that it opens'),
});

export const keyInput = z.strictObject({
  owner: z.union([address, domainName]).describe('An address or a domain'),
  certificate: z.string().max(100_000).describe('The certificate, PEM'),
  privateKey: z.string().max(100_000).describe('The private key, PKCS #8 in PEM').optional(),
  purpose: z.enum(['sign', 'encrypt', 'dual']).default('dual'),
});
/** What an administrator can know; the rest is the business of authorities. */
export const REVOCATION_REASONS = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
] as const;

export const keyChange = z.strictObject({
  state: z.enum(['active', 'decrypt-only', 'revoked']),
  reason: z
    .enum(REVOCATION_REASONS)
    .optional()
    .describe('Of a revocation, as the revocation list of our own authority gives it (RFC 5280 §5.3.1)'),
});
export const keyOrder = z.strictObject({
  owner: z.union([address, domainName]).describe('An address or a domain that is enabled'),
});

export const anchorInput = z.strictObject({
  domain: domainName,
  certificate: z.string().max(100_000).describe('The CA certificate, PEM'),
  incoming: z.boolean().default(true),
  outgoing: z.boolean().default(true),
});

export const subscriptionInput = z.strictObject({
  id,
  title: text(200).optional(),
  url: z.url({ protocol: /^https?$/ }).max(2000),
  intervalMinutes: z.int().min(5).max(10_080).default(1440),
  pins: z
    .array(
      z.strictObject({
        certificate: z.string().max(100_000).describe('PEM'),
        as: z.enum(['signer', 'authority']).default('signer').describe('It signs bundles, or their signers'),
      }),
    )
    .max(10)
    .default([])
    .describe('Whose signature is taken; without any, https alone tells who speaks'),
  domains: z
    .array(
      z.strictObject({
        domain: domainName,
        incoming: z.boolean().default(true),
        outgoing: z.boolean().default(true),
      }),
    )
    .max(10_000)
    .default([])
    .describe('The domains that trust its anchors, and for which mail'),
  unauthenticated: z
    .boolean()
    .default(false)
    .describe('Take it by plain http and without a pinned signer: for test networks'),
});

export const messageInput = z.strictObject({
  from: address.optional().describe('Default: the first address of the account'),
  to: z.array(address).min(1).max(100),
  subject: z
    .string()
    .max(500)
    .regex(/^[^\u0000-\u001f\u007f]*$/, 'expected one line of text')
    .default(''),
  text: z.string().max(1_000_000).default(''),
  attachments: z
    .array(
      z.strictObject({
        name: text(200),
        type: z
          .string()
          .max(100)
          .regex(/^[\w.+-]+\/[\w.+-]+$/, 'expected a media type, such as application/pdf')
          .default('application/octet-stream'),
        content: z.base64().max(48_000_000).describe('The octets in base64'),
      }),
    )
    .max(20)
    .default([]),
  requestDelivery: z.boolean().default(true).describe('Ask for a dispatched notice as well'),
});

/** The words of zod for what does not fit, without what goes without saying: `expected number`. */
export const plainIssue = (message: string): string =>
  message.replace(/^Invalid (?:input|option): /, '').replace(/, received \w+$/, '');
