/**
 * A trust network as data: communities, the HISPs in them, organizations and their addresses.
 *
 * Everything that `up` serves (zones, certificates, LDAP entries, bundles, mailboxes) is made from this one file.
 *
 * @module
 */
import { join } from 'node:path';
import { z } from 'zod';
import { isNpi } from '../directory/npi.ts';
import { nearest } from '../outcome/nearest.ts';
import { accreditationSchema } from '../trust/accreditation.ts';
import { ConfigError, type Problem } from './error.ts';
import { readYamlFile } from './read.ts';

const label = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected a short name of a-z, 0-9 and hyphen');
const domain = z
  .string()
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/, 'expected a domain name');
const ipv4 = z.ipv4({ error: 'expected an IPv4 address' });

const community = z.strictObject({
  title: z.string(),
  /** What the community is for, in one sentence. */
  purpose: z.string().default(''),
});

const hisp = z.strictObject({
  title: z.string(),
  place: z.string().default(''),
  /** The HISP's own domain; its servers are ns, mx, ldap and pki in it. */
  domain,
  /** Addresses of the field; routes lead from them to this machine. */
  addresses: z.strictObject({ ns: ipv4, mx: ipv4, ldap: ipv4, pki: ipv4 }),
  /** Communities whose bundle carries this HISP's anchor. */
  member: z.array(label).default([]),
  /** Communities whose bundle this HISP takes its anchors from. */
  subscribes: z.array(label).default([]),
  /** Leaves are issued by an intermediate that peers have to fetch (AIA). */
  intermediate: z.boolean().default(false),
  /** Its accreditation records, as stated by the operator. */
  accreditation: z.array(accreditationSchema).default([]),
});

/** Where and for what an organization's certificates are published; the four levels of certificate discovery. */
export const LEVELS = ['address-dns', 'domain-dns', 'address-ldap', 'domain-ldap'] as const;

/** Who may see an entry of the directory; what nothing is said of is for participants. */
export const DIRECTORY_CHOICES = ['public', 'participants', 'never'] as const;

const npi = z.string().refine(isNpi, 'expected an NPI: ten digits, the last one the right check digit');
const specialty = z.string().regex(/^[0-9A-Z]{9}X$/, 'expected a NUCC taxonomy code, such as 207Q00000X');
const choice = z.enum(DIRECTORY_CHOICES);

const person = z.strictObject({
  local: z.string().regex(/^[a-z0-9]([a-z0-9._+-]{0,62}[a-z0-9])?$/, 'expected a local part in lower case'),
  name: z.string(),
  role: z.string().default(''),
  /** For the directory: what kind of address it is; without it, a person where the name ends in a title. */
  kind: z.enum(['person', 'organisation', 'department', 'device', 'patient']).optional(),
  npi: npi.optional(),
  specialty: specialty.optional(),
  /** Instead of what is said of the organization. */
  directory: choice.optional(),
});

const organization = z.strictObject({
  name: z.string(),
  kind: z.enum(['clinic', 'hospital', 'lab', 'pharmacy', 'public-health', 'imaging', 'home-care']),
  place: z.string(),
  domain,
  hisp: label,
  certificates: z.enum(LEVELS),
  /** For the directory. City and state come from `place`. Telephone numbers as they were given: E.164 is a check. */
  npi: npi.optional(),
  specialty: specialty.optional(),
  street: z.string().optional(),
  zip: z.string().optional(),
  phone: z.string().optional(),
  fax: z.string().optional(),
  directory: choice.optional(),
  addresses: z.array(person).min(1),
});

const pair = z.strictObject({ from: z.string(), to: z.string(), lesson: z.string() });

export const networkSchema = z.strictObject({
  title: z.string(),
  communities: z.record(label, community),
  hisps: z.record(label, hisp),
  /** Policy identifiers in the certificates of organizations and addresses (REQ-CERT-06). */
  policies: z.array(z.string().regex(/^[0-2](\.\d+)+$/, 'expected a dotted object identifier')).default([]),
  organizations: z.array(organization),
  /** The pair that the home page asks about. */
  broken: pair.optional(),
});

export type NetworkDefinition = z.output<typeof networkSchema>;
export type HispDefinition = NetworkDefinition['hisps'][string];
export type OrganizationDefinition = NetworkDefinition['organizations'][number];
export type CertificateLevel = (typeof LEVELS)[number];

/** The demo network that is part of Anchorage. */
export const DEMO_NETWORK = join(import.meta.dirname, '../../zones/demo/network.yaml');

/**
 * Reads a network and checks that its names fit together.
 *
 * @throws {ConfigError} with every mistake
 */
export function loadNetwork(file: string = DEMO_NETWORK): NetworkDefinition {
  const network = readYamlFile(file, networkSchema);
  const problems = inconsistencies(network, file);
  if (problems.length > 0) throw new ConfigError('invalid', problems);
  return network;
}

function inconsistencies(network: NetworkDefinition, file: string): Problem[] {
  const problems: Problem[] = [];
  const known = (path: string, word: string, words: readonly string[], what: string) => {
    if (words.includes(word)) return;
    const near = nearest(word, words);
    const expected = `${what}: one of ${words.join(', ')}`;
    problems.push({
      file,
      path,
      found: JSON.stringify(word),
      expected,
      ...(near === undefined ? {} : { nearest: near }),
    });
  };
  const communities = Object.keys(network.communities);
  for (const [id, one] of Object.entries(network.hisps)) {
    for (const list of ['member', 'subscribes'] as const) {
      for (const [i, name] of one[list].entries()) {
        known(`hisps.${id}.${list}[${i}]`, name, communities, 'a community');
      }
    }
  }
  const seen = new Set<string>();
  const once = (path: string, word: string) => {
    if (seen.has(word)) problems.push({ file, path, found: `${word} a second time`, expected: 'it once' });
    seen.add(word);
  };
  for (const [i, one] of network.organizations.entries()) {
    known(`organizations[${i}].hisp`, one.hisp, Object.keys(network.hisps), 'a HISP');
    once(`organizations[${i}].domain`, one.domain);
    for (const [j, address] of one.addresses.entries()) {
      once(`organizations[${i}].addresses[${j}].local`, `${address.local}@${one.domain}`);
    }
  }
  if (network.broken) {
    known('broken.from', network.broken.from, [...seen], 'an address of this network');
    known('broken.to', network.broken.to, [...seen], 'an address of this network');
  }
  return problems;
}

/** Every address with its organization, in the order of the file. */
export function addressesOf(network: NetworkDefinition) {
  return network.organizations.flatMap((organization) =>
    organization.addresses.map((person) => ({
      address: `${person.local}@${organization.domain}`,
      person,
      organization,
    })),
  );
}
