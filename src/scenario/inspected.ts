/**
 * What was seen of the servers of a publisher when they were asked in every way: facts, judged elsewhere.
 *
 * @module
 */
import { z } from 'zod';

const head = {
  step: z.literal('inspect'),
  id: z.string(),
  part: z.enum(['main', 'control']),
  name: z.string(),
};

const dnsExchange = z.object({
  about: z.enum(['soa', 'cert', 'case', 'aaaa', 'unknown-type', 'any', 'empty', 'missing']),
  server: z.string(),
  name: z.string(),
  type: z.string(),
  transport: z.enum(['udp', 'tcp']),
  /** Size offered; null: without EDNS. */
  edns: z.int().nullable(),
  event: z.int(),
  /** No answer: why. */
  error: z.string().optional(),
  rcode: z.string(),
  truncated: z.boolean(),
  authoritative: z.boolean(),
  /** Records of the type asked; for ANY, of all types. */
  records: z.int(),
  /** Digest of these records, in any order and with any TTL. */
  digest: z.string(),
  ttl: z.int().optional(),
  serial: z.int().optional(),
  /** Size of the answer. */
  octets: z.int(),
  /** Whether the answer repeats the question in the letters in which it was asked. */
  sameCase: z.boolean(),
  /** Whether it carries an OPT record, or a SOA record in its authority section. */
  opt: z.boolean(),
  soa: z.boolean(),
});

export const inspectedDnsSchema = z.object({
  ...head,
  of: z.literal('dns'),
  /** The zone that the name lies in; none was found when it is missing. */
  zone: z.string().optional(),
  servers: z.array(z.object({ name: z.string(), addresses: z.array(z.string()) })),
  exchanges: z.array(dnsExchange),
});

const ldapSearch = z.object({
  /** a: (mail=value); b: with the presence of a certificate. */
  filter: z.enum(['a', 'b']),
  base: z.string(),
  attribute: z.string(),
  result: z.string(),
  entries: z.int(),
  /** Names of certificate attributes, as the server spells them. */
  names: z.array(z.string()),
  certificates: z.int(),
  event: z.int(),
});

export const inspectedLdapSchema = z.object({
  ...head,
  of: z.literal('ldap'),
  service: z.string(),
  /** Why the SRV records could not be had. */
  error: z.string().optional(),
  event: z.int(),
  targets: z.array(
    z.object({
      server: z.string(),
      target: z.string(),
      priority: z.int(),
      weight: z.int(),
      port: z.int(),
      alias: z.boolean(),
      addresses: z.array(z.string()),
    }),
  ),
  /** One for each address of each target. */
  servers: z.array(
    z.object({
      server: z.string(),
      /** Why there was no conversation, or why it ended. */
      error: z.string().optional(),
      bind: z.string().optional(),
      root: z.string().optional(),
      contexts: z.array(z.string()),
      searches: z.array(ldapSearch),
    }),
  ),
});

/** What a stranger was let do at one LDAP server. */
const exposure = z.object({
  server: z.string(),
  /** Why there was no conversation, or why it ended. */
  error: z.string().optional(),
  event: z.int(),
  /** A search for every entry that has an address. */
  list: z.object({ result: z.string(), entries: z.int() }).optional(),
  /** All attributes of the entry asked for. */
  attributes: z.array(z.string()).optional(),
  /** Result of each attempt to change something. */
  changes: z.array(z.object({ op: z.string(), result: z.string() })),
  /** Searches for addresses in a row, and how many were answered with success. */
  burst: z.object({ asked: z.int(), answered: z.int(), results: z.array(z.string()) }).optional(),
});

export const inspectedExposureSchema = z.object({
  ...head,
  of: z.literal('exposure'),
  servers: z.array(exposure),
});

export const inspectedMailSchema = z.object({
  ...head,
  of: z.literal('mail'),
  domain: z.string(),
  outcome: z.enum(['found', 'none', 'unknown']),
  why: z.string().optional(),
  /** Whether MX records lead there, or the address of the domain itself. */
  byMx: z.boolean(),
  hosts: z.array(
    z.object({
      host: z.string(),
      address: z.string(),
      greeting: z.string().optional(),
      hello: z.string().optional(),
      error: z.string().optional(),
      event: z.int(),
    }),
  ),
});

export type InspectedDns = z.infer<typeof inspectedDnsSchema>;
export type DnsFact = InspectedDns['exchanges'][number];
export type InspectedLdap = z.infer<typeof inspectedLdapSchema>;
export type LdapFact = InspectedLdap['servers'][number];
export type InspectedExposure = z.infer<typeof inspectedExposureSchema>;
export type ExposureFact = InspectedExposure['servers'][number];
export type InspectedMail = z.infer<typeof inspectedMailSchema>;
