/**
 * Names of certificate policies, from a data file.
 *
 * @module
 */
import { join } from 'node:path';
import { z } from 'zod';
import { readYamlFile } from '../../config/read.ts';
import { nearest } from '../../outcome/nearest.ts';
import { Failure } from '../failure.ts';

const OID = /^[0-2](\.\d+)+$/;
export const POLICY_FILE = join(import.meta.dirname, '../../../zones/policies.yaml');

const schema = z.strictObject({
  /** Where the identifiers are from, and when that was looked up. */
  source: z.string(),
  recorded: z.coerce.string(),
  policies: z.record(z.string(), z.string().regex(OID, 'expected a dotted object identifier')),
});

/** Identifiers of the policies that were named; an identifier stands for itself. @throws {ConfigError} @throws {Failure} */
export function policyOids(named: readonly string[], file: string = POLICY_FILE): string[] {
  if (named.every((name) => OID.test(name))) return [...named];
  const { policies } = readYamlFile(file, schema);
  return named.map((name) => {
    const oid = OID.test(name) ? name : policies[name];
    if (oid !== undefined) return oid;
    const near = nearest(name, Object.keys(policies));
    throw new Failure(`${file} knows no policy ${name}`, {
      hint: near === undefined ? `It knows ${Object.keys(policies).join(', ')}.` : `Did you mean ${near}?`,
      exitCode: 2,
    });
  });
}
