/**
 * What `anchorage watch` watches: one YAML file.
 *
 * @module
 */
import { dirname, isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { readYamlFile } from './read.ts';

export const domain = z
  .string()
  .toLowerCase()
  .regex(
    /^[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)+$/,
    'expected a domain such as direct.clinic.example',
  );

const address = z
  .string()
  .regex(/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/, 'expected an address such as name@direct.clinic.example');

/** Minutes between two looks: the servers are other people’s, so not too often. */
export const everyMinutes = z.int().min(5).max(10_080);

const server = z
  .string()
  .regex(/^(\[[0-9a-f:.]+\]|[^\s:[\]]+):\d{1,5}$/i, 'expected host:port, such as mail.example.org:25')
  .transform((text) => ({
    host: text.slice(0, text.lastIndexOf(':')).replace(/^\[|\]$/g, ''),
    port: Number(text.slice(text.lastIndexOf(':') + 1)),
  }));

export const webhookSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .describe('Where alerts are posted; plain http only where nobody listens'),
  secretFile: z.string().describe('A file with the shared secret, at least 32 characters'),
  allowPrivate: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .default([])
    .describe('Addresses that are not public and are posted to all the same'),
});

const mail = z.strictObject({
  to: z.array(address).min(1).max(20).describe('Who is told, one message each'),
  from: address.describe('As whom'),
  server: server.describe('The SMTP server that takes the mail'),
  tls: z.enum(['required', 'opportunistic', 'never']).default('opportunistic').describe('STARTTLS'),
});

const bundle = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected a short name of a-z, 0-9 and hyphen'),
  title: z.string().optional(),
  url: z.url({ protocol: /^https?$/ }),
  signer: z.string().optional().describe('The certificate that signs it, PEM or DER'),
  unauthenticated: z
    .boolean()
    .default(false)
    .describe('Take it over plain http and unsigned; test networks only'),
});

/** The file. */
export const watchSchema = z.strictObject({
  state: z.string().default('./.anchorage-watch').describe('Folder of history, and of the bundles'),
  everyMinutes: everyMinutes
    .default(60)
    .describe('Minutes between two looks at a domain; a tenth more or less'),
  concurrency: z.int().min(1).max(32).default(4).describe('Domains that are looked at at one time'),
  confirm: z
    .int()
    .min(1)
    .max(10)
    .default(2)
    .describe('How often in a row silence or a closed port is seen before it is told'),
  as: domain.default('watch.invalid').describe('As whom mail servers are greeted'),
  domains: z
    .array(
      z.strictObject({
        domain,
        kind: z.enum(['own', 'partner']).default('partner'),
        address: address.optional().describe('An address to search for; without it, the domain'),
      }),
    )
    .min(1)
    .max(1000),
  anchors: z.array(z.string()).default([]).describe('Files of anchors that judge, PEM or DER'),
  bundles: z.array(bundle).max(50).default([]).describe('Bundles whose anchors judge'),
  resolvers: z.array(server).default([]).describe('Name servers to ask; none: those of the system'),
  routes: z
    .array(z.strictObject({ from: server, to: server }))
    .default([])
    .describe('Names and ports of the field that are somewhere else'),
  allowPrivate: z
    .array(z.union([z.ipv4(), z.ipv6()]))
    .default([])
    .describe('Addresses that are not public and are called all the same'),
  alerts: z.strictObject({ mail: mail.optional(), webhook: webhookSchema.optional() }).prefault({}),
});

export type WatchConfig = z.output<typeof watchSchema>;

/** Paths in the file are relative to it. @throws {ConfigError} */
export function loadWatch(file: string): WatchConfig {
  const config = readYamlFile(file, watchSchema);
  const beside = (path: string) => (isAbsolute(path) ? path : resolve(dirname(file), path));
  const { webhook } = config.alerts;
  return {
    ...config,
    state: beside(config.state),
    anchors: config.anchors.map(beside),
    bundles: config.bundles.map((one) => ({ ...one, ...(one.signer ? { signer: beside(one.signer) } : {}) })),
    alerts: {
      ...config.alerts,
      ...(webhook ? { webhook: { ...webhook, secretFile: beside(webhook.secretFile) } } : {}),
    },
  };
}
