/**
 * The shape of a scenario file. Published as JSON Schema in `scenarios/scenario.schema.json`.
 *
 * Texts may use `{D}` for the domain of the case and `{base}` for the domain that all cases of a run share.
 *
 * @module
 */
import { z } from 'zod';
import { bundleSchema, crashStep, fetchStep, probeStep, publishStep } from './bundle-schema.ts';
import { deliverStep } from './deliver-schema.ts';
import { inspectStep, lookupStep } from './hosting-schema.ts';
import { mailboxStep } from './mailbox-schema.ts';
import { clockStep, nodeStep, outageStep, readStep } from './notification-schema.ts';
import { authorityStep, keysStep, machineStep, ownSchema, zoneStep } from './own-schema.ts';
import { SAMPLES } from './samples/kinds.ts';
import { talkStep } from './talk-schema.ts';

const id = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'letters, digits and hyphens, starting with a letter');
const role = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'letters, digits and hyphens, starting with a letter');
const text = z.string().min(1);
const span = z.string().regex(/^\d+ (s|min|h|d)$/, 'a number and s, min, h or d, for example "3 min"');

/** Deliberate faults of a certificate. */
export const CERTIFICATE_FAULTS = [
  'expired',
  'not-yet-valid',
  'sign-only',
  'encrypt-only',
  'no-san',
  'ca',
  'rsa1024',
  'rsa2047',
  'sha1',
  'md5',
  'garbage',
  'anchor-ski',
  'wildcard',
] as const;

const certificate = z.strictObject({
  for: z
    .union([text, z.array(text).min(1)])
    .describe(
      'Address (rfc822Name) or domain (dNSName) in the subject alternative name; several with a list.',
    ),
  issuer: z.string().default('root').describe('An authority of this file.'),
  key: z
    .enum(['rsa2048', 'rsa4096', 'p256', 'p384'])
    .default('rsa2048')
    .describe('Kind of key. Keys come from a pool that all certificates of a run share.'),
  begins: span.optional().describe('From the beginning of the run on; long before it if absent.'),
  ends: span.optional().describe('From the beginning of the run on; long after it if absent.'),
  faults: z.array(z.enum(CERTIFICATE_FAULTS)).default([]),
  subjectEmail: text.optional().describe('emailAddress in the subject name.'),
  revoked: z
    .enum([
      'unspecified',
      'keyCompromise',
      'cessationOfOperation',
      'superseded',
      'certificateHold',
      'removeFromCRL',
    ])
    .optional()
    .describe('Listed in the issuer’s CRL with this reason.'),
  record: z
    .strictObject({
      keyTag: z.enum(['right', 'zero', 'wrong']).default('right'),
      oidPrefix: z
        .boolean()
        .default(false)
        .describe('RFC 4398 §2.1 length octet and OID in front of the DER.'),
      url: z
        .enum(['ipkix', 'uri', 'private'])
        .optional()
        .describe(
          'The record holds only where the certificate can be fetched. ipkix: type 4; uri: type 253; private: type 4, with an address of the machine of whoever fetches it.',
        ),
    })
    .optional()
    .describe('How the CERT record is written.'),
});

const authority = z.strictObject({
  issuer: z.string().optional().describe('Another authority of this file; none: self-signed.'),
  trusted: z.boolean().default(false).describe('An anchor of the hisps of this scenario.'),
  key: z.enum(['rsa2048', 'rsa1024', 'p256']).default('rsa2048'),
  negativeSerial: z.boolean().default(false),
  ca: z.boolean().default(true).describe('false: a mail certificate that issues all the same.'),
  crl: z
    .enum(['fresh', 'missing', 'late', 'stalled', 'expired', 'forged', 'foreign', 'large', 'indirect'])
    .default('fresh')
    .describe(
      'Its revocation list. late: not there for the first ten minutes; stalled: never renewed; forged: signed by another key; foreign: of another issuer; large: 100,000 entries; indirect: the root lists its certificates in a list of its own.',
    ),
  revoked: z.boolean().default(false).describe('Listed in its issuer’s revocation list.'),
  expired: z.boolean().default(false),
  pathLen: z.int().min(0).optional(),
  permits: z
    .array(text)
    .default([])
    .describe('Name constraint: the only domains whose names it may certify.'),
  aia: z
    .enum(['der', 'p7c', 'redirect', 'loop', 'file', 'loopback', 'huge', 'none'])
    .default('der')
    .describe(
      'What the URL in the certificates that it issues answers. loopback: it points at the machine of whoever fetches it; huge: 1 GB is announced, and comes.',
    ),
  sameAs: z
    .string()
    .optional()
    .describe('Another authority of this file, whose name and key it has: a cross-certificate.'),
});

const ldapEntry = z.strictObject({
  mail: text,
  certificates: z.array(role).default([]),
  values: z
    .enum(['both', 'plain', 'binary', 'odd-case'])
    .default('both')
    .describe('Attribute name the server gives.'),
  context: z.string().optional().describe('Naming context that holds the entry; the first one if absent.'),
});

const ldapServer = z.strictObject({
  entries: z.array(ldapEntry).default([]),
  state: z
    .enum([
      'serving',
      'closed',
      'silent',
      'no-address',
      'refuses-bind',
      'wants-tls',
      'no-bind',
      'partial',
      'refers',
      'drips',
      'endless',
      'nested',
    ])
    .default('serving')
    .describe(
      'closed: refuses connections; silent: accepts and never answers; drips: answers an octet a second; endless: with 50 MB; nested: with values in values, 10,000 deep; no-address: its name does not resolve; refuses-bind, wants-tls: refuses the anonymous bind, for good or without TLS; no-bind: knows no bind, and answers searches; partial: gives what it has with sizeLimitExceeded; refers: adds a reference to another server.',
    ),
  port: z.int().min(1).max(65_535).default(389),
  family: z.enum(['ipv4', 'ipv6']).default('ipv4').describe('The only address that it has.'),
  contexts: z.array(text).min(1).default(['o=directory']),
  denies: z.array(text).default([]).describe('Contexts that answer insufficientAccessRights.'),
  at: z
    .enum(['own', 'domain'])
    .default('own')
    .describe('domain: listens on the address that the domain itself has.'),
});

const dnsFault = z.strictObject({
  name: text.describe('Owner name below {D}, or @.'),
  type: z.enum(['CERT', 'SRV', 'A', 'any']).default('CERT'),
  give: z
    .enum([
      'truncated-empty',
      'truncated-at-512',
      'rotated',
      'servfail-thrice',
      'refused-thrice',
      'silent-over-udp',
      'noerror-empty',
      'formerr-for-edns',
      'fragments-lost',
      'forged-id',
      'forged-question',
      'forged-port',
      'stray-record',
    ])
    .describe(
      'truncated-empty: over UDP always TC=1 without records; truncated-at-512: over UDP never more than 512 octets, whatever EDNS says; rotated: another order of records each time; …-thrice: fails three times, then answers; silent-over-udp: answers over TCP alone; noerror-empty: NOERROR without records and without SOA; formerr-for-edns: refuses questions with EDNS; fragments-lost: UDP answers of more than 1232 octets do not come through; forged-…: before the right answer comes a forged one, with the records of the name "forged" below this one, and with another id, for another question or from another port; stray-record: the answer holds the records of that name beside its own.',
    ),
});

const mailServer = z.strictObject({
  state: z
    .enum(['taking', 'closed'])
    .default('taking')
    .describe('taking: takes any message and keeps it as evidence; closed: refuses connections.'),
  at: z
    .enum(['own', 'domain'])
    .default('own')
    .describe('Whether its address is published at a name of its own or at {D} itself.'),
  family: z.enum(['ipv4', 'ipv6']).default('ipv4').describe('The only address that it has.'),
});

const hisp = z.strictObject({
  domain: text,
  address: text.describe('IP address in the simulated network.'),
  behaviours: z.array(text).default([]),
});

export const networkSchema = z.strictObject({
  authorities: z.record(role, authority).default({}),
  certificates: z.record(role, certificate).default({}),
  zone: z.string().default('').describe('Records of {D} in master-file form; SOA, NS and MX are added.'),
  ldap: z.record(role, ldapServer).default({}),
  mail: z
    .record(role, mailServer)
    .default({})
    .describe('Mail servers of {D} beside that of the other HISP; their MX records stand in the zone.'),
  mx: z
    .enum(['peer', 'none'])
    .default('peer')
    .describe('The MX record that is added: that of the other HISP, with preference 10, or none.'),
  dns: z.array(dnsFault).default([]),
  bundles: z
    .record(role, bundleSchema)
    .default({})
    .describe('Trust bundles; with any, the system under test takes its anchors from them alone.'),
  own: ownSchema.prefault({}),
});

const send = z.strictObject({
  send: z.strictObject({
    id: z.string().default('message'),
    from: z.string().optional(),
    to: z.array(text).min(1),
    repeat: z.int().min(1).max(20_000).default(1),
    messageId: text.optional().describe('With angle brackets; otherwise each message has one of its own.'),
    content: z.enum(SAMPLES).default('text'),
    requests: z.boolean().default(false).describe('Asks for a notice of final delivery.'),
    blind: z.array(text).default([]).describe('Recipients that the header names in Bcc only.'),
  }),
});
const wait = z.strictObject({
  wait: span,
});
export const stepSchema = z.union([
  send,
  deliverStep,
  wait,
  publishStep,
  probeStep,
  crashStep,
  fetchStep,
  lookupStep,
  inspectStep,
  keysStep,
  authorityStep,
  machineStep,
  zoneStep,
  readStep,
  nodeStep,
  clockStep,
  outageStep,
  talkStep,
  mailboxStep,
]);

const checkId = z
  .string()
  .regex(
    /^([A-Za-z][A-Za-z0-9-]*\.)?[A-Za-z][A-Za-z0-9-]*$/,
    'letters, digits and hyphens; <case>.<check> when included',
  );

export const checkSchema = z.strictObject({
  check: checkId,
  that: z.string(),
  args: z.record(z.string(), z.json()).default({}),
  required: z.boolean().default(true),
  sees: z.enum(['outside', 'inside']).default('outside'),
});

const twin = z.strictObject({
  behaviour: z.string(),
  on: z.string().default('sut'),
  fails: z.array(checkId).min(1),
});

const shape = {
  title: text,
  why: text.describe('The rule in one or two sentences, and what goes wrong without it.'),
  cure: text.describe('What makes a system that fails pass.'),
  suite: z.enum([
    'discovery',
    'hosting',
    'receive',
    'send',
    'edges',
    'notification',
    'bundles',
    'trust',
    'drills',
  ]),
  group: text.default('General'),
  cites: z.array(text).default([]),
  profile: z.enum(['1.2', '1.3']).default('1.3'),
  sut: z.enum(['sender', 'receiver', 'publisher']).default('sender'),
  domain: z.string().describe('{D} is this label below {base}.').default(''),
  include: z
    .strictObject({
      cases: z.array(id).min(1).describe('Scenarios whose networks this one joins.'),
      checks: z.array(id).describe('Checks of theirs that are made here too, as <case>.<check>.'),
      domains: z
        .record(id, text)
        .default({})
        .describe('Label of {D} for a case, instead of its own; cases with one label share a domain.'),
      drop: z
        .array(z.string().regex(/^[^/]+\/[^/]+$/, '<case>/<role>'))
        .default([])
        .describe('Certificates of cases that are not published here.'),
    })
    .optional(),
  network: networkSchema.prefault({}),
  hisps: z.record(role, hisp).default({}),
  steps: z.array(stepSchema).min(1),
  expect: z.array(checkSchema).default([]),
  control: z
    .strictObject({ steps: z.array(stepSchema).min(1), expect: z.array(checkSchema).min(1) })
    .optional()
    .describe('Proves, on the same path in the same run, that silence means refusal.'),
  twins: z.array(twin).default([]),
  limits: z
    .strictObject({ virtual: z.string().default('2 h'), real: z.string().default('30 s') })
    .prefault({}),
};

/** A scenario as it runs: a file with one of its variants laid over it. */
export const scenarioSchema = z.strictObject({ id, ...shape });

/** A scenario as it is written. */
export const scenarioFileSchema = z.strictObject({
  $schema: z.string().optional(),
  id,
  ...shape,
  variants: z
    .record(z.string(), z.record(z.string(), z.json()))
    .optional()
    .describe('Each is laid over the file: objects are merged, everything else is replaced.'),
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioFile = z.infer<typeof scenarioFileSchema>;
export type Network = z.infer<typeof networkSchema>;
export type CertificateFixture = z.infer<typeof certificate>;
export type AuthorityFixture = z.infer<typeof authority>;
export type LdapServerFixture = z.infer<typeof ldapServer>;
export type DnsFault = z.infer<typeof dnsFault>;
export type Step = z.infer<typeof stepSchema>;
export type Check = z.infer<typeof checkSchema>;
export type Twin = Scenario['twins'][number];

/** Milliseconds of `"3 min"`. The schema has seen to the form. */
export function duration(text: string): number {
  const [amount, unit] = text.split(' ');
  return (
    Number(amount) * { s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }[unit as 's' | 'min' | 'h' | 'd']
  );
}
