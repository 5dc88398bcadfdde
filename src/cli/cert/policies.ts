/**
 * Names of certificate policies, from a data file.
 *
 * @module
 */
import { readYamlFile } from '../../config/read.ts';
import { nearest } from '../../outcome/nearest.ts';
import { POLICY_FILE, policyFileSchema } from '../../rule/certificate/policy-oids.ts';
import { Failure } from '../failure.ts';

const OID = /^[0-2](\.\d+)+$/;

/** Identifiers of the policies that were named; an identifier stands for itself. @throws {ConfigError} @throws {Failure} */
export function policyOids(named: readonly string[], file: string = POLICY_FILE): string[] {
  if (named.every((name) => OID.test(name))) return [...named];
  const { policies } = readYamlFile(file, policyFileSchema);
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
