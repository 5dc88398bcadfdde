/**
 * Policy identifiers of DirectTrust (REQ-CERT-06), from the file that `anchorage cert issue --policy` takes its names from.
 * Which of them are in force is not known to us, so that the list has to be held against the certificate policy before a
 * claim of conformance.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** Names of policies, with source and date. */
export const POLICY_FILE = join(import.meta.dirname, '../../../zones/policies.yaml');

export const policyFileSchema = z.strictObject({
  /** Where the identifiers are from, and when that was looked up. */
  source: z.string(),
  recorded: z.coerce.string(),
  /** Dotted identifiers by name. */
  policies: z.record(z.string(), z.string().regex(/^[0-2](\.\d+)+$/, 'expected a dotted object identifier')),
});

const { recorded, policies: named } = policyFileSchema.parse(parse(readFileSync(POLICY_FILE, 'utf8')));

const ARC = '1.3.6.1.4.1.41179';

export const POLICY_OIDS = {
  recorded,
  arc: ARC,
  /** Arc of the versions of the certificate policy. */
  version: `${ARC}.0`,
  /** Arc of the levels of assurance. */
  assurance: `${ARC}.1`,
  /** Arc of the kinds of entity. */
  category: `${ARC}.2`,
  /** Those that we have a meaning for. */
  known: new Set(Object.values(named)) as ReadonlySet<string>,
} as const;

/** The policies that lie below an arc. */
export const policiesUnder = (policies: readonly string[], arc: string): string[] =>
  policies.filter((oid) => oid.startsWith(`${arc}.`));
