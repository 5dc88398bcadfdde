/**
 * Categories of entities that checks ask for, by their names in the list of policy identifiers: never constants here.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { POLICY_FILE, policyFileSchema } from '../../rule/certificate/policy-oids.ts';

const { policies } = policyFileSchema.parse(parse(readFileSync(POLICY_FILE, 'utf8')));

/** The identifier that a policy of the list has. @throws {Error} when the list does not have it */
export function policyNamed(name: string): string {
  const oid = policies[name];
  if (oid === undefined) throw new Error(`${POLICY_FILE} has no policy "${name}"`);
  return oid;
}

const NAMED = new Map(Object.entries(policies).map(([name, oid]) => [oid, name]));

/** The name that the list gives an identifier: `covered-entity`. */
export const policyName = (oid: string): string | undefined => NAMED.get(oid);
