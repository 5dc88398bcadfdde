/**
 * A configuration file with every key, its default and its meaning, written from the schema itself.
 *
 * @module
 */
import { z } from 'zod';
import { configSchema } from './schema.ts';

const HEAD = [
  '# Anchorage. Every key is optional; what stands here is the default.',
  '# Save as anchorage.yaml, or name the file with --config. Check it: anchorage config check FILE',
];

/** How a key without a telling default is written, shown behind its meaning. */
const SHOWN: Readonly<Record<string, string>> = {
  'network.file': './network.yaml',
  'network.enrollment': './enrollment',
  'network.bundles': './bundles',
  'network.routes': '[{ from: "mx.hospital.example:25", to: "127.0.0.1:2526" }]',
  'network.resolvers': '["192.0.2.53:53"]',
  'network.anchors': '[{ file: ./their-anchor.pem, direction: both }]',
  'network.allowPrivate': '["127.0.0.1"]',
  'watch.webhook': '{ url: "https://ops.example/alerts", secretFile: ./webhook.secret }',
  signers: '[{ hisp: lakeshore, at: /run/anchorage/signer.sock, tokenFile: ./signer.token }]',
};

/** YAML text that `config check` accepts and that changes nothing. */
export function exampleConfig(): string {
  return [...HEAD, ...section(configSchema, configSchema.parse({}), '', '')].join('\n').concat('\n');
}

function section(schema: z.ZodObject, values: object, path: string, indent: string): string[] {
  const lines: string[] = [];
  for (const [key, field] of Object.entries(schema.shape)) {
    const inner = plain(field as z.ZodType);
    const value = (values as Record<string, unknown>)[key];
    const name = path ? `${path}.${key}` : key;
    if (inner instanceof z.ZodObject && value !== undefined) {
      lines.push('', `${indent}${key}:`, ...section(inner, value as object, name, `${indent}  `));
      continue;
    }
    const shown = SHOWN[name];
    lines.push(`${indent}# ${(field as z.ZodType).description ?? key}${shown ? `. For example:` : ''}`);
    if (shown) lines.push(`${indent}# ${key}: ${shown}`);
    if (Array.isArray(value)) lines.push(`${indent}${key}: []`);
    else if (value !== undefined) lines.push(`${indent}${key}: ${String(value)}`);
  }
  return lines;
}

function plain(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
    ? plain(schema.unwrap() as z.ZodType)
    : schema;
}
