/**
 * The configuration of a running Anchorage: one YAML file, every key optional.
 *
 * @module
 */
import { z } from 'zod';
import { signerPlace } from '../custody/signer-place.ts';
import { domain, everyMinutes, webhookSchema } from './watch.ts';

const port = z.int().min(0).max(65_535);

const HOST_PORT = /^(\[[0-9a-f:.]+\]|[^\s:[\]]+):(\d{1,5})$/i;

const endpoint = z
  .string()
  .refine((text) => {
    const match = HOST_PORT.exec(text);
    return match !== null && Number(match[2]) <= 65_535;
  }, 'expected host:port, such as mx.example.org:25 or [2001:db8::1]:53')
  .transform((text) => {
    const match = HOST_PORT.exec(text)!;
    return { host: match[1]!.replace(/^\[|\]$/g, ''), port: Number(match[2]) };
  });

/** Where each server listens. Port 0 takes any free port. */
const listen = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address that every server listens on'),
  dns: port.default(5300).describe('DNS, over UDP and TCP'),
  ldap: port.default(3890).describe('LDAP of certificates'),
  directory: port.default(3891).describe('LDAP of the directory (StartTLS), for HISPs that participate'),
  directorys: port.default(6360).describe('LDAP of the directory (TLS)'),
  smtp: port.default(2525).describe('SMTP of the first HISP; the others take the ports after it'),
  submission: port
    .default(5870)
    .describe('Submission (STARTTLS) of the first HISP; the others take the ports after it'),
  submissions: port
    .default(4650)
    .describe('Submission (TLS) of the first HISP; the others take the ports after it'),
  pop3: port.default(1110).describe('POP3 (STLS) of the first HISP; the others take the ports after it'),
  pop3s: port.default(9950).describe('POP3 (TLS) of the first HISP; the others take the ports after it'),
  imap: port.default(1143).describe('IMAP (STARTTLS) of the first HISP; the others take the ports after it'),
  imaps: port.default(9930).describe('IMAP (TLS) of the first HISP; the others take the ports after it'),
  http: port.default(8081).describe('Issuer certificates, revocation lists and trust bundles over HTTP'),
  web: port.default(8080).describe('The pages and the HTTP API'),
});

const route = z.strictObject({
  from: endpoint.describe('A name or address and port of the field; the host may be *'),
  to: endpoint.describe('Where it really is'),
});

const anchor = z.strictObject({
  file: z.string().describe('The certificate, PEM or DER'),
  domains: z.array(z.string()).default([]).describe('Domains that trust it; none: all of this network'),
  direction: z.enum(['both', 'incoming', 'outgoing']).default('both').describe('For which mail'),
});

const network = z.strictObject({
  file: z.string().optional().describe('The network to run; without it, the demo network'),
  enrollment: z
    .string()
    .optional()
    .describe(
      'Folder with participation-policy.md and identity-proofing.yaml; without it, those of the demo network',
    ),
  bundles: z
    .string()
    .optional()
    .describe('Folder of bundle definitions to publish; without it, those of the demo network'),
  routes: z
    .array(route)
    .default([])
    .describe('Names and ports of the field that are somewhere else on this machine'),
  resolvers: z
    .array(endpoint)
    .default([])
    .describe('Recursive name servers for names outside this network, in order'),
  anchors: z
    .array(anchor)
    .default([])
    .describe('CA certificates of others that the domains of this network trust, set by hand'),
  allowPrivate: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .default([])
    .describe('Private addresses that issuers and revocation lists may be fetched from'),
});

const signer = z.strictObject({
  hisp: z.string().describe('Id of the HISP in the network’s file'),
  at: z
    .string()
    .refine((text) => signerPlace(text) !== undefined, 'expected /path/of.sock or 127.0.0.1:PORT')
    .describe('Where the signer listens, on this machine'),
  tokenFile: z.string().optional().describe('File with the token that the signer wants to be shown'),
});

const limits = z.strictObject({
  messageBytes: z
    .int()
    .min(65_536)
    .max(134_217_728)
    .default(36_700_160)
    .describe('Largest message, in octets'),
  recipients: z.int().min(1).max(1000).default(100).describe('Recipients of one message'),
  connections: z.int().min(1).max(10_000).default(2500).describe('Open connections of one server'),
});

/** What the network keeps an eye on, beside its own domains. */
const watch = z.strictObject({
  everyMinutes: everyMinutes
    .default(15)
    .describe('Minutes between two looks at a domain; a tenth more or less'),
  domains: z.array(domain).default([]).describe('Domains of partners'),
  webhook: webhookSchema.optional().describe('Where changes are told beside the postmasters’ mailboxes'),
});

/** The whole file. */
export const configSchema = z.strictObject({
  state: z.string().default('./.anchorage').describe('Folder of keys, certificates and mail'),
  listen: listen.prefault({}),
  network: network.prefault({}),
  limits: limits.prefault({}),
  signers: z
    .array(signer)
    .default([])
    .describe('External signers that hold keys of HISPs whose certificates stand in the store without a key'),
  watch: watch.prefault({}),
});

export type Config = z.output<typeof configSchema>;
export type Listen = Config['listen'];

/** Ports that lie together above `base`: the well-known number of each protocol is added. */
export function listenAbove(base: number, listen: Listen): Listen {
  return {
    ...listen,
    smtp: base + 25,
    submissions: base + 465,
    submission: base + 587,
    pop3: base + 110,
    // not 995: the HISPs after the first take the ports after that of imaps
    pop3s: base + 1095,
    imap: base + 143,
    imaps: base + 993,
    dns: base + 53,
    web: base + 80,
    http: base + 81,
    ldap: base + 389,
    directory: base + 1389,
    directorys: base + 636,
  };
}
