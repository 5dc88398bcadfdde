/**
 * All compliance rules, in the order of directory §4.
 *
 * @module
 */
import type { ComplianceRule } from './rule.ts';
import { addr } from './rules/addr.ts';
import { baorg } from './rules/baorg.ts';
import { certbad } from './rules/certbad.ts';
import { domain } from './rules/domain.ts';
import { dup } from './rules/dup.ts';
import { endptver } from './rules/endptver.ts';
import { misscert } from './rules/misscert.ts';
import { missent } from './rules/missent.ts';
import { name } from './rules/name.ts';
import { nonascii } from './rules/nonascii.ts';
import { npi } from './rules/npi.ts';
import { phone } from './rules/phone.ts';
import { pubpatad } from './rules/pubpatad.ts';
import { stale } from './rules/stale.ts';
import { state } from './rules/state.ts';
import { zip } from './rules/zip.ts';

export const COMPLIANCE_RULES: readonly ComplianceRule[] = [
  nonascii,
  phone,
  state,
  addr,
  zip,
  name,
  npi,
  dup,
  domain,
  baorg,
  missent,
  misscert,
  certbad,
  pubpatad,
  endptver,
  stale,
];
