/**
 * How values of an attribute compare: most by caseIgnore rules, telephone numbers without blanks and hyphens, names as
 * names.
 *
 * @module
 */
import { comparable } from './attributes.ts';
import { normalDn } from './dn.ts';
import { LdapError } from './error.ts';

/** telephoneNumberMatch (RFC 4517 §4.2.29). */
const TELEPHONE: ReadonlySet<string> = new Set(['telephonenumber', 'homephone', 'mobile', 'pager']);
/** distinguishedNameMatch (RFC 4517 §4.2.15). */
const NAMES: ReadonlySet<string> = new Set(['seealso', 'manager', 'secretary']);

/**
 * A value so that equal ones of this type are equal strings. What is no name compares as text.
 *
 * @param type lower-case name, as `describeAttribute` gives it
 */
export function comparableAs(type: string, value: string): string {
  if (TELEPHONE.has(type)) return value.toLowerCase().replaceAll(/[ -]/g, '');
  if (!NAMES.has(type)) return comparable(value);
  try {
    return normalDn(value);
  } catch (error) {
    if (error instanceof LdapError) return comparable(value);
    throw error;
  }
}

/** Whether parts of values can be looked for: there is no substring rule for names. */
export const hasSubstrings = (type: string): boolean => !NAMES.has(type);
